"""What a submission is promised: receipt, next steps, deadlines, and what to bring."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from commands.case_deadline import Deadline
from events.case import Answer, AnswerValue, CaseKind, CaseOpened, NextStep, ThingToBring
from events.case_deadline import DeadlineKind
from events.text import Text
from services.catalogue.fee import Fee
from services.catalogue.service import CountedFrom, PromisedDeadline, Service, Span
from services.catalogue.spoken import answer_words, date_words, period_words
from services.catalogue.words import Language, Words
from services.deadlines import WorkCalendar, count

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is known when something is submitted, beside the answers.

    The days are Copenhagen's. A hearing's response has the hearing's title and last day, a
    meeting its day; `team` is the name of the team that receives it.
    """

    reference: str
    received_on: date
    team: Text
    calendar: WorkCalendar
    hearing: str | None
    hearing_closes_on: date | None
    meeting_on: date | None


OF_OCCASION: Final = frozenset({"reference", "received_on", "team"})
OF_KIND: Final[Mapping[CaseKind, frozenset[str]]] = {
    CaseKind.HEARING_RESPONSE: frozenset({"hearing", "hearing_closes_on"}),
    CaseKind.MEETING: frozenset({"meeting_on"}),
    CaseKind.COMPLAINT: frozenset[str](),
    CaseKind.APPLICATION: frozenset[str](),
    CaseKind.NOTICE: frozenset[str](),
    CaseKind.ACCESS_REQUEST: frozenset[str](),
}
OF_DEADLINE: Final[Mapping[DeadlineKind, str]] = {
    kind: f"{kind.replace('-', '_')}_period" for kind in DeadlineKind
}
"""The name of how long each kind of deadline lasts by the answers: »40 days«."""

TAKEN: Final = OF_OCCASION.union(*OF_KIND.values(), OF_DEADLINE.values())
"""Names that texts fill in, so that no field can have them."""


def known_placeholders(service: Service) -> frozenset[str]:
    """What the texts of a service may name: the occasion, and the answers that always exist."""
    always = {asked.field.id for asked in service.form.questions() if asked.is_certain}
    periods = {OF_DEADLINE[each.deadline] for each in service.deadlines}
    return OF_OCCASION | OF_KIND.get(service.kind, frozenset()) | always | periods


def things_to_bring(
    service: Service, answers: Sequence[Answer], received_on: date
) -> tuple[ThingToBring, ...]:
    given = _by_field(answers)
    return tuple(
        ThingToBring(what=thing.what.as_text(), why=thing.why.as_text())
        for thing in service.bring
        if all(condition.holds(given, received_on) for condition in thing.when)
    )


def fees(service: Service, answers: Sequence[Answer], received_on: date) -> tuple[Fee, ...]:
    given = _by_field(answers)
    return tuple(
        fee
        for fee in service.fees
        if all(condition.holds(given, received_on) for condition in fee.when)
    )


def next_steps(
    service: Service, answers: Sequence[Answer], occasion: Occasion
) -> tuple[NextStep, ...]:
    return tuple(
        NextStep(text=_filled(step.text, service, answers, occasion), by=_day(step.by, occasion))
        for step in service.next_steps
    )


def steps_ahead(service: Service, team: Text, language: Language) -> list[str]:
    """The next steps before anything is submitted: what only a submission knows is left open."""
    known = {"team": team.da if language == "da" else team.en}
    for kind, periods in _by_kind(service).items():
        if len(periods) == 1:
            known[OF_DEADLINE[kind]] = period_words(periods[0].period.period, language)
    return [
        PLACEHOLDER.sub(lambda found: known.get(found[1], "…"), step.text.read_in(language))
        for step in service.next_steps
    ]


def promised_deadlines(
    service: Service, answers: Sequence[Answer], received_on: date
) -> tuple[PromisedDeadline, ...]:
    """One of each kind: the first whose conditions hold for the answers, as on that day."""
    given = _by_field(answers)
    return tuple(
        next(each for each in several if all(one.holds(given, received_on) for one in each.when))
        for several in _by_kind(service).values()
    )


def deadlines(
    service: Service, answers: Sequence[Answer], occasion: Occasion
) -> tuple[Deadline, ...]:
    """Those whose day can be counted now."""
    return tuple(
        Deadline(deadline=promised.deadline, due_on=due_on, unit=promised.period.unit)
        for promised in promised_deadlines(service, answers, occasion.received_on)
        if (due_on := _day(promised.period, occasion)) is not None
    )


def deadlines_from_completion(
    service: Service, opened: CaseOpened, complete_on: date, calendar: WorkCalendar
) -> tuple[Deadline, ...]:
    """Those that run from the day an application is fully informed, by what it applies for."""
    return tuple(
        Deadline(
            deadline=promised.deadline,
            due_on=count(complete_on, promised.period.period, calendar),
            unit=promised.period.unit,
        )
        for promised in promised_deadlines(service, opened.answers, opened.received_on)
        if promised.period.after is CountedFrom.COMPLETE
    )


def receipt(service: Service, answers: Sequence[Answer], occasion: Occasion) -> Text:
    return _filled(service.receipt, service, answers, occasion)


def subject(service: Service, answers: Sequence[Answer], occasion: Occasion) -> str:
    """The case's line in lists and journals, in Danish."""
    return _fill(service.subject, service, answers, occasion, "da")


def _day(by: Span | str | None, occasion: Occasion) -> date | None:
    match by:
        case None:
            return None
        case Span():
            start = _start(by.after, occasion)
            return None if start is None else count(start, by.period, occasion.calendar)
        case named:
            return _start(CountedFrom(named), occasion)


def _start(event: CountedFrom, occasion: Occasion) -> date | None:
    match event:
        case CountedFrom.RECEIVED:
            return occasion.received_on
        case CountedFrom.HEARING_CLOSES:
            return occasion.hearing_closes_on
        case CountedFrom.MEETING:
            return occasion.meeting_on
        case CountedFrom.COMPLETE:
            return None
        case _:
            assert_never(event)


def _filled(words: Words, service: Service, answers: Sequence[Answer], occasion: Occasion) -> Text:
    return Text(
        da=_fill(words.da, service, answers, occasion, "da"),
        en=_fill(words.en, service, answers, occasion, "en"),
    )


def _fill(
    template: str,
    service: Service,
    answers: Sequence[Answer],
    occasion: Occasion,
    language: Language,
) -> str:
    def value(found: re.Match[str]) -> str:
        known = _of_occasion(found[1], occasion, language) or periods.get(found[1])
        return _of_form(found[1], service, answers, language) if known is None else known

    periods = {
        OF_DEADLINE[each.deadline]: period_words(each.period.period, language)
        for each in promised_deadlines(service, answers, occasion.received_on)
    }

    # One pass: what an answer says is never itself read as a template.
    return PLACEHOLDER.sub(value, template)


def _of_occasion(name: str, occasion: Occasion, language: Language) -> str | None:
    days = {
        "received_on": occasion.received_on,
        "hearing_closes_on": occasion.hearing_closes_on,
        "meeting_on": occasion.meeting_on,
    }
    words = {
        "reference": occasion.reference,
        "hearing": occasion.hearing,
        "team": occasion.team.da if language == "da" else occasion.team.en,
    }
    day = days.get(name)
    return words.get(name) if day is None else date_words(day, language)


def _of_form(name: str, service: Service, answers: Sequence[Answer], language: Language) -> str:
    asked = next(asked for asked in service.form.fields() if asked.id == name)
    value = next(answer.value for answer in answers if answer.field == name)
    return answer_words(asked, value, language)


def _by_kind(service: Service) -> dict[DeadlineKind, list[PromisedDeadline]]:
    kinds = dict.fromkeys(each.deadline for each in service.deadlines)
    return {kind: [each for each in service.deadlines if each.deadline is kind] for kind in kinds}


def _by_field(answers: Sequence[Answer]) -> dict[str, AnswerValue]:
    return {answer.field: answer.value for answer in answers}
