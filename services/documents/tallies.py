"""How many documents are held, for whoever watches."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`oldest` is when the first of them was sent."""

    state: str
    number: int
    oldest: datetime


async def tallies(db: AsyncConnection[tuple[object, ...]]) -> list[Tally]:
    """How many are held in each state that has any."""
    async with db.cursor(row_factory=class_row(Tally)) as cursor:
        await cursor.execute(
            "SELECT state, count(*) AS number, min(uploaded_at) AS oldest FROM document"
            " WHERE state IN ('waiting', 'quarantined') GROUP BY state"
        )
        return await cursor.fetchall()
