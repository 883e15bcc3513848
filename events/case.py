"""What can happen to a case. Past tense, immutable; change by adding a new version."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from events.case_application import ApplicationEvent
from events.case_assignment import CaseAssignmentEvent
from events.case_complaint import ComplaintEvent
from events.case_deadline import DeadlineEvent
from events.case_decision import DecisionEvent
from events.case_information import InformationEvent
from events.case_party import PartyEvent
from events.case_party_hearing import PartyHearingEvent
from events.case_procedure import ProcedureEvent
from events.case_property import PropertyEvent
from events.document import Document
from events.ids import (
    CalendarDayId,
    CaseId,
    HearingId,
    MessageId,
    PartyId,
    SlotId,
    TeamId,
)
from events.personal import PERSONAL, PersonalText
from events.text import Text

AnswerValue: TypeAlias = str | int | bool | tuple[str, ...]


class CaseKind(StrEnum):
    HEARING_RESPONSE = "hearing-response"
    MEETING = "meeting"
    COMPLAINT = "complaint"
    APPLICATION = "application"
    NOTICE = "notice"
    ACCESS_REQUEST = "access-request"


DECIDED: Final = frozenset({CaseKind.APPLICATION, CaseKind.NOTICE, CaseKind.ACCESS_REQUEST})
"""The kinds of case that end in a decision (afgørelse) of the authority's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One field of the form as the party filled it in."""

    field: str
    value: AnswerValue


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    text: Text
    by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingToBring:
    what: Text
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    slot: SlotId
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    case_id: CaseId
    kind: CaseKind
    service: str
    service_version: int
    reference: str
    team: TeamId
    party: PartyId
    subject: PersonalText
    answers: Annotated[tuple[Answer, ...], PERSONAL]
    received_on: date
    hearing: HearingId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepsAnnounced:
    case_id: CaseId
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingsToBringListed:
    case_id: CaseId
    things: Annotated[tuple[ThingToBring, ...], PERSONAL]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyWrote:
    case_id: CaseId
    message: MessageId
    text: PersonalText
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseworkerWrote:
    case_id: CaseId
    message: MessageId
    text: PersonalText
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAddedDocument:
    case_id: CaseId
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseworkerAddedDocument:
    case_id: CaseId
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingBooked:
    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMoved:
    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled:
    case_id: CaseId
    slot: SlotId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMissed:
    """The party did not come; the envelope says who noted it."""

    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOnWaitingList:
    case_id: CaseId
    day: CalendarDayId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOffWaitingList:
    case_id: CaseId
    day: CalendarDayId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingGivenFromWaitingList:
    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingResponseAnswered:
    """What the conclusion of the hearing answered to this response, point by point."""

    case_id: CaseId
    hearing: HearingId
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    case_id: CaseId
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened:
    case_id: CaseId
    reason: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn:
    case_id: CaseId
    reason: PersonalText | None


CaseEvent: TypeAlias = (
    CaseOpened
    | NextStepsAnnounced
    | ThingsToBringListed
    | PartyWrote
    | CaseworkerWrote
    | PartyAddedDocument
    | CaseworkerAddedDocument
    | MeetingBooked
    | MeetingMoved
    | MeetingCancelled
    | MeetingMissed
    | PutOnWaitingList
    | TakenOffWaitingList
    | MeetingGivenFromWaitingList
    | HearingResponseAnswered
    | CaseClosed
    | CaseReopened
    | CaseWithdrawn
    | CaseAssignmentEvent
    | PartyEvent
    | PropertyEvent
    | DeadlineEvent
    | InformationEvent
    | PartyHearingEvent
    | DecisionEvent
    | ApplicationEvent
    | ComplaintEvent
    | ProcedureEvent
)
