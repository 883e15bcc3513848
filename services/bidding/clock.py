"""The clock that bids are received by: the database's, which is one for all processes."""

from datetime import datetime
from typing import Protocol, cast

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.ports import Clock


class BidClock(Protocol):
    async def now(self) -> datetime:
        """The time by which a bid that has come whole is in time or late."""
        ...


class DatabaseClock:
    """The time of the very moment at which it is asked, not of a transaction's beginning."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[tuple[object, ...]]]) -> None:
        self._pool = pool

    async def now(self) -> datetime:
        async with self._pool.connection() as db:
            cursor = await db.execute("SELECT clock_timestamp()")
            row = await cursor.fetchone()
        return cast("tuple[datetime]", row)[0]


class ToldClock:
    """Another clock's time, for one that is set by hand."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def now(self) -> datetime:
        return self._clock.now()
