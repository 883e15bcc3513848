"""The rules of a decision: what must come before it, what it must say, and when it takes effect."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, assert_never

from aggregates import case_deadlines
from aggregates.case_information import nothing_awaited
from aggregates.case_party_hearing import (
    heard_or_exempted,
    no_open_round,
    require_decided_kind,
)
from aggregates.case_state import Case, Decided, Dispatched, require_open
from aggregates.day_counting import count, next_working_day
from aggregates.requirement import Requirement, require
from commands.case_deadline import DaysOff
from commands.case_decision import (
    CorrectDecision,
    DecisionCommand,
    DispatchDecision,
    RecordDecision,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseKind
from events.case_deadline import DeadlineKind
from events.case_decision import (
    AppealGuidance,
    DecisionCorrected,
    DecisionDispatched,
    DecisionEvent,
    DecisionRecorded,
    Outcome,
)
from events.ids import DecisionId

_GIVEN: Final = frozenset({Outcome.GRANTED, Outcome.PARTLY_GRANTED})
_OF_APPLICATION: Final = _GIVEN | {Outcome.REFUSED, Outcome.DISMISSED}
_OUTCOMES: Final[Mapping[CaseKind, frozenset[Outcome]]] = {
    CaseKind.APPLICATION: _OF_APPLICATION,
    CaseKind.ACCESS_REQUEST: _OF_APPLICATION,
    CaseKind.NOTICE: frozenset({Outcome.GRANTED, Outcome.PROHIBITED, Outcome.DISMISSED}),
}
_KEPT_BY_DISPATCH: Final = (
    DeadlineKind.FIRST_REPLY,
    DeadlineKind.PROCESSING,
    DeadlineKind.OBJECTION,
)


def decide(command: DecisionCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    require_decided_kind(case)
    match command:
        case RecordDecision():
            return _record(command, case)
        case DispatchDecision():
            return _dispatch(command, case)
        case CorrectDecision():
            return _correct(command, case)
        case _:
            assert_never(command)


def _record(command: RecordDecision, case: Case) -> list[CaseEvent]:
    if command.outcome not in outcomes(case):
        raise Refused("outcome-not-for-kind", "A case of this kind has no such outcome.")
    require(requirements(case, command.outcome))
    _require_content(command)
    return [
        DecisionRecorded(
            case_id=command.case_id,
            decision=command.decision,
            outcome=command.outcome,
            legal_basis=command.legal_basis,
            grounds=command.grounds,
            conditions=command.conditions,
            appeal=command.appeal,
            no_appeal=command.no_appeal if command.appeal is None else None,
            needs_completion=command.needs_completion and command.outcome in _GIVEN,
            decided_on=command.decided_on,
        )
    ]


def requirements(case: Case, outcome: Outcome) -> Sequence[Requirement]:
    """What must have happened before anything is decided."""
    undecided = Requirement(
        Refused("case-already-decided", "Correct the decision, or reopen the case."),
        is_met=case.decision is None,
    )
    not_accepted = Requirement(
        Refused("notice-already-accepted", "Nobody objected in time."),
        is_met=not case.is_tacitly_accepted,
    )
    complete = Requirement(
        Refused("application-not-complete", "Declare the application complete first."),
        is_met=case.works.is_complete,
    )
    is_permit = outcome in _GIVEN and case.kind is CaseKind.APPLICATION
    return (
        undecided,
        *((not_accepted,) if case.kind is CaseKind.NOTICE else ()),
        nothing_awaited(case),
        no_open_round(case),
        *((complete,) if is_permit else ()),
        heard_or_exempted(case, outcome),
    )


def outcomes(case: Case) -> Sequence[Outcome]:
    """Those that a case of this kind may have, in the order that they are declared in."""
    possible = frozenset[Outcome]() if case.kind is None else _OUTCOMES.get(case.kind, frozenset())
    return [each for each in Outcome if each in possible]


def _require_content(command: RecordDecision) -> None:
    """What a written decision must say, unless the party got all it asked for.

    Forvaltningsloven §§ 22 and 24 (grounds) and § 25 (appeal guidance).
    """
    if not command.legal_basis.strip():
        raise Refused("legal-basis-missing", "Name the rule that the decision rests on.")
    if any(not condition.strip() for condition in command.conditions):
        raise Refused("condition-empty", "A condition says what must be done.")
    if command.outcome is Outcome.GRANTED and not command.conditions:
        return
    if not command.grounds.strip():
        raise Refused("grounds-missing", "A decision against the party has its grounds.")
    appeal = command.appeal
    if appeal is None and not (command.no_appeal or "").strip():
        raise Refused("appeal-guidance-missing", "Say to whom and how long it may be appealed.")
    if appeal is not None and not (
        (appeal.days is None or appeal.days > 0)
        and appeal.body.strip()
        and appeal.text.strip()
        and appeal.basis.strip()
    ):
        raise Refused("appeal-guidance-incomplete", "Body, way, period and rule belong to it.")


def _dispatch(command: DispatchDecision, case: Case) -> list[CaseEvent]:
    decided = _require_decision(case, command.decision)
    if decided.is_dispatched:
        return []
    if command.dispatched_on < decided.decided_on:
        raise Refused("dispatch-before-decision", "A decision is sent once it is made.")
    dispatched = DecisionDispatched(
        case_id=command.case_id,
        decision=command.decision,
        channel=command.channel,
        dispatched_on=command.dispatched_on,
        appeal_until=_appeal_until(decided, case, command),
    )
    kept = [
        fulfilled
        for kind in _KEPT_BY_DISPATCH
        for fulfilled in case_deadlines.fulfil(command.case_id, case, kind, command.dispatched_on)
    ]
    return [dispatched, *kept]


def _appeal_until(decided: Decided, case: Case, command: DispatchDecision) -> date | None:
    if decided.appeal is None:
        return None
    if decided.keeps_appeal_until and case.dispatched is not None:
        return case.dispatched.appeal_until
    return appeal_end(decided.appeal, command.dispatched_on, command.days_off)


def appeal_end(appeal: AppealGuidance, dispatched_on: date, days_off: DaysOff) -> date | None:
    """The last day of the appeal period, which runs from dispatch and never before.

    None where the law sets no limit.
    """
    if appeal.days is None:
        return None
    last = count(dispatched_on, appeal.days, appeal.unit, days_off)
    return next_working_day(last, days_off) if appeal.rolls else last


def _correct(command: CorrectDecision, case: Case) -> list[CaseEvent]:
    _require_decision(case, command.decision)
    if not command.correction.strip():
        raise Refused("correction-missing", "Say what is put right.")
    return [
        DecisionCorrected(
            case_id=command.case_id,
            decision=command.decision,
            correction=command.correction,
            restarts_appeal=command.restarts_appeal,
            corrected_on=command.corrected_on,
        )
    ]


def _require_decision(case: Case, decision: DecisionId) -> Decided:
    if case.decision is None or case.decision.decision != decision:
        raise Refused("decision-not-found", "The case has no such decision.")
    return case.decision


def evolve(case: Case, event: DecisionEvent) -> Case:
    match event:
        case DecisionRecorded():
            decided = Decided(
                decision=event.decision,
                outcome=event.outcome,
                decided_on=event.decided_on,
                appeal=event.appeal,
                needs_completion=event.needs_completion,
            )
            return replace(case, decision=decided)
        case DecisionDispatched():
            known = Dispatched(decision=event.decision, appeal_until=event.appeal_until)
            sent = None if case.decision is None else replace(case.decision, is_dispatched=True)
            return replace(case, decision=sent, dispatched=known)
        case DecisionCorrected():
            if case.decision is None:
                return case
            corrected = replace(
                case.decision,
                is_dispatched=False,
                keeps_appeal_until=not event.restarts_appeal
                and (case.decision.is_dispatched or case.decision.keeps_appeal_until),
            )
            return replace(case, decision=corrected)
        case _:
            assert_never(event)
