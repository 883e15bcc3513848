"""What the rules of a case remember of its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from aggregates.case_parties_state import NOBODY, Parties
from commands.refusal import Refused
from events.case import CaseKind, Meeting
from events.case_complaint import Reassessment
from events.case_deadline import DeadlineKind
from events.case_decision import AppealGuidance, Outcome
from events.day_unit import DayUnit
from events.document import Document
from events.ids import (
    ActorId,
    CalendarDayId,
    CaseId,
    DecisionId,
    DocumentId,
    HearingId,
    InspectionId,
    MessageId,
    PartyId,
    RequestId,
    RoundId,
    SlotId,
    TeamId,
    is_anonymous,
)
from events.property import Property

_NO_TEAM = TeamId("")  # that of a case that nobody has opened


class Status(Enum):
    UNKNOWN = auto()
    OPEN = auto()
    CLOSED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something to be done by a day; nothing is late while the clock stands still."""

    due_on: date
    unit: DayUnit
    suspended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What of one information request the party has still to deliver."""

    items: frozenset[str]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRound:
    round: RoundId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`is_dispatched`: the party has it in the words that now stand."""

    decision: DecisionId
    outcome: Outcome
    decided_on: date
    appeal: AppealGuidance | None
    needs_completion: bool
    is_dispatched: bool = False
    keeps_appeal_until: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """The decision that the party got last, which is what a complaint is over."""

    decision: DecisionId
    appeal_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """How far the building, or whatever was applied for, has come.

    `inspections` maps each to whether it was approved, None while it is still to be held.
    """

    is_complete: bool = False
    inspections: Mapping[InspectionId, bool | None] = field(default_factory=dict)
    is_notified: bool = False
    is_accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    over: DecisionId | None = None
    about: CaseId | None = None
    reassessed: Reassessment | None = None
    is_forwarded: bool = False
    is_decided_by_board: bool = False
    is_answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The retention class: how many years after closing, by what rule."""

    years: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Only what rules and the commands that span streams ask about; read models hold the rest.

    `outstanding` holds each promise neither kept nor broken, `unread` each message the other side
    has not opened with whether the party wrote it, `read` those it has. `being_heard` has the
    parties who are heard now, `heard` and `exempted` those who need not be before a decision as
    the matter stands. A case is never both booked and waiting.
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
    unread: Mapping[MessageId, bool] = field(default_factory=dict)
    read: frozenset[MessageId] = frozenset()
    meeting: Meeting | None = None
    missed: SlotId | None = None
    waiting: CalendarDayId | None = None
    outstanding: Mapping[DeadlineKind, Promise] = field(default_factory=dict)
    is_answered: bool = False
    awaited: Mapping[RequestId, Awaited] = field(default_factory=dict)
    being_heard: Mapping[PartyId, HearingRound] = field(default_factory=dict)
    heard: frozenset[PartyId] = frozenset()
    exempted: frozenset[PartyId] = frozenset()
    decision: Decided | None = None
    dispatched: Dispatched | None = None
    is_tacitly_accepted: bool = False
    works: Works = field(default_factory=Works)
    complaint: Complaint = field(default_factory=Complaint)
    keeping: Keeping | None = None
    parties: Parties = field(default_factory=Parties)
    property: Property | None = None
    is_property_verified: bool = False
    is_property_unclear: bool = False


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


def require_reachable(party: PartyId) -> None:
    """Refuse to ask or tell something of somebody whom nothing reaches, and wait for an answer."""
    if is_anonymous(party):
        raise Refused("party-anonymous", "Nobody knows who it is, so nothing reaches them.")


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason-missing", "This is done for a reason, which must be given.")


def require_new_documents(case: Case, documents: Iterable[Document]) -> None:
    """Refuse a document that is named twice or that the case already has."""
    known = set(case.documents)
    for document in documents:
        if document.document_id in known:
            raise Refused("document-already-added", "The case already has this document.")
        known.add(document.document_id)
