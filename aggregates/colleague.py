"""The rules of a colleague's absence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from aggregates.decider import Decider
from commands.colleague import CancelAbsence, ColleagueCommand, RecordAbsence
from commands.refusal import Refused
from events.colleague import AbsenceCancelled, AbsenceRecorded, ColleagueEvent
from events.ids import AbsenceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    absences: Mapping[AbsenceId, Days] = field(default_factory=dict)
    cancelled: frozenset[AbsenceId] = frozenset()


def decide(command: ColleagueCommand, colleague: Colleague) -> list[ColleagueEvent]:
    match command:
        case RecordAbsence():
            return _record(command, colleague)
        case CancelAbsence():
            return _cancel(command, colleague)
        case _:
            assert_never(command)


def evolve(colleague: Colleague, event: ColleagueEvent) -> Colleague:
    match event:
        case AbsenceRecorded():
            days = Days(first=event.first_day, last=event.last_day)
            return replace(colleague, absences={**colleague.absences, event.absence: days})
        case AbsenceCancelled():
            rest = {each: d for each, d in colleague.absences.items() if each != event.absence}
            return Colleague(absences=rest, cancelled=colleague.cancelled | {event.absence})
        case _:
            assert_never(event)


def _record(command: RecordAbsence, colleague: Colleague) -> list[ColleagueEvent]:
    if command.last_day < command.first_day:
        raise Refused("absence-backwards", "The last day is before the first.")
    if command.last_day < command.today:
        raise Refused("absence-past", "The absence is over already.")
    if command.substitute == command.colleague:
        raise Refused("substitute-oneself", "Nobody stands in for themselves.")
    for days in colleague.absences.values():
        # One substitute a day, or nobody could say whose the cases are.
        if command.first_day <= days.last and days.first <= command.last_day:
            raise Refused(
                "absence-overlaps",
                "Another absence is recorded for some of these days.",
                first_day=days.first.isoformat(),
                last_day=days.last.isoformat(),
            )
    return [
        AbsenceRecorded(
            colleague=command.colleague,
            absence=command.absence,
            first_day=command.first_day,
            last_day=command.last_day,
            substitute=command.substitute,
        )
    ]


def _cancel(command: CancelAbsence, colleague: Colleague) -> list[ColleagueEvent]:
    if command.absence in colleague.cancelled:
        return []
    if command.absence not in colleague.absences:
        raise Refused("absence-not-found", "The colleague has no such absence.")
    return [AbsenceCancelled(colleague=command.colleague, absence=command.absence)]


decider = Decider(initial=Colleague(), decide=decide, evolve=evolve)
