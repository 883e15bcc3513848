"""What can be asked of a case alone. What touches more streams stands in its own module."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from commands.case_application import ApplicationCommand
from commands.case_assignment import CaseAssignmentCommand
from commands.case_complaint import ComplaintCommand
from commands.case_deadline import Deadline, DeadlineCommand
from commands.case_decision import DecisionCommand
from commands.case_document import PaperCommand
from commands.case_information import InformationCommand
from commands.case_party import Acting, PartyCommand
from commands.case_party_hearing import PartyHearingCommand
from commands.case_property import PropertyCommand
from events.case import Answer, CaseKind, Meeting, NextStep, ThingToBring
from events.document import Document
from events.ids import (
    CalendarDayId,
    CaseId,
    HearingId,
    MessageId,
    PartyId,
    TeamId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many years a closed case is kept, and by what rule."""

    years: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A submission as it was received, with all that its service promises in return.

    `about` is the case that a complaint or an access request is about; `acting` is who submitted
    it for `party`, None when they did themselves.
    """

    case_id: CaseId
    kind: CaseKind
    service: str
    service_version: int
    reference: str
    team: TeamId
    party: PartyId
    subject: str
    answers: tuple[Answer, ...]
    documents: tuple[Document, ...]
    received_on: date
    hearing: HearingId | None
    next_steps: tuple[NextStep, ...]
    things_to_bring: tuple[ThingToBring, ...]
    deadlines: tuple[Deadline, ...]
    about: CaseId | None = None
    retention: Retention | None = None
    acting: Acting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToAuthority:
    """The party writes."""

    case_id: CaseId
    message: MessageId
    text: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToParty:
    """A caseworker writes."""

    case_id: CaseId
    message: MessageId
    text: str
    documents: tuple[Document, ...]
    written_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPartyDocuments:
    case_id: CaseId
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCaseworkerDocuments:
    case_id: CaseId
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeeting:
    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMove:
    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMissedMeeting:
    """The party did not come."""

    case_id: CaseId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWaiting:
    case_id: CaseId
    day: CalendarDayId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGivenMeeting:
    """The waiting list has given this case a slot."""

    case_id: CaseId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerResponse:
    """The conclusion of the hearing answers this response, which finishes it."""

    case_id: CaseId
    hearing: HearingId
    answers: tuple[str, ...]
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    case_id: CaseId
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    case_id: CaseId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWithdrawal:
    """The case's part of a withdrawal; `commands.submission.WithdrawCase` frees the slot too."""

    case_id: CaseId
    reason: str | None


CaseCommand: TypeAlias = (
    OpenCase
    | WriteToAuthority
    | WriteToParty
    | AddPartyDocuments
    | AddCaseworkerDocuments
    | RecordMeeting
    | RecordMove
    | RecordMissedMeeting
    | RecordWaiting
    | RecordGivenMeeting
    | AnswerResponse
    | CloseCase
    | ReopenCase
    | RecordWithdrawal
    | CaseAssignmentCommand
    | PartyCommand
    | PropertyCommand
    | DeadlineCommand
    | InformationCommand
    | PartyHearingCommand
    | DecisionCommand
    | ApplicationCommand
    | ComplaintCommand
    | PaperCommand
)
