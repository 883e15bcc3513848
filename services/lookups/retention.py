"""Looks are forgotten when an organisation's time for them is up."""

from datetime import date, datetime, time, timedelta
from typing import Final

import structlog
from psycopg import Connection

from services.clock import COPENHAGEN
from services.deadlines import local_date

log = structlog.get_logger()

AT_ONCE: Final = 1_000
"""So few that nobody waits for them; whoever calls comes again in a second."""
_MONTHS_A_YEAR: Final = 12


def forget_old(db: Connection[tuple[object, ...]], months: int, now: datetime) -> int:
    """Delete looks that are older than that many calendar months, and reasons that have ended.

    A reason is kept in each look that it was given for.
    """
    began = datetime.combine(_months_before(local_date(now), months), time(), COPENHAGEN)
    forgotten = db.execute(
        """
        DELETE FROM lookup WHERE id IN (SELECT id FROM lookup WHERE at < %s ORDER BY at LIMIT %s)
        """,
        (began, AT_ONCE),
    ).rowcount
    db.execute("DELETE FROM lookup_reason WHERE ends_at < %s", (now,))
    if forgotten:
        log.info("lookups_forgotten", rows=forgotten)
    return forgotten


def _months_before(day: date, months: int) -> date:
    """The same day of the month; the last one where the month is shorter."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 - months, _MONTHS_A_YEAR)
    after = date(year + (month + 1) // _MONTHS_A_YEAR, (month + 1) % _MONTHS_A_YEAR + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))
