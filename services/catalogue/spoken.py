"""Answers and days as people write them, in both languages."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from events.case import AnswerValue
from events.day_unit import DayUnit
from services.catalogue.form import (
    AmountField,
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    FormField,
)
from services.catalogue.words import Language
from services.deadlines import Period

MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "da": (
        *("januar", "februar", "marts", "april", "maj", "juni"),
        *("juli", "august", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
DAYS: Final[dict[Language, dict[DayUnit, tuple[str, str]]]] = {
    "da": {
        DayUnit.CALENDAR_DAYS: ("dag", "dage"),
        DayUnit.WORKING_DAYS: ("arbejdsdag", "arbejdsdage"),
    },
    "en": {
        DayUnit.CALENDAR_DAYS: ("day", "days"),
        DayUnit.WORKING_DAYS: ("working day", "working days"),
    },
}
YES_NO: Final[dict[Language, tuple[str, str]]] = {"da": ("ja", "nej"), "en": ("yes", "no")}

_DANISH_POINTS: Final = str.maketrans(",.", ".,")


def answer_words(asked: FormField, value: AnswerValue, language: Language) -> str:
    """An answer as its form words it: labels for options, days and amounts written out."""
    match asked, value:
        case ChoiceField() | ChoicesField(), str() | tuple():
            labels = {option.value: option.label.read_in(language) for option in asked.options}
            return ", ".join(labels.get(chosen, chosen) for chosen in _each(value))
        case DateField(), str():
            return date_words(date.fromisoformat(value), language)
        case AmountField(), str():
            return amount_words(value, language)
        case DecimalField(), str() if language == "da":
            return value.replace(".", ",")
        case _:
            return _plain(value, language)


def date_words(day: date, language: Language) -> str:
    """`2. november 2026`, `2 November 2026`."""
    month = MONTHS[language][day.month - 1]
    return f"{day.day}. {month} {day.year}" if language == "da" else f"{day.day} {month} {day.year}"


def period_words(period: Period, language: Language) -> str:
    """`40 dage`, `1 working day`."""
    one, several = DAYS[language][period.unit]
    return f"{period.days} {one if period.days == 1 else several}"


def amount_words(amount: str, language: Language) -> str:
    """Danish kroner: `1.250,50 kr.`, `DKK 1,250.50`."""
    grouped = f"{Decimal(amount):,}"
    return f"{grouped.translate(_DANISH_POINTS)} kr." if language == "da" else f"DKK {grouped}"


def _plain(value: AnswerValue, language: Language) -> str:
    match value:
        case bool():
            yes, no = YES_NO[language]
            return yes if value else no
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _each(value: str | tuple[str, ...]) -> Iterable[str]:
    return (value,) if isinstance(value, str) else value
