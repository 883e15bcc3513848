"""Absences: who is away when, and who stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.colleague import AbsenceCancelled, AbsenceRecorded
from events.envelope import Recorded
from events.ids import AbsenceId, ActorId
from projections.projection import Projection, Rows
from projections.rows import forget, upsert

COLUMNS: Final = """
    absence uuid PRIMARY KEY,
    colleague text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    substitute text
"""
INDEXES: Final = ("(colleague, first_day)", "(last_day)")

Db: TypeAlias = AsyncConnection[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`first_day` and `last_day` are both days away."""

    absence: AbsenceId
    colleague: ActorId
    first_day: date
    last_day: date
    substitute: ActorId | None


_SELECT: Final = SQL(
    "SELECT absence, colleague, first_day, last_day, substitute FROM absences WHERE "
)
_ORDER: Final = SQL(" ORDER BY first_day, absence")


async def on_day(db: Db, day: date) -> dict[ActorId, Absence]:
    """Everybody who is away that day."""
    async with db.cursor(row_factory=class_row(Absence)) as cursor:
        await cursor.execute(
            _SELECT + SQL("%(day)s BETWEEN first_day AND last_day") + _ORDER, {"day": day}
        )
        return {found.colleague: found for found in await cursor.fetchall()}


async def coming(db: Db, colleague: ActorId, today: date) -> list[Absence]:
    """One colleague's absences that are not over, the next first."""
    async with db.cursor(row_factory=class_row(Absence)) as cursor:
        await cursor.execute(
            _SELECT + SQL("colleague = %s AND last_day >= %s") + _ORDER, (colleague, today)
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    recorded: dict[AbsenceId, dict[str, object]] = {}
    cancelled: set[AbsenceId] = set()
    for each in batch:
        match each.event:
            case AbsenceRecorded() as event:
                recorded[event.absence] = {
                    "absence": event.absence,
                    "colleague": event.colleague,
                    "first_day": event.first_day,
                    "last_day": event.last_day,
                    "substitute": event.substitute,
                }
            case AbsenceCancelled() as event:
                cancelled.add(event.absence)
            case _:
                pass
    upsert(db, table, ["absence"], recorded.values())
    # Last of all, for what is cancelled is never recorded again.
    forget(db, table, "absence", cancelled)


projection = Projection(
    name="absences",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(AbsenceRecorded, AbsenceCancelled),
    project=project,
)
