"""What can be asked of an application beside its decision."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from commands.case_deadline import Deadline
from events.document import Document
from events.ids import CaseId, InspectionId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteApplication:
    """The matter is fully informed; `deadlines` are those counted from here."""

    case_id: CaseId
    complete_on: date
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleInspection:
    case_id: CaseId
    inspection: InspectionId
    on: date
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInspection:
    case_id: CaseId
    inspection: InspectionId
    is_approved: bool
    remarks: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyCompletion:
    """The party says that the work is done."""

    case_id: CaseId
    message: MessageId
    text: str
    documents: tuple[Document, ...]
    completed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCompletion:
    case_id: CaseId
    accepted_on: date


ApplicationCommand: TypeAlias = (
    CompleteApplication
    | ScheduleInspection
    | RecordInspection
    | NotifyCompletion
    | AcceptCompletion
)
