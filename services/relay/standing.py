"""How far those have come who read the log on behalf of everybody: Kafka, the sync, the post."""

from dataclasses import dataclass
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderStanding:
    """`safe_position` is the end of the log for readers; `lag_facts` counts all facts between, and
    `lag_seconds` is the age of the oldest of them, 0 when there is none.

    `epoch` is raised whenever another process takes over.
    """

    name: str
    position: int
    epoch: int
    safe_position: int
    lag_facts: int
    lag_seconds: float


# The end of the log is read after the positions, so that a lag is never negative.
_STANDINGS: Final = b"""
    WITH reader AS MATERIALIZED (
        SELECT name, position, epoch FROM relay
        UNION ALL SELECT consumer, position, epoch FROM feed_position
    ), safe AS MATERIALIZED (
        SELECT safe_position() AS position FROM (SELECT count(*) FROM reader) AS first
    )
    SELECT reader.name, reader.position, reader.epoch, safe.position AS safe_position,
        lag.facts AS lag_facts,
        coalesce(extract(epoch FROM clock_timestamp() - lag.since), 0)::float8 AS lag_seconds
    FROM reader CROSS JOIN safe CROSS JOIN LATERAL (
        SELECT count(*) AS facts, min(recorded_at) AS since FROM events
        WHERE notification_id > reader.position AND notification_id <= safe.position
    ) AS lag
    ORDER BY reader.name"""


async def reader_standings(db: AsyncConnection[object]) -> list[ReaderStanding]:
    """Of each that has ever read, by name."""
    async with db.cursor(row_factory=class_row(ReaderStanding)) as cursor:
        await cursor.execute(_STANDINGS)
        return await cursor.fetchall()
