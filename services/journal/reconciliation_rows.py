"""What reconciliation reads of our own side: the log, the entries, and the differences known."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final, LiteralString, Protocol, cast
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from events.ids import EntryId
from events.journal import DifferenceKind, Matter, MatterKind
from services.database import Row, pinned
from services.feed.port import FactRef
from services.journal.comparing import Difference, FiledEntry
from services.journal.ports import REPEATABLE, EntryKind, EntryState
from services.ports import StoreUnavailable

AT_ONCE: Final = 500
STATEMENT_SECONDS: Final = 300.0
ADDING: Final = [kind.value for kind in EntryKind if kind not in {*REPEATABLE, EntryKind.CASE}]

_LOCK: Final[LiteralString] = (
    "hashtextextended(current_schema() || '.reconciling', 0) | (1::bigint << 63)"
)
_ALONE: Final[LiteralString] = f"SELECT pg_try_advisory_lock({_LOCK})"
_DONE: Final[LiteralString] = f"SELECT pg_advisory_unlock({_LOCK})"
_WITHOUT_ENTRY: Final[LiteralString] = """
    SELECT e.event_id, e.originator_id, e.originator_version, e.notification_id, e.topic
    FROM events AS e
    WHERE e.topic = ANY (%s::text[]) AND e.notification_id <= safe_position()
        AND e.recorded_at <= clock_timestamp() - %s::interval
        AND NOT EXISTS (SELECT FROM journal_entry AS j WHERE j.event_id = e.event_id)
    ORDER BY e.notification_id LIMIT %s"""
_CASES: Final[LiteralString] = """
    SELECT DISTINCT esdh_id FROM journal_entry WHERE esdh_id > %s ORDER BY esdh_id LIMIT %s"""
_ON_CASE: Final[LiteralString] = """
    SELECT e.entry, m.kind, e.matter, e.esdh_id
    FROM journal_entry AS e JOIN journal_matter AS m USING (matter)
    WHERE e.esdh_id = %s AND e.state IN ('filed', 'done') AND e.receipt <> ''
        AND e.kind = ANY (%s::text[])
    ORDER BY e.position, e.part"""
_OWNER: Final[LiteralString] = """
    SELECT m.kind, e.matter FROM journal_entry AS e JOIN journal_matter AS m USING (matter)
    WHERE e.esdh_id = %s ORDER BY e.kind <> 'case', e.position, e.part LIMIT 1"""
_KNOWN: Final[LiteralString] = """
    SELECT e.entry, m.kind, e.matter, CASE WHEN e.state IN ('filed', 'done') THEN e.esdh_id END
    FROM journal_entry AS e JOIN journal_matter AS m USING (matter)
    WHERE e.entry = ANY (%s::uuid[])"""
_BLOCKED: Final[LiteralString] = """
    SELECT m.kind, e.matter, e.entry, e.state
    FROM journal_entry AS e JOIN journal_matter AS m USING (matter)
    WHERE NOT e.done AND e.state IN ('choice', 'refused')"""
_DIFFERENCES: Final[LiteralString] = """
    SELECT kind, reference, esdh_id, matter_kind, matter FROM journal_difference
    WHERE esdh_id = %s"""
_FOUND: Final[LiteralString] = """
    INSERT INTO journal_difference (kind, reference, esdh_id, matter_kind, matter)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
_SETTLED: Final[LiteralString] = """
    DELETE FROM journal_difference WHERE kind = %s AND reference = %s AND esdh_id = %s"""


class OurSide(Protocol):
    """Raises `services.ports.StoreUnavailable` when the database does not answer."""

    async def facts_without_entry(
        self, names: Collection[str], *, older_than: timedelta
    ) -> Sequence[FactRef]: ...

    async def cases(self, after: str) -> Sequence[str]: ...

    async def filed_on(self, esdh_id: str) -> Sequence[FiledEntry]: ...

    async def owner_of(self, esdh_id: str) -> Matter | None: ...

    async def known(self, entries: Collection[EntryId]) -> Mapping[EntryId, FiledEntry | None]: ...

    async def blocked(self) -> Sequence[tuple[Matter, EntryId, EntryState]]: ...

    async def differences_on(self, esdh_id: str) -> Sequence[Difference]: ...

    async def keep(self, difference: Difference) -> None: ...

    async def drop(self, difference: Difference) -> None: ...


class PostgresOurSide:
    """On one connection, by one task."""

    def __init__(self, db: AsyncConnection[Row]) -> None:
        self._db = db

    async def facts_without_entry(
        self, names: Collection[str], *, older_than: timedelta
    ) -> Sequence[FactRef]:
        rows = await self._rows(_WITHOUT_ENTRY, (list(names), older_than, AT_ONCE))
        return [
            FactRef(event_id=event_id, stream=stream, version=version, position=position, name=name)
            for event_id, stream, version, position, name in cast(
                "list[tuple[UUID, str, int, int, str]]", rows
            )
        ]

    async def cases(self, after: str) -> Sequence[str]:
        return [str(esdh_id) for (esdh_id,) in await self._rows(_CASES, (after, AT_ONCE))]

    async def filed_on(self, esdh_id: str) -> Sequence[FiledEntry]:
        rows = await self._rows(_ON_CASE, (esdh_id, ADDING))
        return [filed for filed in (_filed(row) for row in rows) if filed is not None]

    async def owner_of(self, esdh_id: str) -> Matter | None:
        rows = await self._rows(_OWNER, (esdh_id,))
        return _matter(*rows[0]) if rows else None

    async def known(self, entries: Collection[EntryId]) -> Mapping[EntryId, FiledEntry | None]:
        rows = await self._rows(_KNOWN, (list(entries),))
        return {EntryId(cast("UUID", row[0])): _filed(row) for row in rows}

    async def blocked(self) -> Sequence[tuple[Matter, EntryId, EntryState]]:
        return [
            (_matter(kind, matter), EntryId(cast("UUID", entry)), EntryState(str(state)))
            for kind, matter, entry, state in await self._rows(_BLOCKED, ())
        ]

    async def differences_on(self, esdh_id: str) -> Sequence[Difference]:
        return [
            Difference(
                kind=DifferenceKind(str(kind)),
                reference=str(reference),
                esdh_id=str(there),
                matter=_matter(matter_kind, matter),
            )
            for kind, reference, there, matter_kind, matter in await self._rows(
                _DIFFERENCES, (esdh_id,)
            )
        ]

    async def keep(self, difference: Difference) -> None:
        matter = difference.matter
        given = (difference.kind, difference.reference, difference.esdh_id, matter.kind, matter.id)
        await self._execute(_FOUND, given)

    async def drop(self, difference: Difference) -> None:
        given = (difference.kind, difference.reference, difference.esdh_id)
        await self._execute(_SETTLED, given)

    async def _rows(self, statement: LiteralString, given: tuple[object, ...]) -> list[Row]:
        try:
            return await (await self._db.execute(statement, given)).fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError) as away:
            raise StoreUnavailable from away

    async def _execute(self, statement: LiteralString, given: tuple[object, ...]) -> None:
        try:
            await self._db.execute(statement, given)
        except (psycopg.OperationalError, psycopg.InterfaceError) as away:
            raise StoreUnavailable from away


@asynccontextmanager
async def our_side(conninfo: str, organisation: str) -> AsyncIterator[PostgresOurSide | None]:
    """For the one that reconciles; None while another process does.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    async with _connected(conninfo, organisation) as db:
        found = await (await db.execute(_ALONE)).fetchone()
        if found != (True,):
            yield None
            return
        yield PostgresOurSide(db)
        # The server lets go of it a moment after the connection is closed, and at once when that
        # was lost; whoever reconciles next should not be told that somebody still does.
        with suppress(psycopg.OperationalError):
            await db.execute(_DONE)


@asynccontextmanager
async def our_side_as_well(conninfo: str, organisation: str) -> AsyncIterator[PostgresOurSide]:
    """For what does no harm while another process reconciles.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    async with _connected(conninfo, organisation) as db:
        yield PostgresOurSide(db)


@asynccontextmanager
async def _connected(conninfo: str, organisation: str) -> AsyncIterator[AsyncConnection[Row]]:
    wanted = pinned(
        conninfo,
        organisation,
        application_name="reconciling",
        statement_seconds=STATEMENT_SECONDS,
    )
    try:
        db = await AsyncConnection[Row].connect(wanted, autocommit=True)
    except psycopg.OperationalError as away:
        raise StoreUnavailable from away
    async with db:
        yield db


def _matter(kind: object, matter: object) -> Matter:
    return Matter(kind=MatterKind(str(kind)), id=cast("UUID", matter))


def _filed(row: Row) -> FiledEntry | None:
    entry, kind, matter, esdh_id = row
    if esdh_id is None:
        return None
    return FiledEntry(
        entry=EntryId(cast("UUID", entry)), matter=_matter(kind, matter), esdh_id=str(esdh_id)
    )
