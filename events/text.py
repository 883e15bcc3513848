"""Words as they were shown to people, kept with the fact that showed them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same sentence in the two languages of the platform."""

    da: str
    en: str
