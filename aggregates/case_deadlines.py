"""When a promise of time is kept and when it is broken, and when its clock stands still."""

from dataclasses import replace
from datetime import date
from typing import Final, assert_never

from aggregates.case_state import Case, Promise, require_open, require_reason
from aggregates.day_counting import shifted
from commands.case_deadline import DaysOff, DeadlineCommand, ExtendDeadline, MissDeadline
from commands.refusal import Refused
from events.case import CaseEvent
from events.case_deadline import (
    DeadlineEvent,
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineMissed,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_procedure import TacitlyAccepted
from events.ids import CaseId

STOPPED_BY_REQUESTS: Final = frozenset({DeadlineKind.PROCESSING, DeadlineKind.OBJECTION})
"""What cannot go on before the party has answered; a first reply can, and so can a complaint."""


def decide(command: DeadlineCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    match command:
        case MissDeadline():
            return _miss(command, case)
        case ExtendDeadline():
            return _extend(command, case)
        case _:
            assert_never(command)


def fulfil(case_id: CaseId, case: Case, kind: DeadlineKind, done_on: date) -> list[CaseEvent]:
    """What was promised is done; too late also when the clock has not said so yet."""
    promise = case.outstanding.get(kind)
    if promise is None:
        return []
    if promise.suspended_on is None and done_on > promise.due_on:
        return [DeadlineMissed(case_id=case_id, deadline=kind, due_on=promise.due_on)]
    return [DeadlineMet(case_id=case_id, deadline=kind)]


def suspend(case_id: CaseId, case: Case, today: date) -> list[CaseEvent]:
    """Stop the clocks that wait for the party; what is late already stays so."""
    return [
        DeadlineSuspended(case_id=case_id, deadline=kind, suspended_on=today)
        for kind, promise in case.outstanding.items()
        if kind in STOPPED_BY_REQUESTS and promise.suspended_on is None and today <= promise.due_on
    ]


def resume(case_id: CaseId, case: Case, today: date, days_off: DaysOff) -> list[CaseEvent]:
    """Let the stopped clocks run on, each with the days it had left."""
    return [
        DeadlineResumed(
            case_id=case_id,
            deadline=kind,
            resumed_on=today,
            due_on=shifted(promise.due_on, promise.suspended_on, today, promise.unit, days_off),
        )
        for kind, promise in case.outstanding.items()
        if promise.suspended_on is not None
    ]


def without_objection(case: Case) -> Case:
    return _without(case, DeadlineKind.OBJECTION)


def _miss(command: MissDeadline, case: Case) -> list[CaseEvent]:
    """The clock says that a day is over. Once, and never for what was done or missed before.

    An objection that nobody made is no promise broken: the notified activity may begin.
    """
    promise = case.outstanding.get(command.deadline)
    if promise is None or promise.suspended_on is not None or command.today <= promise.due_on:
        return []
    if command.deadline is DeadlineKind.OBJECTION:
        return [TacitlyAccepted(case_id=command.case_id, accepted_on=promise.due_on)]
    return [
        DeadlineMissed(case_id=command.case_id, deadline=command.deadline, due_on=promise.due_on)
    ]


def _extend(command: ExtendDeadline, case: Case) -> list[CaseEvent]:
    """Later, with the reason that the party is owed. An objection's day is the law's own."""
    promise = case.outstanding.get(command.deadline)
    if promise is None or command.deadline is DeadlineKind.OBJECTION:
        raise Refused("deadline-not-extendable", "The case has no such deadline to extend.")
    if promise.suspended_on is not None:
        raise Refused("deadline-suspended", "The clock stands still; it is counted anew later.")
    if command.due_on <= promise.due_on:
        raise Refused("extension-not-later", "An extension gives a later day.")
    require_reason(command.reason)
    return [
        DeadlineExtended(
            case_id=command.case_id,
            deadline=command.deadline,
            due_on=command.due_on,
            reason=command.reason,
        )
    ]


def evolve(case: Case, event: DeadlineEvent) -> Case:
    match event:
        case DeadlineSet():
            return _with(case, event.deadline, Promise(due_on=event.due_on, unit=event.unit))
        case DeadlineMet() | DeadlineMissed():
            return _without(case, event.deadline)
        case DeadlineSuspended():
            promise = case.outstanding[event.deadline]
            return _with(case, event.deadline, replace(promise, suspended_on=event.suspended_on))
        case DeadlineResumed():
            promise = case.outstanding[event.deadline]
            running = replace(promise, suspended_on=None, due_on=event.due_on)
            return _with(case, event.deadline, running)
        case DeadlineExtended():
            promise = case.outstanding[event.deadline]
            return _with(case, event.deadline, replace(promise, due_on=event.due_on))
        case _:
            assert_never(event)


def _with(case: Case, kind: DeadlineKind, promise: Promise) -> Case:
    return replace(case, outstanding={**case.outstanding, kind: promise})


def _without(case: Case, kind: DeadlineKind) -> Case:
    rest = {other: promise for other, promise in case.outstanding.items() if other != kind}
    return replace(case, outstanding=rest)
