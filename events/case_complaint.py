"""What can happen to a complaint: over a decision, or over how somebody was served."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from events.ids import CaseId, DecisionId
from events.personal import PersonalText


class Reassessment(StrEnum):
    """What the authority makes of its own decision when it looks again (genvurdering)."""

    UPHELD = "upheld"
    CHANGED = "changed"


class BoardOutcome(StrEnum):
    UPHELD = "upheld"
    CHANGED = "changed"
    REMITTED = "remitted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintOverDecision:
    """`appeal_until` was the last day of the appeal period, None when there was none.

    A complaint that came later goes to the board as well: whether to hear it is the board's.
    """

    case_id: CaseId
    about: CaseId
    decision: DecisionId
    appeal_until: date | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReassessed:
    case_id: CaseId
    outcome: Reassessment
    text: PersonalText
    reassessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintForwarded:
    """With the case's papers and the authority's remarks, to `board`."""

    case_id: CaseId
    board: PersonalText
    remarks: PersonalText
    forwarded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDecided:
    case_id: CaseId
    outcome: BoardOutcome
    text: PersonalText
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAnswered:
    """The answer to a complaint over service, which no board hears."""

    case_id: CaseId
    text: PersonalText
    answered_on: date


ComplaintEvent: TypeAlias = (
    ComplaintOverDecision
    | DecisionReassessed
    | ComplaintForwarded
    | BoardDecided
    | ComplaintAnswered
)
