"""What can happen to the time that a case is promised: set, stopped, run on, extended, kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from events.day_unit import DayUnit
from events.ids import CaseId
from events.personal import PersonalText


class DeadlineKind(StrEnum):
    """What must be done by then.

    A first reply to the party; the whole matter finished; a complaint reassessed and sent on to
    its board; or an objection made to a notified activity, which may begin when none is.
    """

    FIRST_REPLY = "first-reply"
    PROCESSING = "processing"
    FORWARDING = "forwarding"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet:
    """`due_on` is the last day in time, Europe/Copenhagen; `unit` is what was counted to it."""

    case_id: CaseId
    deadline: DeadlineKind
    due_on: date
    unit: DayUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSuspended:
    """The clock stands still from the day after `suspended_on`; the party is waited for."""

    case_id: CaseId
    deadline: DeadlineKind
    suspended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineResumed:
    """The clock runs from the day after `resumed_on`; no day between has counted."""

    case_id: CaseId
    deadline: DeadlineKind
    resumed_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended:
    """A later day with the reason that the party is owed (offentlighedsloven § 36, stk. 2)."""

    case_id: CaseId
    deadline: DeadlineKind
    due_on: date
    reason: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMet:
    case_id: CaseId
    deadline: DeadlineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed:
    case_id: CaseId
    deadline: DeadlineKind
    due_on: date


DeadlineEvent: TypeAlias = (
    DeadlineSet
    | DeadlineSuspended
    | DeadlineResumed
    | DeadlineExtended
    | DeadlineMet
    | DeadlineMissed
)
