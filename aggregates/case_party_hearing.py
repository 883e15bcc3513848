"""The rules of hearing a party before a decision (partshøring, forvaltningsloven §§ 19-21)."""

from dataclasses import replace
from typing import Final, assert_never

from aggregates import case_deadlines
from aggregates.case_papers import require_on_case
from aggregates.case_state import (
    Case,
    HearingRound,
    require_new_documents,
    require_open,
    require_reachable,
    require_reason,
)
from commands.case_party_hearing import (
    AnswerPartyHearing,
    CloseExpiredPartyHearing,
    ExemptFromPartyHearing,
    OpenPartyHearing,
    PartyHearingCommand,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseKind
from events.case_deadline import DeadlineKind
from events.case_party_hearing import (
    HearingEnd,
    PartyHearingAnswered,
    PartyHearingClosed,
    PartyHearingEvent,
    PartyHearingExempted,
    PartyHearingOpened,
)

DECIDED: Final = frozenset({CaseKind.APPLICATION, CaseKind.NOTICE, CaseKind.ACCESS_REQUEST})
"""The kinds of case that end in a decision (afgørelse) of the authority's own."""


def decide(command: PartyHearingCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    require_decided_kind(case)
    match command:
        case OpenPartyHearing():
            return _open(command, case)
        case AnswerPartyHearing():
            return _answer(command, case)
        case CloseExpiredPartyHearing():
            return _close_expired(command, case)
        case ExemptFromPartyHearing():
            return _exempt(command, case)
        case _:
            assert_never(command)


def require_decided_kind(case: Case) -> None:
    if case.kind not in DECIDED:
        raise Refused("kind-not-decided", "This kind of case does not end in a decision.")


def require_no_open_round(case: Case) -> None:
    if case.hearing_round is not None:
        raise Refused("party-hearing-open", "The party is being heard; wait for the answer.")


def require_heard_or_exempted(case: Case) -> None:
    """Forvaltningsloven § 19: nothing is decided against a party who could not comment."""
    if not case.is_heard and not case.is_exempted:
        raise Refused(
            "party-hearing-missing", "Hear the party first, or record why that is not needed."
        )


def _open(command: OpenPartyHearing, case: Case) -> list[CaseEvent]:
    require_reachable(case.party)
    require_no_open_round(case)
    require_on_case(case, command.material)
    if not command.text.strip():
        raise Refused("party-hearing-empty", "Say what speaks against the party.")
    if command.due_on <= command.opened_on:
        raise Refused("due-date-not-ahead", "The party needs time; the last day is still to come.")
    opened = PartyHearingOpened(
        case_id=command.case_id,
        round=command.round,
        text=command.text,
        material=command.material,
        opened_on=command.opened_on,
        due_on=command.due_on,
    )
    first_reply = case_deadlines.fulfil(
        command.case_id, case, DeadlineKind.FIRST_REPLY, command.opened_on
    )
    return [opened, *first_reply]


def _answer(command: AnswerPartyHearing, case: Case) -> list[CaseEvent]:
    if case.hearing_round is None or case.hearing_round.round != command.round:
        raise Refused("party-hearing-not-open", "The party is not being heard about this now.")
    if not command.is_final and not command.text.strip() and not command.documents:
        raise Refused("party-answer-empty", "Write something, or say that you have nothing to add.")
    require_new_documents(case, command.documents)
    answered = PartyHearingAnswered(
        case_id=command.case_id,
        round=command.round,
        message=command.message,
        text=command.text,
        documents=command.documents,
        is_final=command.is_final,
    )
    if not command.is_final:
        return [answered]
    closed = PartyHearingClosed(
        case_id=command.case_id,
        round=command.round,
        because=HearingEnd.ANSWERED,
        closed_on=command.answered_on,
    )
    return [answered, closed]


def _close_expired(command: CloseExpiredPartyHearing, case: Case) -> list[CaseEvent]:
    running = case.hearing_round
    if running is None or running.round != command.round or command.today <= running.due_on:
        return []
    return [
        PartyHearingClosed(
            case_id=command.case_id,
            round=command.round,
            because=HearingEnd.EXPIRED,
            closed_on=command.today,
        )
    ]


def _exempt(command: ExemptFromPartyHearing, case: Case) -> list[CaseEvent]:
    """Forvaltningsloven § 19, stk. 2: the exception is written down with its reason."""
    require_no_open_round(case)
    require_reason(command.reason)
    return [
        PartyHearingExempted(case_id=command.case_id, ground=command.ground, reason=command.reason)
    ]


def evolve(case: Case, event: PartyHearingEvent) -> Case:
    match event:
        case PartyHearingOpened():
            # Whoever is heard anew was not heard about the new facts.
            running = HearingRound(round=event.round, due_on=event.due_on)
            return replace(case, hearing_round=running, is_heard=False, is_exempted=False)
        case PartyHearingAnswered():
            added = {document.document_id for document in event.documents}
            return replace(case, documents=case.documents | added)
        case PartyHearingClosed():
            return replace(case, hearing_round=None, is_heard=True)
        case PartyHearingExempted():
            return replace(case, is_exempted=True)
        case _:
            assert_never(event)
