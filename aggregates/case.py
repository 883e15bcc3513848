"""The rules of a case: opened, worked on, closed, and perhaps reopened or withdrawn."""

from datetime import date
from typing import TypeAlias, assert_never

from aggregates import (
    case_assignment,
    case_deadlines,
    case_dialogue,
    case_meeting,
    case_parties,
    case_property,
)
from aggregates.case_state import (
    Case,
    Status,
    evolve,
    require_known,
    require_new_documents,
    require_open,
)
from aggregates.decider import Decider
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    AnswerResponse,
    CaseCommand,
    CloseCase,
    MissDeadline,
    OpenCase,
    RecordGivenMeeting,
    RecordMeeting,
    RecordMove,
    RecordWaiting,
    RecordWithdrawal,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.case_assignment import CaseAssignmentCommand
from commands.case_party import PartyCommand
from commands.case_property import PropertyCommand
from commands.refusal import Refused
from events.case import (
    CaseClosed,
    CaseEvent,
    CaseKind,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    DeadlineSet,
    HearingResponseAnswered,
    NextStepsAnnounced,
    ThingsToBringListed,
)
from events.ids import CaseId

__all__ = ["Case", "Status", "decider"]

_EndingCommand: TypeAlias = AnswerResponse | CloseCase | ReopenCase | RecordWithdrawal


def decide(command: CaseCommand, case: Case) -> list[CaseEvent]:
    match command:
        case OpenCase():
            return _open(command, case)
        case MissDeadline():
            return [*case_deadlines.miss(command, case)]
        case WriteToAuthority() | WriteToParty() | AddPartyDocuments() | AddCaseworkerDocuments():
            return case_dialogue.decide(command, case)
        case RecordMeeting() | RecordMove() | RecordWaiting() | RecordGivenMeeting():
            return case_meeting.decide(command, case)
        case AnswerResponse() | CloseCase() | ReopenCase() | RecordWithdrawal():
            return _end(command, case)
        case _:
            return _about(command, case)


def _about(
    command: PartyCommand | PropertyCommand | CaseAssignmentCommand, case: Case
) -> list[CaseEvent]:
    """Who the case concerns, what, and whose hands it is in."""
    if isinstance(command, PartyCommand):
        return case_parties.decide(command, case)
    if isinstance(command, CaseAssignmentCommand):
        return [*case_assignment.decide(command, case)]
    return case_property.decide(command, case)


def _end(command: _EndingCommand, case: Case) -> list[CaseEvent]:
    match command:
        case CloseCase():
            return _close(command, case)
        case AnswerResponse():
            return _answer_response(command, case)
        case ReopenCase():
            return _reopen(command, case)
        case RecordWithdrawal():
            return _withdraw(command, case)
        case _:
            assert_never(command)


def _close(command: CloseCase, case: Case) -> list[CaseEvent]:
    """All that governs closing, but for a response, which its answer closes (see below)."""
    if case.status is Status.CLOSED:
        return []
    require_open(case)
    match case.kind:
        case CaseKind.HEARING_RESPONSE:
            # A response that was answered and then reopened may be closed again by hand.
            _require_answered(case)
        case CaseKind.MEETING:
            _require_meeting_behind(case, command.closed_on)
        case None:
            pass  # every open case has a kind
        case _:
            assert_never(case.kind)
    return _closed(command.case_id, case, command.closed_on)


def _answer_response(command: AnswerResponse, case: Case) -> list[CaseEvent]:
    require_known(case)
    if case.kind is not CaseKind.HEARING_RESPONSE:
        raise Refused("not-a-hearing-response", "Only a response is answered by a hearing.")
    if case.hearing != command.hearing:
        raise Refused("hearing-mismatch", "The response belongs to another hearing.")
    if case.is_answered:
        return []
    require_open(case)
    answered = HearingResponseAnswered(
        case_id=command.case_id, hearing=command.hearing, answers=command.answers
    )
    return [answered, *_closed(command.case_id, case, command.answered_on)]


def _closed(case_id: CaseId, case: Case, closed_on: date) -> list[CaseEvent]:
    """Finishing the matter fulfils whatever is still promised, in time or too late."""
    promised = [
        fulfilled
        for kind in case.outstanding
        for fulfilled in case_deadlines.fulfil(case_id, case, kind, closed_on)
    ]
    return [*promised, CaseClosed(case_id=case_id, closed_on=closed_on)]


def _require_answered(case: Case) -> None:
    if not case.is_answered:
        raise Refused("response-not-answered", "The conclusion of the hearing closes a response.")


def _require_meeting_behind(case: Case, closed_on: date) -> None:
    if case.waiting is not None:
        raise Refused("still-waiting", "The case waits for a meeting.")
    # Meetings carry the offset of Europe/Copenhagen, so their date is the local one.
    if case.meeting is not None and case.meeting.starts_at.date() > closed_on:
        raise Refused("meeting-not-held", "The meeting of the case is still to come.")


def _reopen(command: ReopenCase, case: Case) -> list[CaseEvent]:
    require_known(case)
    if case.status is Status.WITHDRAWN:
        raise Refused("case-withdrawn", "The party has withdrawn the case.")
    if case.status is not Status.CLOSED:
        raise Refused("case-not-closed", "Only a closed case is reopened.")
    if not command.reason.strip():
        raise Refused("reason-missing", "A case is reopened for a reason.")
    return [CaseReopened(case_id=command.case_id, reason=command.reason)]


def _withdraw(command: RecordWithdrawal, case: Case) -> list[CaseEvent]:
    if case.status is Status.WITHDRAWN:
        return []
    require_open(case)
    return [
        *case_meeting.given_up(command.case_id, case),
        CaseWithdrawn(case_id=command.case_id, reason=command.reason),
    ]


def _open(command: OpenCase, case: Case) -> list[CaseEvent]:
    if case.status is not Status.UNKNOWN:
        raise Refused("case-already-opened", "The case is already opened.")
    require_new_documents(case, command.documents)
    opened = CaseOpened(
        case_id=command.case_id,
        kind=command.kind,
        service=command.service,
        service_version=command.service_version,
        reference=command.reference,
        team=command.team,
        party=command.party,
        subject=command.subject,
        answers=command.answers,
        received_on=command.received_on,
        hearing=command.hearing,
    )
    return [
        opened,
        *case_dialogue.party_documents(command.case_id, command.documents),
        *_promises(command),
    ]


def _promises(command: OpenCase) -> list[CaseEvent]:
    promises: list[CaseEvent] = [
        DeadlineSet(case_id=command.case_id, deadline=promise.deadline, due_on=promise.due_on)
        for promise in command.deadlines
    ]
    if command.things_to_bring:
        promises.append(
            ThingsToBringListed(case_id=command.case_id, things=command.things_to_bring)
        )
    if command.next_steps:
        promises.append(NextStepsAnnounced(case_id=command.case_id, steps=command.next_steps))
    return promises


decider = Decider(initial=Case(), decide=decide, evolve=evolve)
