"""From the appeal guidance of the catalogue to that which a decision carries, and is read by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from events.case_decision import AppealGuidance
from events.day_unit import DayUnit
from services.catalogue import appeal
from services.catalogue.spoken import date_words
from services.catalogue.words import Language

LAST_DAY_TO_COME: Final[dict[Language, str]] = {
    "da": "klagefristens sidste dag",
    "en": "the last day of the period for appeals",
}
"""Stands for the day in what is recorded, for it is known only when the decision is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The guidance as it is read; `language` is that of `body` and `text`."""

    body: str
    text: str
    language: Language


def guidance(known: appeal.AppealGuidance) -> AppealGuidance:
    """In Danish, the language that decisions are made in."""
    period = known.deadline
    return AppealGuidance(
        basis=known.source,
        body=known.body.da,
        text=_text(known, None, "da"),
        days=None if period is None else period.days,
        unit=DayUnit.CALENDAR_DAYS if period is None else period.unit,
        rolls=period is not None and period.rolls,
    )


def told(
    given: AppealGuidance,
    until: date | None,
    language: Language,
    known: Iterable[appeal.AppealGuidance],
) -> Told:
    """The guidance of a decision with its last day, if there is one by now.

    What was given is the Danish. In another language it can be read as long as the catalogue still
    says the very same; where a caseworker has written it out, or the law has changed since, it
    stays in Danish.
    """
    if language != "da":
        for each in known:
            if guidance(each) == given:
                text = _text(each, until, language)
                return Told(body=each.body.read_in(language), text=text, language=language)
    text = given.text
    if until is not None:
        text = text.replace(LAST_DAY_TO_COME["da"], date_words(until, "da"))
    return Told(body=given.body, text=text, language="da")


def _text(known: appeal.AppealGuidance, until: date | None, language: Language) -> str:
    day = LAST_DAY_TO_COME[language] if until is None else date_words(until, language)
    text = known.text.read_in(language).replace(appeal.LAST_DAY, day)
    return f"{known.how.read_in(language)} {text}"
