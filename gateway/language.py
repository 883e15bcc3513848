"""Danish or English, and dates as people say them."""

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from events.text import Text
from services.clock import COPENHAGEN


class Language(StrEnum):
    DANISH = "da"
    ENGLISH = "en"


_DAYS: Final = {
    Language.DANISH: ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    Language.ENGLISH: (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ),
}  # fmt: skip
_MONTHS: Final = {
    Language.DANISH: (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
        "oktober", "november", "december",
    ),
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip


@lru_cache(maxsize=512)
def choose(accept_language: str) -> Language:
    """The better liked of our two languages (RFC 9110 § 12.5.4); Danish when neither is named."""
    weights: dict[str, float] = {}
    for item in accept_language.split(","):
        tag, _, parameter = item.strip().partition(";")
        weight = _weight(parameter)
        primary = tag.strip().lower().partition("-")[0]
        weights[primary] = max(weight, weights.get(primary, 0.0))
    english = weights.get("en", 0.0)
    danish = weights.get("da", weights.get("*", 0.0))
    return Language.ENGLISH if english > danish else Language.DANISH


def language_of(scope: Scope) -> Language:
    """The language that a request asks for."""
    for name, value in scope["headers"]:
        if name == b"accept-language":
            return choose(value.decode("latin-1"))
    return Language.DANISH


def in_language(text: Text, language: Language) -> str:
    return text.da if language is Language.DANISH else text.en


def date_in_words(day: date, language: Language) -> str:
    """`tirsdag den 1. december 2026`, `Tuesday 1 December 2026`."""
    weekday = _DAYS[language][day.weekday()]
    month = _MONTHS[language][day.month - 1]
    if language is Language.DANISH:
        return f"{weekday} den {day.day}. {month} {day.year}"
    return f"{weekday} {day.day} {month} {day.year}"


def month_in_words(day: date, language: Language) -> str:
    """`november 2026`."""
    return f"{_MONTHS[language][day.month - 1]} {day.year}"


def time_in_words(moment: datetime, language: Language) -> str:
    """In Danish local time: `tirsdag den 1. december 2026 kl. 9.00`."""
    local = moment.astimezone(COPENHAGEN)
    day = date_in_words(local.date(), language)
    if language is Language.DANISH:
        return f"{day} kl. {local.hour}.{local.minute:02}"
    return f"{day} at {local.hour}:{local.minute:02}"


def in_words(value: str, language: Language) -> str:
    """An ISO 8601 date or time written out; anything else as it is."""
    try:
        if len(value) == len("2026-12-01"):
            return date_in_words(date.fromisoformat(value), language)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if moment.tzinfo is None else time_in_words(moment, language)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return max(0.0, min(1.0, float(value)))
    except ValueError:
        return 0.0
