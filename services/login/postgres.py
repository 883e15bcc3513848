"""Pending logins, sessions and known persons in PostgreSQL: each call is one transaction."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from events.ids import ActorId
from services import people
from services.catalogue.service import LoginLevel
from services.database import Row
from services.login.authorising import PendingLogin
from services.login.sessions import StoredSession
from services.people import Acquaintance
from services.ports import StoreUnavailable
from services.privacy.person_keys import PersonKeys

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[Row]]
T = TypeVar("T", PendingLogin, StoredSession)

_KEEP_PENDING: Final = """
    INSERT INTO login_pending (state, browser, issuer, level, max_age, return_to, expires_at)
    VALUES (%(state)s, %(browser)s, %(issuer)s, %(level)s, %(max_age)s, %(return_to)s,
        %(expires_at)s)"""
_TAKE_PENDING: Final = """
    DELETE FROM login_pending WHERE state = %(state)s
    RETURNING issuer, browser, level, max_age, return_to, expires_at"""
_COLUMNS: Final = """id, owner, issuer, subject, issuer_session, level, authenticated_at, began_at,
    used_at, ends_at, sealed"""
_KEEP_SESSION: Final = f"""
    INSERT INTO login_session (key, {_COLUMNS})
    VALUES (%(key)s, %(id)s, %(owner)s, %(issuer)s, %(subject)s, %(issuer_session)s, %(level)s,
        %(authenticated_at)s, %(began_at)s, %(used_at)s, %(ends_at)s, %(sealed)s)"""  # noqa: S608 - constants
_FIND: Final = f"SELECT {_COLUMNS} FROM login_session WHERE key = %(key)s"  # noqa: S608 - constants
_LIVING: Final = """
    SELECT id FROM login_session WHERE id = ANY (%(sessions)s)
        AND ends_at > %(now)s AND used_at > %(used_after)s"""
_OF: Final = f"""
    SELECT {_COLUMNS} FROM login_session WHERE owner = %(owner)s
    ORDER BY began_at DESC, id DESC"""  # noqa: S608 - constants
_NOTE_USE: Final = """
    UPDATE login_session SET used_at = greatest(used_at, %(at)s) WHERE key = %(key)s"""
_SWAP: Final = """
    UPDATE login_session SET id = %(id)s, sealed = %(sealed)s
    WHERE key = %(key)s AND sealed = %(former)s"""
_END: Final = "DELETE FROM login_session WHERE key = %(key)s"
_END_OF: Final = "DELETE FROM login_session WHERE owner = %(owner)s AND id = %(id)s"
_END_BY_ISSUER: Final = """
    DELETE FROM login_session WHERE issuer = %(issuer)s AND began_at <= %(until)s
        AND (%(subjects)s::bytea[] IS NULL OR subject = ANY (%(subjects)s))
        AND (%(sessions)s::bytea[] IS NULL OR issuer_session = ANY (%(sessions)s))"""
_NAME_OF: Final = """
    SELECT person FROM login_pseudonym WHERE pseudonym = ANY (%(pseudonyms)s)
    ORDER BY array_position(%(pseudonyms)s, pseudonym) DESC LIMIT 1"""
_NAME: Final = """
    INSERT INTO login_pseudonym (pseudonym, person) VALUES (%(pseudonym)s, %(person)s)
    ON CONFLICT (pseudonym) DO NOTHING"""
# Two first logins of one person at once must agree, whichever pseudonyms each of them has.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%(pseudonym)s, 11))"

_PASSING: Final = (TimeoutError, psycopg.OperationalError, psycopg.InterfaceError)


@asynccontextmanager
async def _transaction(pool: Pool) -> AsyncIterator[AsyncConnection[Row]]:
    """Where one statement is not enough; each by itself is a transaction already."""
    async with _connection(pool) as db, db.transaction():
        yield db


@asynccontextmanager
async def _connection(pool: Pool) -> AsyncIterator[AsyncConnection[Row]]:
    try:
        async with pool.connection() as db:
            yield db
    except _PASSING as error:
        raise StoreUnavailable(f"login: {type(error).__name__}") from error


async def _run(pool: Pool, query: str, given: Mapping[str, object]) -> int:
    async with _connection(pool) as db:
        return (await db.execute(query.encode(), given)).rowcount


async def _rows(pool: Pool, kind: type[T], query: str, given: Mapping[str, object]) -> list[T]:
    async with _connection(pool) as db, db.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query.encode(), given)
        return await cursor.fetchall()


class PostgresPendingLogins:
    """`services.login.authorising.PendingLogins` of the organisation that the pool is pinned to."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, state: bytes, pending: PendingLogin) -> None:
        await _run(self._pool, _KEEP_PENDING, {"state": state, **asdict(pending)})

    async def take(self, state: bytes) -> PendingLogin | None:
        found = await _rows(self._pool, PendingLogin, _TAKE_PENDING, {"state": state})
        return _leveled(found[0]) if found else None


class PostgresSessions:
    """`services.login.sessions.SessionStore` of the organisation that the pool is pinned to."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, key: bytes, session: StoredSession, *, replacing: bytes | None) -> None:
        async with _transaction(self._pool) as db:
            if replacing is not None:
                await db.execute(_END.encode(), {"key": replacing})
            await db.execute(_KEEP_SESSION.encode(), {"key": key, **asdict(session)})

    async def find(self, key: bytes) -> StoredSession | None:
        found = await _rows(self._pool, StoredSession, _FIND, {"key": key})
        return _leveled(found[0]) if found else None

    async def living(
        self, sessions: Collection[UUID], *, now: datetime, used_after: datetime
    ) -> set[UUID]:
        given = {"sessions": [*sessions], "now": now, "used_after": used_after}
        async with _connection(self._pool) as db:
            rows = await (await db.execute(_LIVING.encode(), given)).fetchall()
            return {found for (found,) in rows if isinstance(found, UUID)}

    async def note_use(self, key: bytes, at: datetime) -> None:
        await _run(self._pool, _NOTE_USE, {"key": key, "at": at})

    async def swap(self, key: bytes, former: bytes, *, id: UUID, sealed: bytes) -> bool:  # noqa: A002 - its own name
        given = {"key": key, "former": former, "id": id, "sealed": sealed}
        return await _run(self._pool, _SWAP, given) > 0

    async def end(self, key: bytes) -> bool:
        return await _run(self._pool, _END, {"key": key}) > 0

    async def of(self, owner: ActorId) -> Sequence[StoredSession]:
        found = await _rows(self._pool, StoredSession, _OF, {"owner": owner})
        return [_leveled(each) for each in found]

    async def end_of(self, owner: ActorId, session: UUID) -> bool:
        return await _run(self._pool, _END_OF, {"owner": owner, "id": session}) > 0

    async def end_by_issuer(
        self,
        issuer: str,
        *,
        subjects: Collection[bytes] | None,
        sessions: Collection[bytes] | None,
        until: datetime,
    ) -> int:
        given = {
            "issuer": issuer,
            "subjects": None if subjects is None else list(subjects),
            "sessions": None if sessions is None else list(sessions),
            "until": until,
        }
        return await _run(self._pool, _END_BY_ISSUER, given)


class PostgresKnownPersons:
    """`services.login.acting.KnownPersons` of the organisation that the pool is pinned to."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def name_of(self, pseudonyms: tuple[str, ...]) -> str:
        async with _transaction(self._pool) as db:
            # The last is the oldest key's, which every process that knows the person has.
            await db.execute(_ONE_AT_A_TIME.encode(), {"pseudonym": pseudonyms[-1]})
            rows = await db.execute(_NAME_OF.encode(), {"pseudonyms": list(pseudonyms)})
            found = await rows.fetchone()
            name = pseudonyms[0] if found is None else str(found[0])
            for each in pseudonyms:
                await db.execute(_NAME.encode(), {"pseudonym": each, "person": name})
            return name

    async def introduce(self, pseudonyms: tuple[str, ...], name: str) -> None:
        async with _transaction(self._pool) as db:
            for each in pseudonyms:
                await db.execute(_NAME.encode(), {"pseudonym": each, "person": name})


class PostgresAcquaintances:
    """`services.login.acquainting.Acquaintances`, sealed by the persons' own keys."""

    def __init__(self, pool: Pool, keys: PersonKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def note(self, who: Acquaintance) -> None:
        async with _connection(self._pool) as db:
            await people.note(db, self._keys, who)

    async def leave(self, staff: ActorId) -> None:
        async with _connection(self._pool) as db:
            await people.leave(db, staff)


def _leveled(found: T) -> T:
    """The driver gives the level as the text that it is stored as."""
    return replace(found, level=LoginLevel(found.level))
