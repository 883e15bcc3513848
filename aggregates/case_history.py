"""How a case's state follows from its events, those of each kind of matter beside their rules."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from aggregates import (
    case_application,
    case_complaint,
    case_deadlines,
    case_decision,
    case_information,
    case_papers,
    case_parties_state,
    case_party_hearing,
)
from aggregates.case_parties_state import Parties
from aggregates.case_state import Case, Complaint, Keeping, Status, Works
from events.case import (
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    HearingResponseAnswered,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
    NextStepsAnnounced,
    PartyAddedDocument,
    PartyWrote,
    PutOnWaitingList,
    TakenOffWaitingList,
    ThingsToBringListed,
)
from events.case_application import ApplicationEvent
from events.case_assignment import (
    CaseAssigned,
    CaseAssignmentEvent,
    CaseReleased,
    CaseTransferred,
)
from events.case_complaint import ComplaintEvent
from events.case_deadline import DeadlineEvent
from events.case_decision import DecisionEvent
from events.case_information import InformationEvent
from events.case_party import PartyEvent, PartyLeft
from events.case_party_hearing import PartyHearingEvent
from events.case_procedure import (
    MessageRead,
    ProcedureEvent,
    RedactedCopyAdded,
    RelatedCaseNamed,
    RetentionBegan,
    RetentionClassed,
    TacitlyAccepted,
)
from events.case_property import PropertyEvent, PropertyIdentified, PropertyNotIdentified

_Attendance: TypeAlias = (
    MeetingBooked
    | MeetingMoved
    | MeetingCancelled
    | MeetingMissed
    | PutOnWaitingList
    | TakenOffWaitingList
    | MeetingGivenFromWaitingList
)
_Course: TypeAlias = HearingResponseAnswered | CaseClosed | CaseReopened | CaseWithdrawn


def evolve(case: Case, event: CaseEvent) -> Case:
    match event:
        case CaseOpened():
            return Case(
                status=Status.OPEN,
                kind=event.kind,
                service=event.service,
                service_version=event.service_version,
                party=event.party,
                team=event.team,
                hearing=event.hearing,
                parties=Parties(first=event.party),
            )
        case PartyWrote() | CaseworkerWrote() | PartyAddedDocument() | CaseworkerAddedDocument():
            return case_papers.evolve(case, event)
        case (
            MeetingBooked()
            | MeetingMoved()
            | MeetingCancelled()
            | MeetingMissed()
            | PutOnWaitingList()
            | TakenOffWaitingList()
            | MeetingGivenFromWaitingList()
        ):
            return _with_attendance(case, event)
        case HearingResponseAnswered() | CaseClosed() | CaseReopened() | CaseWithdrawn():
            return _with_course(case, event)
        case NextStepsAnnounced() | ThingsToBringListed():
            return case
        case _:
            return _with_matter(case, event)


def _with_matter(
    case: Case,
    event: DeadlineEvent
    | InformationEvent
    | PartyHearingEvent
    | DecisionEvent
    | ApplicationEvent
    | ComplaintEvent
    | ProcedureEvent
    | PartyEvent
    | PropertyEvent
    | CaseAssignmentEvent,
) -> Case:
    if isinstance(event, DeadlineEvent):
        known = case_deadlines.evolve(case, event)
    elif isinstance(event, InformationEvent):
        known = case_information.evolve(case, event)
    elif isinstance(event, PartyHearingEvent):
        known = case_party_hearing.evolve(case, event)
    elif isinstance(event, DecisionEvent):
        known = case_decision.evolve(case, event)
    elif isinstance(event, ApplicationEvent):
        known = case_application.evolve(case, event)
    elif isinstance(event, ComplaintEvent):
        known = case_complaint.evolve(case, event)
    elif isinstance(event, CaseAssignmentEvent):
        known = _in_hands(case, event)
    elif isinstance(event, ProcedureEvent):
        known = _with_procedure(case, event)
    else:
        known = _with_concern(case, event)
    return known


def _in_hands(case: Case, event: CaseAssignmentEvent) -> Case:
    match event:
        case CaseAssigned():
            return replace(case, assigned_to=event.to)
        case CaseReleased():
            return replace(case, assigned_to=None)
        case CaseTransferred():
            return replace(case, team=event.to_team, assigned_to=None)
        case _:
            assert_never(event)


def _with_concern(case: Case, event: PartyEvent | PropertyEvent) -> Case:
    if isinstance(event, PartyLeft):
        case = case_party_hearing.without(case, event.party)
    if isinstance(event, PartyEvent):
        return replace(case, parties=case_parties_state.evolve(case.parties, event))
    return _with_property(case, event)


def _with_property(case: Case, event: PropertyEvent) -> Case:
    if isinstance(event, PropertyNotIdentified):
        return replace(case, is_property_unclear=True)
    return replace(
        case,
        property=event.property,
        is_property_verified=isinstance(event, PropertyIdentified),
        is_property_unclear=False,
    )


def _with_procedure(case: Case, event: ProcedureEvent) -> Case:
    match event:
        case RedactedCopyAdded() | MessageRead():
            return case_papers.evolve(case, event)
        case TacitlyAccepted():
            return replace(case_deadlines.without_objection(case), is_tacitly_accepted=True)
        case RelatedCaseNamed():
            return replace(case, complaint=replace(case.complaint, about=event.about))
        case RetentionClassed():
            return replace(case, keeping=Keeping(years=event.years, basis=event.basis))
        case RetentionBegan():
            return case
        case _:
            assert_never(event)


def _with_attendance(case: Case, event: _Attendance) -> Case:
    match event:
        case MeetingBooked() | MeetingMoved():
            return replace(case, meeting=event.meeting)
        case MeetingGivenFromWaitingList():
            return replace(case, meeting=event.meeting, waiting=None)
        case MeetingCancelled():
            return replace(case, meeting=None)
        case MeetingMissed():
            return replace(case, missed=event.meeting.slot)
        case PutOnWaitingList():
            return replace(case, waiting=event.day)
        case TakenOffWaitingList():
            return replace(case, waiting=None)
        case _:
            assert_never(event)


def _with_course(case: Case, event: _Course) -> Case:
    match event:
        case HearingResponseAnswered():
            return replace(case, is_answered=True)
        case CaseClosed():
            return replace(case, status=Status.CLOSED)
        case CaseReopened():
            return _reopened(case)
        case CaseWithdrawn():
            return replace(case, status=Status.WITHDRAWN)
        case _:
            assert_never(event)


def _reopened(case: Case) -> Case:
    """A reopened matter is decided afresh: heard again, and on what is then known."""
    return replace(
        case,
        status=Status.OPEN,
        decision=None,
        heard=frozenset(),
        exempted=frozenset(),
        is_tacitly_accepted=False,
        works=Works(is_complete=case.works.is_complete),
        complaint=Complaint(over=case.complaint.over, about=case.complaint.about),
    )
