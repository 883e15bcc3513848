"""What can be asked about deciding a case."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from commands.case_deadline import DaysOff
from events.case_decision import AppealGuidance, Channel, Outcome
from events.ids import CaseId, DecisionId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision:
    """`no_appeal` says why no appeal lies to another authority, where that is so."""

    case_id: CaseId
    decision: DecisionId
    outcome: Outcome
    legal_basis: str
    grounds: str
    conditions: tuple[str, ...]
    appeal: AppealGuidance | None
    no_appeal: str | None
    needs_completion: bool
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchDecision:
    case_id: CaseId
    decision: DecisionId
    channel: Channel
    dispatched_on: date
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDecision:
    case_id: CaseId
    decision: DecisionId
    correction: str
    restarts_appeal: bool
    corrected_on: date


DecisionCommand: TypeAlias = RecordDecision | DispatchDecision | CorrectDecision
