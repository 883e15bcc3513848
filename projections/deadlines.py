"""Deadlines: what falls due by itself, on cases and on the holds of meeting slots.

A promise whose clock stands still is not here, and comes back with its new day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, get_args

from psycopg import Connection
from psycopg.rows import class_row

from events.case_deadline import DeadlineKind
from events.ids import CalendarDayId, CaseId, RequestId, RoundId
from projections.deadlines_rows import ClockFact, HoldFact, TurnFact, project
from projections.projection import Projection

COLUMNS = """
    key text PRIMARY KEY,
    case_id uuid,
    deadline text,
    request uuid,
    round uuid,
    due_on date,
    day text,
    slot text,
    expires_at timestamptz
"""
INDEXES: Final = ("(due_on)", "(expires_at)", "(case_id)", "(slot)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueHold:
    day: CalendarDayId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueDeadline:
    """`due_on` was the last day in time."""

    case_id: CaseId
    deadline: DeadlineKind
    due_on: date

    def __post_init__(self) -> None:
        # The row says it in letters.
        object.__setattr__(self, "deadline", DeadlineKind(self.deadline))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRequest:
    """The party has not delivered all that it was asked for by `due_on`."""

    case_id: CaseId
    request: RequestId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredHearing:
    """A round of party hearing whose last day, `due_on`, has passed for somebody heard in it."""

    case_id: CaseId
    round: RoundId
    due_on: date


def due_holds(db: Connection[tuple[object, ...]], now: datetime) -> list[DueHold]:
    """The holds that have run out by now, oldest first; those of one moment and day are one."""
    with db.cursor(row_factory=class_row(DueHold)) as cursor:
        cursor.execute(
            "SELECT DISTINCT day, expires_at FROM deadlines"
            " WHERE expires_at <= %s ORDER BY expires_at, day",
            (now,),
        )
        return cursor.fetchall()


def overdue(db: Connection[tuple[object, ...]], today: date) -> list[OverdueDeadline]:
    """The case deadlines whose last day was before today, oldest first."""
    with db.cursor(row_factory=class_row(OverdueDeadline)) as cursor:
        cursor.execute(
            "SELECT case_id, deadline, due_on FROM deadlines"
            " WHERE due_on < %s AND deadline IS NOT NULL ORDER BY due_on, case_id, deadline",
            (today,),
        )
        return cursor.fetchall()


def overdue_requests(db: Connection[tuple[object, ...]], today: date) -> list[OverdueRequest]:
    """The requests for information whose last day was before today, oldest first."""
    with db.cursor(row_factory=class_row(OverdueRequest)) as cursor:
        cursor.execute(
            "SELECT case_id, request, due_on FROM deadlines"
            " WHERE due_on < %s AND request IS NOT NULL ORDER BY due_on, case_id, request",
            (today,),
        )
        return cursor.fetchall()


def expired_hearings(db: Connection[tuple[object, ...]], today: date) -> list[ExpiredHearing]:
    """The rounds of party hearing whose last day was before today, oldest first."""
    with db.cursor(row_factory=class_row(ExpiredHearing)) as cursor:
        cursor.execute(
            "SELECT DISTINCT case_id, round, due_on FROM deadlines"
            " WHERE due_on < %s AND round IS NOT NULL ORDER BY due_on, case_id, round",
            (today,),
        )
        return cursor.fetchall()


projection = Projection(
    name="deadlines",
    version=3,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(*get_args(ClockFact), *get_args(TurnFact), *get_args(HoldFact)),
    project=project,
)
