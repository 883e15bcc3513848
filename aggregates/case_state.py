"""What the rules of a case remember of its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, auto
from typing import TypeAlias, assert_never

from aggregates import case_parties_state
from aggregates.case_parties_state import NOBODY, Parties
from commands.refusal import Refused
from events.case import (
    CaseClosed,
    CaseEvent,
    CaseKind,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    DeadlineKind,
    DeadlineMet,
    DeadlineMissed,
    DeadlineSet,
    HearingResponseAnswered,
    Meeting,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMoved,
    NextStepsAnnounced,
    PartyAddedDocument,
    PartyWrote,
    PutOnWaitingList,
    TakenOffWaitingList,
    ThingsToBringListed,
)
from events.case_assignment import (
    CaseAssigned,
    CaseAssignmentEvent,
    CaseReleased,
    CaseTransferred,
)
from events.case_party import PartyEvent
from events.case_property import PropertyEvent, PropertyIdentified
from events.document import Document
from events.ids import ActorId, CalendarDayId, DocumentId, HearingId, PartyId, TeamId
from events.property import Property

_Dialogue: TypeAlias = PartyWrote | CaseworkerWrote | PartyAddedDocument | CaseworkerAddedDocument
_Attendance: TypeAlias = (
    MeetingBooked
    | MeetingMoved
    | MeetingCancelled
    | PutOnWaitingList
    | TakenOffWaitingList
    | MeetingGivenFromWaitingList
)
_Deadlines: TypeAlias = DeadlineSet | DeadlineMet | DeadlineMissed
_Procedure: TypeAlias = (
    HearingResponseAnswered
    | CaseClosed
    | CaseReopened
    | CaseWithdrawn
    | NextStepsAnnounced
    | ThingsToBringListed
    | CaseAssignmentEvent
)

_NO_TEAM = TeamId("")  # that of a case that nobody has opened


class Status(Enum):
    UNKNOWN = auto()
    OPEN = auto()
    CLOSED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Only what rules and the commands that span streams ask about; read models hold the rest.

    `outstanding` maps each deadline neither met nor missed to its last day. A case is never both
    booked and waiting.
    """

    status: Status = Status.UNKNOWN
    kind: CaseKind | None = None
    service: str = ""
    service_version: int = 0
    party: PartyId = NOBODY
    team: TeamId = _NO_TEAM
    hearing: HearingId | None = None
    assigned_to: ActorId | None = None
    documents: frozenset[DocumentId] = frozenset()
    meeting: Meeting | None = None
    waiting: CalendarDayId | None = None
    outstanding: Mapping[DeadlineKind, date] = field(default_factory=dict)
    is_answered: bool = False
    parties: Parties = field(default_factory=Parties)
    property: Property | None = None
    is_property_unclear: bool = False


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
            return _with_documents(case, event)
        case (
            MeetingBooked()
            | MeetingMoved()
            | MeetingCancelled()
            | PutOnWaitingList()
            | TakenOffWaitingList()
            | MeetingGivenFromWaitingList()
        ):
            return _with_attendance(case, event)
        case DeadlineSet() | DeadlineMet() | DeadlineMissed():
            return _with_deadlines(case, event)
        case (
            HearingResponseAnswered()
            | CaseClosed()
            | CaseReopened()
            | CaseWithdrawn()
            | NextStepsAnnounced()
            | ThingsToBringListed()
            | CaseAssigned()
            | CaseReleased()
            | CaseTransferred()
        ):
            return _with_procedure(case, event)
        case _:
            return _with_concern(case, event)


def require_known(case: Case) -> None:
    if case.status is Status.UNKNOWN:
        raise Refused("case-not-found", "There is no such case.")


def require_open(case: Case) -> None:
    require_known(case)
    if case.status is not Status.OPEN:
        raise Refused("case-not-open", "The case is closed or withdrawn.")


def require_not_withdrawn(case: Case) -> None:
    require_known(case)
    if case.status is Status.WITHDRAWN:
        raise Refused("case-withdrawn", "The party has withdrawn the case.")


def require_new_documents(case: Case, documents: Iterable[Document]) -> None:
    """Refuse a document that is named twice or that the case already has."""
    known = set(case.documents)
    for document in documents:
        if document.document_id in known:
            raise Refused("document-already-added", "The case already has this document.")
        known.add(document.document_id)


def _with_concern(case: Case, event: PartyEvent | PropertyEvent) -> Case:
    if isinstance(event, PartyEvent):
        return replace(case, parties=case_parties_state.evolve(case.parties, event))
    if isinstance(event, PropertyIdentified):
        return replace(case, property=event.property, is_property_unclear=False)
    return replace(case, is_property_unclear=True)


def _with_documents(case: Case, event: _Dialogue) -> Case:
    match event:
        case PartyWrote() | CaseworkerWrote():
            added = event.documents
        case PartyAddedDocument() | CaseworkerAddedDocument():
            added = (event.document,)
        case _:
            assert_never(event)
    return replace(case, documents=case.documents | {document.document_id for document in added})


def _with_attendance(case: Case, event: _Attendance) -> Case:
    match event:
        case MeetingBooked() | MeetingMoved():
            return replace(case, meeting=event.meeting)
        case MeetingGivenFromWaitingList():
            return replace(case, meeting=event.meeting, waiting=None)
        case MeetingCancelled():
            return replace(case, meeting=None)
        case PutOnWaitingList():
            return replace(case, waiting=event.day)
        case TakenOffWaitingList():
            return replace(case, waiting=None)
        case _:
            assert_never(event)


def _with_deadlines(case: Case, event: _Deadlines) -> Case:
    match event:
        case DeadlineSet():
            return replace(case, outstanding={**case.outstanding, event.deadline: event.due_on})
        case DeadlineMet() | DeadlineMissed():
            rest = {kind: day for kind, day in case.outstanding.items() if kind != event.deadline}
            return replace(case, outstanding=rest)
        case _:
            assert_never(event)


def _with_procedure(case: Case, event: _Procedure) -> Case:
    match event:
        case HearingResponseAnswered():
            return replace(case, is_answered=True)
        case CaseClosed():
            return replace(case, status=Status.CLOSED)
        case CaseReopened():
            return replace(case, status=Status.OPEN)
        case CaseWithdrawn():
            return replace(case, status=Status.WITHDRAWN)
        case NextStepsAnnounced() | ThingsToBringListed():
            return case
        case CaseAssigned() | CaseReleased() | CaseTransferred():
            return _in_hands(case, event)
        case _:
            assert_never(event)


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
