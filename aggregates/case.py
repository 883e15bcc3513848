"""The rules of a case: opened, worked on, closed, and perhaps reopened or withdrawn."""

from typing import TypeAlias, assert_never

from aggregates import (
    case_application,
    case_assignment,
    case_closing,
    case_complaint,
    case_deadlines,
    case_decision,
    case_dialogue,
    case_information,
    case_meeting,
    case_papers,
    case_parties,
    case_party_hearing,
    case_property,
)
from aggregates.case_history import evolve
from aggregates.case_state import (
    Case,
    Status,
    require_known,
    require_new_documents,
    require_open,
    require_reason,
)
from aggregates.decider import Decider
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    AnswerResponse,
    CaseCommand,
    CloseCase,
    OpenCase,
    RecordGivenMeeting,
    RecordMeeting,
    RecordMissedMeeting,
    RecordMove,
    RecordWaiting,
    RecordWithdrawal,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.case_application import ApplicationCommand
from commands.case_assignment import CaseAssignmentCommand
from commands.case_complaint import ComplaintCommand
from commands.case_deadline import DeadlineCommand
from commands.case_decision import DecisionCommand
from commands.case_document import PaperCommand
from commands.case_information import InformationCommand
from commands.case_party import PartyCommand
from commands.case_party_hearing import PartyHearingCommand
from commands.case_property import PropertyCommand
from commands.refusal import Refused
from events.case import (
    CaseEvent,
    CaseKind,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    HearingResponseAnswered,
    NextStepsAnnounced,
    ThingsToBringListed,
)
from events.case_deadline import DeadlineSet
from events.case_procedure import RelatedCaseNamed, RetentionClassed

__all__ = ["Case", "Status", "decider"]

_EndingCommand: TypeAlias = AnswerResponse | CloseCase | ReopenCase | RecordWithdrawal
_MatterCommand: TypeAlias = (
    DeadlineCommand
    | InformationCommand
    | PartyHearingCommand
    | DecisionCommand
    | ApplicationCommand
    | ComplaintCommand
    | PaperCommand
)


def decide(command: CaseCommand, case: Case) -> list[CaseEvent]:
    match command:
        case OpenCase():
            return _open(command, case)
        case WriteToAuthority() | WriteToParty() | AddPartyDocuments() | AddCaseworkerDocuments():
            return case_dialogue.decide(command, case)
        case RecordMeeting() | RecordMove() | RecordMissedMeeting():
            return case_meeting.decide(command, case)
        case RecordWaiting() | RecordGivenMeeting():
            return case_meeting.decide(command, case)
        case AnswerResponse() | CloseCase() | ReopenCase() | RecordWithdrawal():
            return _end(command, case)
        case _:
            return _about(command, case)


def _about(
    command: PartyCommand | PropertyCommand | CaseAssignmentCommand | _MatterCommand, case: Case
) -> list[CaseEvent]:
    """Who the case concerns, what, and whose hands it is in."""
    if isinstance(command, PartyCommand):
        return case_parties.decide(command, case)
    if isinstance(command, CaseAssignmentCommand):
        return [*case_assignment.decide(command, case)]
    if isinstance(command, PropertyCommand):
        return case_property.decide(command, case)
    return _of_its_kind(command, case)


def _of_its_kind(command: _MatterCommand, case: Case) -> list[CaseEvent]:
    if isinstance(command, DeadlineCommand):
        decided = case_deadlines.decide(command, case)
    elif isinstance(command, InformationCommand):
        decided = case_information.decide(command, case)
    elif isinstance(command, PartyHearingCommand):
        decided = case_party_hearing.decide(command, case)
    elif isinstance(command, DecisionCommand):
        decided = case_decision.decide(command, case)
    elif isinstance(command, ApplicationCommand):
        decided = case_application.decide(command, case)
    elif isinstance(command, ComplaintCommand):
        decided = case_complaint.decide(command, case)
    else:
        decided = case_papers.decide(command, case)
    return decided


def _end(command: _EndingCommand, case: Case) -> list[CaseEvent]:
    match command:
        case CloseCase():
            return case_closing.close(command, case)
        case AnswerResponse():
            return _answer_response(command, case)
        case ReopenCase():
            return _reopen(command, case)
        case RecordWithdrawal():
            return _withdraw(command, case)
        case _:
            assert_never(command)


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
    return [
        answered,
        *case_information.given_up(command.case_id, case, command.answered_on),
        *case_closing.closed(command.case_id, case, command.answered_on),
    ]


def _reopen(command: ReopenCase, case: Case) -> list[CaseEvent]:
    require_known(case)
    if case.status is Status.WITHDRAWN:
        raise Refused("case-withdrawn", "The party has withdrawn the case.")
    if case.status is not Status.CLOSED:
        raise Refused("case-not-closed", "Only a closed case is reopened.")
    require_reason(command.reason)
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
        *case_parties.acting(command),
        *_promises(command),
    ]


def _promises(command: OpenCase) -> list[CaseEvent]:
    promises: list[CaseEvent] = [
        DeadlineSet(
            case_id=command.case_id,
            deadline=promise.deadline,
            due_on=promise.due_on,
            unit=promise.unit,
        )
        for promise in command.deadlines
    ]
    if command.about is not None:
        promises.append(RelatedCaseNamed(case_id=command.case_id, about=command.about))
    if command.retention is not None:
        years, basis = command.retention.years, command.retention.basis
        promises.append(RetentionClassed(case_id=command.case_id, years=years, basis=basis))
    if command.things_to_bring:
        promises.append(
            ThingsToBringListed(case_id=command.case_id, things=command.things_to_bring)
        )
    if command.next_steps:
        promises.append(NextStepsAnnounced(case_id=command.case_id, steps=command.next_steps))
    return promises


decider = Decider(initial=Case(), decide=decide, evolve=evolve)
