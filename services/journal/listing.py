"""What people and alarms ask of the journal: what lies there, what does not yet, and since when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Composable, Composed

from events.journal import DifferenceKind
from services.database import Row
from services.journal.ports import EntryState

_OLDEST: Final = "SELECT min(recorded_at) FROM journal_entry WHERE NOT done"
_COUNTS: Final = "SELECT state, count(*) FROM journal_entry WHERE NOT done GROUP BY state"

_DIFFERENCES: Final = "SELECT kind, count(*) FROM journal_difference GROUP BY kind"

_LISTED: Final = SQL(
    """SELECT e.entry, e.matter, m.kind AS matter_kind, e.kind, e.event_id, e.stream, e.version,
        e.position, e.part, e.parts, e.recorded_at, e.resource, e.state, e.attempts, e.due_at,
        e.failing_since, e.error, e.receipt, e.changed_at
    FROM journal_entry AS e JOIN journal_matter AS m USING (matter)"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """An entry as people see it; `services.journal.ports.Entry` says what the columns mean.

    `changed_at` is when its state was last written, by the database's clock.
    """

    entry: UUID
    matter: UUID
    matter_kind: str
    kind: str
    event_id: UUID
    stream: str
    version: int
    position: int
    part: int
    parts: int
    recorded_at: datetime
    resource: str | None
    state: str
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    receipt: str | None
    changed_at: datetime


async def entries(
    db: AsyncConnection[Row],
    *,
    states: Collection[EntryState] | None = None,
    matter: UUID | None = None,
    after: tuple[int, int] | None = None,
    limit: int,
) -> list[JournalRow]:
    """At most `limit` entries in the order of the log, those after a position and part only.

    `states` None is any state, and `matter` None any matter.
    """
    statement, wanted = page_query(states, matter, after)
    async with db.cursor(row_factory=class_row(JournalRow)) as cursor:
        await cursor.execute(statement, {**wanted, "limit": limit})
        return await cursor.fetchall()


def page_query(
    states: Collection[EntryState] | None,
    matter: UUID | None,
    after: tuple[int, int] | None,
) -> tuple[Composed, dict[str, object]]:
    """Only the conditions that are asked for, so that an index can serve each combination."""
    conditions: list[Composable] = []
    wanted: dict[str, object] = {}
    if states is not None:
        wanted["states"] = [state.value for state in states]
        conditions.append(SQL("e.state = ANY (%(states)s::text[])"))
        if EntryState.DONE not in states:
            conditions.append(SQL("NOT e.done"))
    if matter is not None:
        wanted["matter"] = matter
        conditions.append(SQL("e.matter = %(matter)s"))
    if after is not None:
        wanted["position"], wanted["part"] = after
        conditions.append(SQL("(e.position, e.part) > (%(position)s, %(part)s)"))
    where = SQL(" WHERE ") + SQL(" AND ").join(conditions) if conditions else SQL("")
    order = SQL(" ORDER BY e.position, e.part LIMIT %(limit)s")
    return _LISTED + where + order, wanted


def oldest_unjournalised(db: Connection[Row]) -> datetime | None:
    """When the oldest fact was recorded that does not all lie in the records system.

    None when nothing is left to do. What waits for a person counts as much as anything else.
    """
    return _oldest(db.execute(_OLDEST).fetchall())


async def oldest_unjournalised_async(db: AsyncConnection[Row]) -> datetime | None:
    """As `oldest_unjournalised`."""
    return _oldest(await (await db.execute(_OLDEST)).fetchall())


def unfinished_counts(db: Connection[Row]) -> dict[EntryState, int]:
    """How many entries are in each state but `done`, which is all that ever was; 0 for none."""
    return _counts(db.execute(_COUNTS).fetchall())


async def unfinished_counts_async(db: AsyncConnection[Row]) -> dict[EntryState, int]:
    """As `unfinished_counts`."""
    return _counts(await (await db.execute(_COUNTS)).fetchall())


async def differences_async(db: AsyncConnection[Row]) -> dict[DifferenceKind, int]:
    """How many differences reconciliation last saw of each kind, 0 for none."""
    counts = dict.fromkeys(DifferenceKind, 0)
    for kind, count in await (await db.execute(_DIFFERENCES)).fetchall():
        counts[DifferenceKind(cast("str", kind))] = cast("int", count)  # the columns' types
    return counts


def _oldest(rows: Sequence[Row]) -> datetime | None:
    ((found,),) = rows
    return cast("datetime | None", found)  # the column's type


def _counts(rows: Sequence[Row]) -> dict[EntryState, int]:
    counts: dict[EntryState, int] = {
        state: 0 for state in EntryState if state is not EntryState.DONE
    }
    for state, count in rows:
        counts[EntryState(cast("str", state))] = cast("int", count)  # the columns' types
    return counts
