"""Deadlines: what falls due by itself, on cases and on the holds of meeting slots."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias, TypedDict, assert_never, get_args

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.calendar_day import (
    HoldExpired,
    HoldReleased,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
)
from events.case import CaseClosed, CaseWithdrawn
from events.case_deadline import DeadlineKind, DeadlineMet, DeadlineMissed, DeadlineSet
from events.envelope import Recorded
from events.ids import CalendarDayId, CaseId
from projections.projection import Projection, Rows
from projections.rows import upsert

COLUMNS = """
    key text PRIMARY KEY,
    case_id uuid,
    deadline text,
    due_on date,
    day text,
    slot text,
    expires_at timestamptz
"""
INDEXES: Final = ("(due_on)", "(expires_at)", "(case_id)", "(slot)")

CaseFact: TypeAlias = DeadlineSet | DeadlineMet | DeadlineMissed | CaseClosed | CaseWithdrawn
HoldFact: TypeAlias = SlotHeld | HoldReleased | HoldExpired | SlotBooked | SlotGivenFromWaitingList


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


class DueRow(TypedDict):
    """A deadline of a case, or a hold on a slot; what the other kind has is None."""

    key: str
    case_id: str | None
    deadline: str | None
    due_on: str | None
    day: str | None
    slot: str | None
    expires_at: str | None


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
            " WHERE due_on < %s ORDER BY due_on, case_id, deadline",
            (today,),
        )
        return cursor.fetchall()


@dataclass(slots=True)
class _Changes:
    """What a batch comes to: rows to put in place, after others have gone."""

    rows: dict[str, DueRow] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)

    def key_gone(self, key: str) -> None:
        self.rows.pop(key, None)
        self.keys.add(key)

    def case_gone(self, case_id: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row["case_id"] != case_id}
        self.cases.add(case_id)

    def slot_gone(self, slot: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row["slot"] != slot}
        self.slots.add(slot)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    changes = _Changes()
    for recorded in batch:
        event = recorded.event
        if isinstance(event, CaseFact):
            _count(changes, event)
        elif isinstance(event, HoldFact):
            _hold(changes, event)
    if changes.keys or changes.cases or changes.slots:
        statement = SQL(
            "DELETE FROM {} WHERE key = ANY(%s) OR case_id = ANY(%s::uuid[]) OR slot = ANY(%s)"
        )
        gone = [list(changes.keys), list(changes.cases), list(changes.slots)]
        db.execute(statement.format(table), gone)
    upsert(db, table, ["key"], changes.rows.values())


def _count(changes: _Changes, event: CaseFact) -> None:
    case_id = str(event.case_id)
    match event:
        case DeadlineSet():
            key = f"{case_id}/{event.deadline}"
            changes.rows[key] = DueRow(
                key=key,
                case_id=case_id,
                deadline=event.deadline.value,
                due_on=event.due_on.isoformat(),
                day=None,
                slot=None,
                expires_at=None,
            )
        case DeadlineMet() | DeadlineMissed():
            changes.key_gone(f"{case_id}/{event.deadline}")
        case CaseClosed() | CaseWithdrawn():
            changes.case_gone(case_id)
        case _:
            assert_never(event)


def _hold(changes: _Changes, event: HoldFact) -> None:
    match event:
        case SlotHeld():
            key = str(event.hold)
            changes.rows[key] = DueRow(
                key=key,
                case_id=None,
                deadline=None,
                due_on=None,
                day=event.day,
                slot=event.slot,
                expires_at=event.expires_at.isoformat(),
            )
        case HoldReleased() | HoldExpired():
            changes.key_gone(str(event.hold))
        case SlotBooked() | SlotGivenFromWaitingList():
            changes.slot_gone(event.slot)
        case _:
            assert_never(event)


projection = Projection(
    name="deadlines",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(*get_args(CaseFact), *get_args(HoldFact)),
    project=project,
)
