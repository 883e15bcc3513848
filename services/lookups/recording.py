"""Writing looks down, before what was asked for is shown; and why somebody looks."""

from datetime import datetime
from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from events.ids import ActorId, CaseId
from services.lookups.lookup import REASON_LASTS, Lookup, Purpose, Why

Db: TypeAlias = AsyncConnection[tuple[object, ...]]


async def record(db: Db, lookup: Lookup) -> None:
    """Whoever is not written down is not shown anything: errors of the database pass."""
    given = (
        lookup.at,
        lookup.person,
        lookup.team,
        lookup.shown,
        lookup.why.purpose,
        lookup.why.reason,
        lookup.is_outside,
        list(lookup.cases),
        Jsonb(dict(lookup.criteria)),
    )
    await db.execute(
        """
        INSERT INTO lookup
            (at, person, team, shown, purpose, reason, is_outside, cases, criteria)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s)
        """,
        given,
    )


async def say_why(db: Db, person: ActorId, case_id: CaseId, why: Why, now: datetime) -> datetime:
    """Give until when it holds; what was said before is replaced."""
    ends_at = now + REASON_LASTS
    await db.execute(
        """
        INSERT INTO lookup_reason (person, case_id, purpose, reason, given_at, ends_at)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (person, case_id) DO UPDATE SET purpose = excluded.purpose,
            reason = excluded.reason, given_at = excluded.given_at, ends_at = excluded.ends_at
        """,
        (person, case_id, why.purpose, why.reason, now, ends_at),
    )
    return ends_at


async def said_why(db: Db, person: ActorId, case_id: CaseId, now: datetime) -> Why | None:
    """What holds now of what was said; None when nothing does."""
    found = await db.execute(
        """
        SELECT purpose, reason FROM lookup_reason
        WHERE person = %s AND case_id = %s AND ends_at > %s
        """,
        (person, case_id, now),
    )
    row = await found.fetchone()
    return None if row is None else Why(purpose=Purpose(str(row[0])), reason=str(row[1]))
