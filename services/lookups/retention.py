"""Looks are forgotten when an organisation's time for them is up."""

from datetime import datetime
from typing import Final

import structlog
from psycopg import Connection

from services.deadlines import local_date

log = structlog.get_logger()

AT_ONCE: Final = 1_000
"""So few that nobody waits for them; whoever calls comes again in a second."""


def forget_old(db: Connection[tuple[object, ...]], months: int, now: datetime) -> int:
    """Delete looks that are older than that many calendar months, and reasons that have ended.

    A reason is kept in each look that it was given for.
    """
    forgotten = db.execute(
        """
        DELETE FROM lookup WHERE id IN (
            SELECT id FROM lookup
            WHERE at < (%s::date - make_interval(months => %s)) AT TIME ZONE 'Europe/Copenhagen'
            ORDER BY at LIMIT %s
        )
        """,
        (local_date(now), months, AT_ONCE),
    ).rowcount
    db.execute("DELETE FROM lookup_reason WHERE ends_at < %s", (now,))
    if forgotten:
        log.info("lookups_forgotten", rows=forgotten)
    return forgotten
