"""What can be asked of the time a case is promised."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.case_deadline import DeadlineKind
from events.day_unit import DayUnit
from events.ids import CaseId

DaysOff: TypeAlias = frozenset[date]
"""Public holidays and closing days around the days that are to be counted.

A rule may not look into a calendar; what is asked of it brings these along.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    deadline: DeadlineKind
    due_on: date
    unit: DayUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class MissDeadline:
    """The last day has passed, says the clock."""

    case_id: CaseId
    deadline: DeadlineKind
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDeadline:
    case_id: CaseId
    deadline: DeadlineKind
    due_on: date
    reason: str


DeadlineCommand: TypeAlias = MissDeadline | ExtendDeadline
