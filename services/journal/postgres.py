"""The journal's rows in PostgreSQL: each call is one database function and one transaction."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, Self, TypeAlias, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import AsyncConnectionPool

from events.journal import Matter
from services.database import SERVER, Row, async_pool
from services.journal.gathering import Gathering
from services.journal.ports import Change, Claim, NewEntry, Resource
from services.journal.rows import ENTRY, changed, claims_of, held, taken_in
from services.journal.waking import Waking
from services.ports import StoreUnavailable

DEADLINE_SECONDS: Final = 10.0
BELIEVED_SECONDS: Final = 1.0

_Held: TypeAlias = tuple[Matter, int]
"""A matter and the epoch under which it is held."""

_CALLS: Final[Mapping[str, str]] = {
    "take_in": """SELECT {schema}.journal_take_in(%b::uuid[], %b::uuid[], %b::text[], %b::text[],
        %b::uuid[], %b::text[], %b::integer[], %b::bigint[], %b::timestamptz[], %b::integer[],
        %b::integer[], %b::text[])""",
    "wake": "SELECT {schema}.journal_wake(%b::uuid[])",
    "claim": """SELECT held_epoch, held_kind, {entry}
        FROM {schema}.journal_claim(%b::uuid, %b::integer, %b::interval),
            LATERAL (SELECT (held_entry).*) AS e""",
    "change": """SELECT {schema}.journal_change(%b::uuid[], %b::bigint[], %b::uuid[], %b::text[],
        %b::bigint[], %b::text[], %b::text[], %b::text[], %b::interval[], %b::text[],
        %b::uuid[], %b::bigint[])""",
    "extend": "SELECT {schema}.journal_extend(%b::uuid[], %b::bigint[], %b::interval)",
    "resource": """SELECT version, busy IS NOT NULL, esdh_ids
        FROM {schema}.journal_resource WHERE name = %b""",
    "next_due": "SELECT {schema}.journal_next_due()",
}

# The server or the way to it failed; also a call that took too long, a pool that had nothing to
# lend, and a server that has become a replica since we connected to it.
_PASSING: Final = (
    TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
)


class PostgresJournal:
    """`services.journal.ports.Journal` of one migrated organisation.

    Belongs to one event loop, and is open while its block lasts. A call that is not answered
    within `deadline_seconds` raises `StoreUnavailable`. Changes and releases that are asked for
    while others are under way share the next call, for each call costs a flush to disk.
    """

    def __init__(
        self,
        conninfo: str,
        organisation: str,
        *,
        size: int = 8,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._pool = async_pool(
            conninfo,
            organisation,
            size=size,
            application_name="journal",
            configure=self._look_at_server,
            check=self._check,
        )
        self._server: object = None
        self._seconds = deadline_seconds
        self._waking = Waking()
        self._writes: Gathering[Change | _Held, bool] = Gathering(self._write)
        self._answered: WeakKeyDictionary[AsyncConnection[Row], float] = WeakKeyDictionary()
        schema = Identifier(organisation)
        entry = SQL(", ").join(map(Identifier, ENTRY))
        self._calls: dict[str, Composed] = {
            name: SQL(text).format(schema=schema, entry=entry) for name, text in _CALLS.items()
        }

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    @property
    def server(self) -> object:
        """Changes when the database server was started anew, perhaps from an older backup."""
        return self._server

    async def wait(self, seconds: float) -> None:
        """Sleep, at most so long; less when something was taken in or woken in this process."""
        await self._waking.wait(seconds)

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        if not entries:
            return 0
        ((added,),) = await self._call("take_in", taken_in(entries))
        self._waking.ring()
        return cast("int", added)  # the function's type

    async def wake(self, matters: Sequence[Matter]) -> None:
        if matters:
            await self._call("wake", [[matter.id for matter in matters]])
            self._waking.ring()

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        lease = timedelta(seconds=lease_seconds)
        return claims_of(await self._call("claim", [worker, limit, lease]))

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        return await self._writes.ask(changes) if changes else []

    async def extend(self, claims: Sequence[tuple[Matter, int]], *, lease_seconds: float) -> None:
        if claims:
            await self._call("extend", [*held(claims), timedelta(seconds=lease_seconds)])

    async def release(self, claims: Sequence[tuple[Matter, int]]) -> None:
        if claims:
            await self._writes.ask(claims)

    async def resource(self, name: str) -> Resource:
        rows = await self._call("resource", [name])
        if not rows:
            return Resource(version=0, busy=False, esdh_ids=[])
        version, busy, esdh_ids = cast("tuple[int, bool, list[str]]", rows[0])  # the columns named
        return Resource(version=version, busy=busy, esdh_ids=esdh_ids)

    async def next_due(self) -> float | None:
        ((seconds,),) = await self._call("next_due", [])
        return cast("float | None", seconds)  # the function's type

    async def _look_at_server(self, connection: AsyncConnection[Row]) -> None:
        found = await connection.execute(SERVER)
        self._server = await found.fetchone()

    async def _write(self, asked: Sequence[Change | _Held]) -> Sequence[bool]:
        """The changes first: whoever lets go of a matter has no more to say of it."""
        changes = [each for each in asked if not isinstance(each, tuple)]
        releases = [each for each in asked if isinstance(each, tuple)]
        ((made,),) = await self._call("change", [*changed(changes), *held(releases)])
        answers = iter(cast("list[bool]", made))  # the function's type
        return [isinstance(each, tuple) or next(answers) for each in asked]

    async def _call(self, name: str, arguments: Sequence[object]) -> list[Row]:
        try:
            async with asyncio.timeout(self._seconds):
                try:
                    return await self._once(name, arguments)
                except (psycopg.OperationalError, psycopg.InterfaceError):
                    if not self._answered:
                        raise
                    # It was believed and may have been dead. Repeating a call does no harm, and
                    # now every connection is asked first.
                    self._answered.clear()
                    return await self._once(name, arguments)
        except _PASSING as error:
            raise StoreUnavailable(f"journal: {type(error).__name__}") from error

    async def _once(self, name: str, arguments: Sequence[object]) -> list[Row]:
        async with self._pool.connection() as db:
            cursor = await db.execute(self._calls[name], arguments, prepare=True)
            rows = await cursor.fetchall()
            self._answered[db] = time.monotonic()
            return rows

    async def _check(self, db: AsyncConnection[Row]) -> None:
        """One that answered a moment ago is believed: to ask costs as much as what is to come."""
        if time.monotonic() - self._answered.get(db, -BELIEVED_SECONDS) >= BELIEVED_SECONDS:
            await AsyncConnectionPool.check_connection(db)
