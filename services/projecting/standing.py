"""How far each view has come, how far behind it is, and what it has parked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.sql import SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`safe_position` is the end of the log for readers.

    `lag_facts` counts all facts after `position`, whether or not they concern the view;
    `lag_seconds` is the age of the oldest of them, 0 when there is none.
    """

    name: str
    generation: int
    version: int
    position: int
    safe_position: int
    lag_facts: int
    lag_seconds: float
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedFact:
    """One that a live view could not take in; `error` is None where it waits behind another."""

    name: str
    position: int
    stream: str
    error: str | None
    attempts: int
    parked_at: datetime


# The end of the log is read after the positions, so that a lag is never negative.
_STANDINGS: Final = SQL("""
    WITH view AS MATERIALIZED (
        SELECT name, generation, version, position, parked FROM projection WHERE state = 'live'
    ), safe AS MATERIALIZED (
        SELECT safe_position() AS position FROM (SELECT count(*) FROM view) AS first
    )
    SELECT view.name, view.generation, view.version, view.position, view.parked,
        safe.position AS safe_position, lag.facts AS lag_facts,
        coalesce(extract(epoch FROM clock_timestamp() - lag.since), 0)::float8 AS lag_seconds
    FROM view CROSS JOIN safe CROSS JOIN LATERAL (
        SELECT count(*) AS facts, min(recorded_at) AS since FROM events
        WHERE notification_id > view.position AND notification_id <= safe.position
    ) AS lag
    ORDER BY view.name""")


def standings(db: Connection[object]) -> list[Standing]:
    """One for each projection, by name."""
    with db.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(_STANDINGS).fetchall()


async def standings_now(db: AsyncConnection[object]) -> list[Standing]:
    """The same for an event loop."""
    async with db.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(_STANDINGS)
        return await cursor.fetchall()


_PARKED: Final = SQL("""
    SELECT name, parked.position, stream, error, attempts, parked_at
    FROM parked JOIN projection USING (name, generation)
    WHERE projection.state = 'live' ORDER BY name, parked.position LIMIT %s""")


async def parked_now(db: AsyncConnection[object], limit: int) -> list[ParkedFact]:
    """What the live views have parked, by view, the oldest first."""
    async with db.cursor(row_factory=class_row(ParkedFact)) as cursor:
        await cursor.execute(_PARKED, [limit])
        return await cursor.fetchall()
