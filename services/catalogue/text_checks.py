"""Texts that name what nothing fills in."""

from typing import Final

from services.catalogue.findings import Check, Finding, Findings, placed_texts
from services.catalogue.mistakes import suggestion
from services.catalogue.promises import PLACEHOLDER, known_placeholders
from services.catalogue.service import Service

FILLED: Final = frozenset({"subject", "receipt", "next_steps"})


def sections_read(section: str) -> frozenset[str]:
    """The sections that must be sound before the placeholders of one can be judged."""
    return frozenset({section, "form", "kind", "deadlines"} if section in FILLED else {section})


def placeholders(section: str) -> Check:
    def check(service: Service) -> Findings:
        known = known_placeholders(service) if section in FILLED else frozenset[str]()
        for place, text in placed_texts(getattr(service, section), (section,)):
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    names = ", ".join(sorted(known))
                    advice = f"Known here: {names}." if known else "This text takes none."
                    yield Finding(
                        place=place,
                        message=f"Nothing fills '{{{name}}}'.",
                        remedy=suggestion(name, known, advice),
                    )
            if {"{", "}"} & set(PLACEHOLDER.sub("", text)):
                yield Finding(
                    place=place,
                    message="A curly bracket stands alone.",
                    remedy="Curly brackets only go around the name of what is filled in.",
                )

    return check
