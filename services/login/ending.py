"""Ending other people's sessions, by whoever runs the site (ASVS 5.0, 7.4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row

from events.ids import ActorId
from services.database import Row
from services.people import LEAVE

_LIST: Final = b"""
    SELECT owner, count(*) AS sessions, max(used_at) AS used_at FROM login_session
    WHERE ends_at > %s GROUP BY owner ORDER BY max(used_at) DESC, owner LIMIT %s"""
_END: Final = b"DELETE FROM login_session WHERE %(owner)s::text IS NULL OR owner = %(owner)s"

_COUNT: Final = b"""
    SELECT split_part(owner, ':', 1) AS kind, count(*) AS sessions,
        count(DISTINCT owner) AS persons, max(used_at) AS used_at
    FROM login_session WHERE ends_at > %s GROUP BY kind ORDER BY kind"""

LISTED_AT_MOST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """How many sessions somebody has, and when one was last used."""

    owner: str
    sessions: int
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCount:
    """`kind` is whose: person or staff."""

    kind: str
    sessions: int
    persons: int
    used_at: datetime


def logged_in(db: Connection[Row], now: datetime) -> Sequence[LoggedIn]:
    """Whoever has a session that has not lasted its time, the last used first."""
    with db.cursor(row_factory=class_row(LoggedIn)) as cursor:
        return cursor.execute(_LIST, [now, LISTED_AT_MOST]).fetchall()


def give_no_more(db: Connection[Row], owner: ActorId) -> bool:
    """No case is given to a colleague any longer, until they log in again; whether one was."""
    return db.execute(LEAVE, [owner]).rowcount > 0


def end_sessions(db: Connection[Row], owner: ActorId | None) -> int:
    """End all of one person's, or everybody's where `owner` is None; how many there were."""
    return db.execute(_END, {"owner": owner}).rowcount


async def counted(db: AsyncConnection[Row], now: datetime) -> Sequence[SessionCount]:
    """How many sessions there are that have not lasted their time, and of how many persons."""
    async with db.cursor(row_factory=class_row(SessionCount)) as cursor:
        await cursor.execute(_COUNT, [now])
        return await cursor.fetchall()
