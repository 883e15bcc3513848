"""How an organisation looks on what it sends: its colour, its address and its mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import Field

from events.text import Text
from services.catalogue.mistakes import Mistake
from services.catalogue.words import Line, Part
from services.catalogue.yaml_file import YamlFile

LEAST_CONTRAST: Final = 4.5
"""Of text on white (WCAG 2.2, success criterion 1.4.3)."""
LARGEST_LOGO_BYTES: Final = 100_000

_LINEAR: Final = 0.04045
"""Below it, sRGB is a straight line (IEC 61966-2-1)."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = frozenset(
    {"svg", "g", "defs", "title", "desc", "clipPath", "linearGradient", "radialGradient", "stop"}
    | {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
"""Shapes only: text would need fonts, and anything else may run, load or differ by reader."""
_ELSEWHERE: Final = re.compile(r"url\((?!\s*['\"]?#)", re.IGNORECASE)


AS_SHAPES: Final = Text(
    da="Gem det som almindelig SVG, hvor tekster og effekter er lavet om til figurer.",
    en="Save it as plain SVG, with texts and effects turned into shapes.",
)


class LookDescription(Part):
    """What stands under `look` in `organisation.yaml`; `logo` is an SVG file beside it."""

    logo: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.svg$")] | None = None
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    address: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`colour` is `#rrggbb` and dark enough for text on white; `logo` is SVG, of shapes only."""

    colour: str
    address: tuple[str, ...]
    logo: str | None


def read_look(
    described: LookDescription | None, file: YamlFile
) -> tuple[Look | None, list[Mistake]]:
    """The look with the logo as it lies in the organisation's folder, or every mistake in it."""
    if described is None:
        return None, []
    mistakes: list[Mistake] = []
    if (contrast := contrast_on_white(described.colour)) < LEAST_CONTRAST:
        ratio, least = f"{contrast:.1f}", f"{LEAST_CONTRAST}"
        message = Text(
            da=f"Farvens kontrast mod hvid er {_comma(ratio)} til 1, og det er for lidt.",
            en=f"The colour has a contrast of {ratio} to 1 on white, which is too little.",
        )
        remedy = Text(
            da=f"Vælg en mørkere: mindst {_comma(least)} til 1 (WCAG 1.4.3).",
            en=f"Choose a darker one: at least {least} to 1 (WCAG 1.4.3).",
        )
        mistakes.append(file.mistake(("look", "colour"), message, remedy))
    logo: str | None = None
    if described.logo is not None:
        path = file.path.with_name(described.logo)
        if path.is_file():
            logo = path.read_text(encoding="utf-8", errors="replace")
            mistakes += _judged(path, logo)
        else:
            message = Text(
                da=f"Der er ingen fil '{described.logo}' her.",
                en=f"There is no file '{described.logo}' here.",
            )
            remedy = Text(da="Læg den ved siden af denne fil.", en="Put it beside this file.")
            mistakes.append(file.mistake(("look", "logo"), message, remedy))
    look = Look(colour=described.colour, address=described.address, logo=logo)
    return look, mistakes


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` on white, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= _LINEAR else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _judged(path: Path, logo: str) -> Iterator[Mistake]:
    """What keeps a logo from every letter: one mistake is enough to look at the file again."""
    if len(logo.encode()) > LARGEST_LOGO_BYTES:
        most = f"{LARGEST_LOGO_BYTES // 1000} KB"
        message = Text(da=f"Logoet fylder mere end {most}.", en=f"The logo has more than {most}.")
        yield Mistake(file=path, line=1, path="", message=message, remedy=AS_SHAPES)
    elif (strange := _strange(logo)) is not None:
        yield Mistake(file=path, line=1, path="", message=strange, remedy=AS_SHAPES)


def _strange(logo: str) -> Text | None:
    try:
        # A DOCTYPE may define entities that grow without bound; no drawing needs one.
        root = fromstring(logo, forbid_dtd=True)
    except DefusedXmlException:
        return Text(da="Logoet har en DOCTYPE.", en="The logo has a DOCTYPE.")
    except ParseError:
        return Text(da="Logoet er ikke XML.", en="The logo is not XML.")
    if root.tag != f"{_SVG}svg":
        return Text(da="Logoet er ikke SVG.", en="The logo is not SVG.")
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name not in _DRAWN:
            return Text(
                da=f"Logoet indeholder <{name}>, som ikke er en figur.",
                en=f"The logo has a <{name}>, which is no shape.",
            )
        for attribute, value in element.attrib.items():
            if attribute.startswith("on") or "href" in attribute or _ELSEWHERE.search(value):
                return Text(
                    da=f"Logoets <{name}> henviser ud af tegningen eller udfører noget.",
                    en=f"The logo's <{name}> points or acts beyond the drawing.",
                )
    return None


def _comma(number: str) -> str:
    return number.replace(".", ",")
