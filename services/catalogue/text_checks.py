"""Texts that name what nothing fills in."""

from collections.abc import Collection
from typing import Final

from events.text import Text
from services.catalogue.findings import Check, Finding, Findings, placed_texts
from services.catalogue.mistakes import suggestion
from services.catalogue.promises import PLACEHOLDER, known_placeholders
from services.catalogue.service import Service

FILLED: Final = frozenset({"subject", "receipt", "next_steps"})
ALONE: Final = Text(
    da="En krøllet parentes står alene.",
    en="A curly bracket stands alone.",
)
AROUND_NAMES: Final = Text(
    da="Krøllede parenteser står kun om navnet på det, der udfyldes.",
    en="Curly brackets only go around the name of what is filled in.",
)


def sections_read(section: str) -> frozenset[str]:
    """The sections that must be sound before the placeholders of one can be judged."""
    return frozenset({section, "form", "kind", "deadlines"} if section in FILLED else {section})


def placeholders(section: str) -> Check:
    def check(service: Service) -> Findings:
        known = known_placeholders(service) if section in FILLED else frozenset[str]()
        for place, text in placed_texts(getattr(service, section), (section,)):
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    message = Text(
                        da=f"'{{{name}}}' udfyldes ikke af noget.",
                        en=f"Nothing fills '{{{name}}}'.",
                    )
                    yield Finding(place, message, suggestion(name, known, _advice(known)))
            if {"{", "}"} & set(PLACEHOLDER.sub("", text)):
                yield Finding(place, ALONE, AROUND_NAMES)

    return check


def _advice(known: Collection[str]) -> Text:
    names = ", ".join(sorted(known))
    if not names:
        return Text(
            da="I denne tekst kan intet udfyldes.",
            en="This text takes none.",
        )
    return Text(da=f"Her kan stå: {names}.", en=f"Known here: {names}.")
