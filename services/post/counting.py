"""How many mails wait, or a person must see to: for administrators and meters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL

from services.database import Row
from services.post.listing import TO_DO, PostState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """`oldest` is since when the first of them has stood so."""

    channel: str
    state: PostState
    number: int
    oldest: datetime


# Of a tender that is not opened, their number would tell how many have bid.
_SHOWN: Final = SQL(
    """(SELECT * FROM post_mail WHERE EXISTS (
        SELECT FROM post_notification AS n WHERE n.mail = post_mail.mail AND NOT n.is_secret)
    ) AS shown"""
)
_COUNTS: Final = SQL(
    """
    SELECT CASE WHEN state = 'done' THEN fate ELSE 'waiting' END AS stands, count(*)
    FROM {} WHERE state <> 'done' OR fate IN ('bounced', 'failed', 'paper')
    GROUP BY stands"""
).format(_SHOWN)
_BY_CHANNEL: Final = SQL(
    """
    SELECT channel, CASE WHEN state = 'done' THEN fate ELSE 'waiting' END AS state,
        count(*) AS number, min(changed_at) AS oldest
    FROM {} WHERE state <> 'done' OR fate IN ('bounced', 'failed', 'paper')
    GROUP BY 1, 2 ORDER BY 1, 2"""
).format(_SHOWN)
_OLDEST: Final = SQL("SELECT min(failing_since) FROM {} WHERE state <> 'done'").format(_SHOWN)


async def counts(db: AsyncConnection[Row]) -> dict[PostState, int]:
    """How many mails wait, and how many a person must see to; 0 for none."""
    found = dict.fromkeys((PostState.WAITING, *TO_DO), 0)
    for stands, count in await (await db.execute(_COUNTS)).fetchall():
        found[PostState(cast("str", stands))] = cast("int", count)  # the columns' types
    return found


async def counts_by_channel(db: AsyncConnection[Row]) -> list[ChannelCount]:
    """How many mails of each channel wait, or a person must see to; none for none."""
    async with db.cursor(row_factory=class_row(ChannelCount)) as cursor:
        await cursor.execute(_BY_CHANNEL)
        return await cursor.fetchall()


async def failing_since(db: AsyncConnection[Row]) -> datetime | None:
    """Since when something has been tried in vain that is still tried."""
    ((found,),) = await (await db.execute(_OLDEST)).fetchall()
    return cast("datetime | None", found)  # the column's type
