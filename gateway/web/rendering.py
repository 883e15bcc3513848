"""Templates to pages: escaped, in one language, with a policy that lets nothing else run."""

import gzip
import secrets
from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from gateway.headers import SAFE_HEADERS
from gateway.language import Language, in_language
from gateway.web.assets import Assets, takes_gzip
from gateway.web.words import (
    ago,
    clock,
    clock_of,
    days,
    how_large,
    how_long,
    money,
    month,
    points,
    translations,
    until,
    when,
    when_of,
)
from services.catalogue.form import Option
from services.catalogue.service import Service

TEMPLATES: Final = Path(__file__).parent / "templates"
NONCE_BYTES: Final = 16
PACKED_TO: Final = 5
"""The level of gzip: a page takes a millisecond, and the next level saves no packet."""


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.filters["when"] = partial(when, language=language)
    environment.filters["as_options"] = partial(_as_options, language=language)
    environment.filters["until"] = partial(until, language=language)
    environment.filters["money"] = partial(money, language=language)
    environment.filters["ago"] = partial(ago, language=language)
    environment.filters["clock"] = clock
    environment.filters["days"] = partial(days, language=language)
    environment.filters["points"] = partial(points, language=language)
    environment.filters["month"] = partial(month, language=language)
    environment.filters["clock_of"] = clock_of
    environment.filters["when_of"] = partial(when_of, language=language)
    environment.filters["how_long"] = partial(how_long, language=language)
    environment.filters["read"] = partial(in_language, language=language)
    environment.filters["labelled"] = partial(_labelled, language=language)
    environment.filters["size"] = partial(how_large, language=language)
    return environment


def rendered(
    request: Request,
    name: str,
    language: Language,
    assets: Assets,
    *,
    status: int = 200,
    framed_by: Sequence[str] = (),
    has_frames: bool = False,
    **values: object,
) -> HTMLResponse:
    """A page of the template `name`; `framed_by` are the sites that may show it in a frame, and
    `has_frames` one that shows something of ours in one.

    Scripts and styles are our own files, or carry the nonce of this very answer (CSP Level 3).
    """
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    template = _environment(language).get_template(name)
    page = template.render(language=language, assets=assets, nonce=nonce, **values)
    framing = " ".join(framed_by) or "'none'"
    framed = "'self'" if has_frames else "'none'"
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-src {framed}; "
        f"frame-ancestors {framing}"
    )
    safe = {name.decode(): value.decode() for name, value in SAFE_HEADERS}
    headers = {**safe, "content-security-policy": policy, "content-language": str(language)}
    headers["vary"] = f"{headers['vary']}, Accept-Encoding"
    if not takes_gzip(request):
        return HTMLResponse(page, status, headers=headers)
    headers["content-encoding"] = "gzip"
    return HTMLResponse(gzip.compress(page.encode(), PACKED_TO, mtime=0), status, headers=headers)


def _labelled(options: Sequence[Option], language: Language) -> list[tuple[str, str]]:
    return [(option.value, option.label.read_in(language.value)) for option in options]


def _as_options(services: Iterable[Service], language: Language) -> list[tuple[str, str]]:
    return [(each.id, each.title.read_in(language.value)) for each in services]
