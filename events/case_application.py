"""What can happen to an application beside its decision: complete, inspected, finished."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.document import Document
from events.ids import CaseId, InspectionId, MessageId
from events.personal import PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCompleted:
    """The matter is fully informed (fuldt oplyst); the service target runs from here."""

    case_id: CaseId
    complete_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionScheduled:
    case_id: CaseId
    inspection: InspectionId
    on: date
    place: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionHeld:
    case_id: CaseId
    inspection: InspectionId
    is_approved: bool
    remarks: PersonalText
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionNotified:
    """The party says that the work is done (færdigmelding)."""

    case_id: CaseId
    message: MessageId
    text: PersonalText
    documents: tuple[Document, ...]
    completed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionAccepted:
    """What was built may be taken into use (ibrugtagning)."""

    case_id: CaseId
    accepted_on: date


ApplicationEvent: TypeAlias = (
    ApplicationCompleted
    | InspectionScheduled
    | InspectionHeld
    | CompletionNotified
    | CompletionAccepted
)
