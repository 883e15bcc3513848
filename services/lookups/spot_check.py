"""A month's looks in figures, and some of them for a person to look into.

Datatilsynet's catalogue of measures asks for spot checks of the log, not only for a log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from services.clock import COPENHAGEN
from services.lookups.listing import Db, LookupRow

_SHARES: Final = """
    SELECT team, purpose, is_outside, count(*) AS times, count(DISTINCT person) AS persons
    FROM lookup WHERE at >= %s AND at < %s
    GROUP BY team, purpose, is_outside ORDER BY times DESC, team, purpose, is_outside"""
_SAMPLE: Final = """
    WITH drawn AS (
        SELECT id, at, person, team, shown, purpose, reason, is_outside, cases, criteria,
            md5(concat(id, at, person)) AS lot
        FROM lookup WHERE at >= %(first)s AND at < %(end)s
    ), outside AS (
        SELECT * FROM drawn WHERE is_outside ORDER BY lot LIMIT %(size)s / 2
    ), others AS (
        SELECT * FROM drawn WHERE id NOT IN (SELECT id FROM outside)
        ORDER BY lot LIMIT %(size)s - (SELECT count(*) FROM outside)
    )
    SELECT id, at, person, team, shown, purpose, reason, is_outside, cases, criteria
    FROM (SELECT * FROM outside UNION ALL SELECT * FROM others) AS found ORDER BY id DESC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often one team's staff looked for one purpose, and how many persons they were."""

    team: str
    purpose: str
    is_outside: bool
    times: int
    persons: int


async def shares(db: Db, month: str) -> Sequence[Share]:
    """All of a month, written as 2026-11; most looks first."""
    async with db.cursor(row_factory=class_row(Share)) as cursor:
        await cursor.execute(_SHARES, _span(month))
        return await cursor.fetchall()


async def sample(db: Db, month: str, size: int) -> Sequence[LookupRow]:
    """Drawn by lot, half of them from outside the case's team as far as there are so many.

    Nobody can know beforehand which of their looks will be drawn, and whoever asks again gets the
    same: the lot is a hash of what was looked at.
    """
    first, end = _span(month)
    async with db.cursor(row_factory=class_row(LookupRow)) as cursor:
        await cursor.execute(_SAMPLE, {"first": first, "end": end, "size": size})
        return await cursor.fetchall()


def _span(month: str) -> tuple[datetime, datetime]:
    """The month's beginning and end in Denmark."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=COPENHAGEN)
    after = (first + timedelta(days=31)).replace(day=1)
    return first, after
