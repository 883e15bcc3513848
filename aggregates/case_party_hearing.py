"""The rules of hearing a party before a decision (partshøring, forvaltningsloven §§ 19-21)."""

from dataclasses import replace
from datetime import date
from typing import assert_never

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
from aggregates.requirement import Requirement
from commands.case_party_hearing import (
    AnswerPartyHearing,
    CloseExpiredPartyHearing,
    ExemptFromPartyHearing,
    OpenPartyHearing,
    PartyHearingCommand,
)
from commands.refusal import Refused
from events.case import DECIDED, CaseEvent
from events.case_deadline import DeadlineKind
from events.case_decision import Outcome
from events.case_party_hearing import (
    HearingEnd,
    PartyHearingAnswered,
    PartyHearingClosed,
    PartyHearingEvent,
    PartyHearingExempted,
    PartyHearingOpened,
)
from events.ids import CaseId, PartyId


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


def no_open_round(case: Case) -> Requirement:
    return Requirement(
        Refused("party-hearing-open", "A party is being heard; wait for the answer."),
        is_met=not case.being_heard,
    )


def against(case: Case, outcome: Outcome | None) -> tuple[PartyId, ...]:
    """Whom a decision goes against, every party while its outcome is not known.

    Forvaltningsloven § 19, stk. 1, 2. pkt.: a party is heard about what is to its own detriment.
    Nothing is to that of whoever gets exactly what they asked for, and to hear them would be
    empty (stk. 2, nr. 1); a permit may well be to that of a neighbour, who asked for nothing.
    """
    if outcome is not Outcome.GRANTED:
        return case.parties.in_order
    applicants = case.parties.applicants
    return tuple(party for party in case.parties.in_order if party not in applicants)


def heard_or_exempted(case: Case, outcome: Outcome) -> Requirement:
    """Forvaltningsloven § 19: nothing is decided against a party who could not comment."""
    return Requirement(
        Refused(
            "party-hearing-missing",
            "Hear each party that it goes against, or record why that is not needed.",
        ),
        is_met=(case.heard | case.exempted).issuperset(against(case, outcome)),
    )


def _open(command: OpenPartyHearing, case: Case) -> list[CaseEvent]:
    parties = _those(case, command.parties) or against(case, command.planned)
    if not parties:
        raise Refused("party-hearing-needless", "Every party gets what it has asked for.")
    for party in parties:
        require_reachable(party)
    _require_not_being_heard(case, parties)
    require_on_case(case, command.material)
    if not command.text.strip():
        raise Refused("party-hearing-empty", "Say what speaks against the party.")
    if command.due_on <= command.opened_on:
        raise Refused("due-date-not-ahead", "The party needs time; the last day is still to come.")
    opened = [
        PartyHearingOpened(
            case_id=command.case_id,
            round=command.round,
            party=_joined(case, party),
            text=command.text,
            material=command.material,
            opened_on=command.opened_on,
            due_on=command.due_on,
        )
        for party in parties
    ]
    first_reply = case_deadlines.fulfil(
        command.case_id, case, DeadlineKind.FIRST_REPLY, command.opened_on
    )
    return [*opened, *first_reply]


def _answer(command: AnswerPartyHearing, case: Case) -> list[CaseEvent]:
    running = case.being_heard.get(command.party)
    if running is None or running.round != command.round:
        raise Refused("party-hearing-not-open", "The party is not being heard about this now.")
    if not command.is_final and not command.text.strip() and not command.documents:
        raise Refused("party-answer-empty", "Write something, or say that you have nothing to add.")
    require_new_documents(case, command.documents)
    answered = PartyHearingAnswered(
        case_id=command.case_id,
        round=command.round,
        party=_joined(case, command.party),
        message=command.message,
        text=command.text,
        documents=command.documents,
        is_final=command.is_final,
    )
    if not command.is_final:
        return [answered]
    closed = _closed(command.case_id, case, command.party, HearingEnd.ANSWERED, command.answered_on)
    return [answered, *closed]


def _close_expired(command: CloseExpiredPartyHearing, case: Case) -> list[CaseEvent]:
    return [
        closed
        for party, running in case.being_heard.items()
        if running.round == command.round and command.today > running.due_on
        for closed in _closed(command.case_id, case, party, HearingEnd.EXPIRED, command.today)
    ]


def given_up(case_id: CaseId, case: Case, party: PartyId, on: date) -> list[CaseEvent]:
    """Nobody waits any longer for what somebody who leaves the case would have said."""
    return _closed(case_id, case, party, HearingEnd.LEFT, on)


def _closed(
    case_id: CaseId, case: Case, party: PartyId, because: HearingEnd, on: date
) -> list[CaseEvent]:
    running = case.being_heard.get(party)
    if running is None:
        return []
    return [
        PartyHearingClosed(
            case_id=case_id,
            round=running.round,
            party=_joined(case, party),
            because=because,
            closed_on=on,
        )
    ]


def _exempt(command: ExemptFromPartyHearing, case: Case) -> list[CaseEvent]:
    """Forvaltningsloven § 19, stk. 2: the exception is written down with its reason."""
    parties = _those(case, command.parties) or case.parties.in_order
    _require_not_being_heard(case, parties)
    require_reason(command.reason)
    return [
        PartyHearingExempted(
            case_id=command.case_id,
            party=_joined(case, party),
            ground=command.ground,
            reason=command.reason,
        )
        for party in parties
    ]


def _those(case: Case, named: tuple[PartyId, ...]) -> tuple[PartyId, ...]:
    """Those who were named, each once."""
    if not all(case.parties.has(party) for party in named):
        raise Refused("party-not-found", "They are no party to the case.")
    return tuple(dict.fromkeys(named))


def _require_not_being_heard(case: Case, parties: tuple[PartyId, ...]) -> None:
    if not case.being_heard.keys().isdisjoint(parties):
        raise Refused("party-hearing-open", "A party is being heard; wait for the answer.")


def _joined(case: Case, party: PartyId) -> PartyId | None:
    """As events name a party."""
    return None if party == case.parties.first else party


def evolve(case: Case, event: PartyHearingEvent) -> Case:
    party = event.party or case.parties.first
    match event:
        case PartyHearingOpened():
            # Whoever is heard anew was not heard about the new facts.
            running = HearingRound(round=event.round, due_on=event.due_on)
            anew = without(case, party)
            return replace(anew, being_heard={**anew.being_heard, party: running})
        case PartyHearingAnswered():
            added = {document.document_id for document in event.documents}
            return replace(case, documents=case.documents | added)
        case PartyHearingClosed():
            ended = without(case, party)
            return replace(ended, heard=ended.heard | {party})
        case PartyHearingExempted():
            return replace(case, exempted=case.exempted | {party})
        case _:
            assert_never(event)


def without(case: Case, party: PartyId) -> Case:
    """As if the party had neither been heard nor exempted."""
    others = {who: running for who, running in case.being_heard.items() if who != party}
    return replace(
        case,
        being_heard=others,
        heard=case.heard - {party},
        exempted=case.exempted - {party},
    )
