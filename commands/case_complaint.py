"""What can be asked of a complaint, beside opening it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.case_complaint import BoardOutcome, Reassessment
from events.ids import CaseId, DecisionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainOverDecision:
    """Tie a complaint to the decision it is about; part of submitting it."""

    case_id: CaseId
    about: CaseId
    decision: DecisionId
    appeal_until: date | None
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReassessment:
    """The complaint's part of a reassessment; a changed decision reopens its case too."""

    case_id: CaseId
    outcome: Reassessment
    text: str
    reassessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardComplaint:
    case_id: CaseId
    board: str
    remarks: str
    forwarded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBoardDecision:
    case_id: CaseId
    outcome: BoardOutcome
    text: str
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComplaint:
    """Answer a complaint over service."""

    case_id: CaseId
    text: str
    answered_on: date


ComplaintCommand: TypeAlias = (
    ComplainOverDecision
    | RecordReassessment
    | ForwardComplaint
    | RecordBoardDecision
    | AnswerComplaint
)
