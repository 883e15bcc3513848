"""Writing looks down, before what was asked for is shown; and why somebody looks.

What was searched for and why may name anybody. It is sealed by the key of whoever looked, for the
log of looks is kept about them, and goes by itself when its time is up.
"""

from datetime import datetime
from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from events.ids import ActorId, CaseId
from services.database import Row
from services.lookups.lookup import REASON_LASTS, Lookup, Purpose, Why
from services.privacy.person_keys import PersonKeys
from services.privacy.words import sealed_words

Db: TypeAlias = AsyncConnection[Row]


async def record(db: Db, keys: PersonKeys, lookup: Lookup) -> None:
    """Whoever is not written down is not shown anything: errors of the database pass."""
    sealer, criteria = await keys.of_one(db, lookup.person), dict(lookup.criteria)

    def sealed(what: str, value: object) -> str:
        place = f"person={lookup.person}/{lookup.at.isoformat()}/{what}"
        return sealed_words(sealer, lookup.person, place, value)

    given = (
        lookup.at,
        lookup.person,
        lookup.team,
        lookup.shown,
        lookup.why.purpose,
        lookup.why.reason and sealed("reason", lookup.why.reason),
        lookup.is_outside,
        list(lookup.cases),
        Jsonb(criteria and sealed("criteria", criteria)),
    )
    await db.execute(
        """
        INSERT INTO lookup
            (at, person, team, shown, purpose, reason, is_outside, cases, criteria)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s)
        """,
        given,
    )


async def say_why(
    db: Db, keys: PersonKeys, person: ActorId, case_id: CaseId, why: Why, now: datetime
) -> datetime:
    """Give until when it holds; what was said before is replaced."""
    ends_at = now + REASON_LASTS
    place = f"person={person}/{case_id}/reason"
    reason = sealed_words(await keys.of_one(db, person), person, place, why.reason)
    await db.execute(
        """
        INSERT INTO lookup_reason (person, case_id, purpose, reason, given_at, ends_at)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (person, case_id) DO UPDATE SET purpose = excluded.purpose,
            reason = excluded.reason, given_at = excluded.given_at, ends_at = excluded.ends_at
        """,
        (person, case_id, why.purpose, reason, now, ends_at),
    )
    return ends_at


async def said_why(db: Db, person: ActorId, case_id: CaseId, now: datetime) -> Why | None:
    """What holds now of what was said; None when nothing does."""
    found = await db.execute(
        """
        SELECT person, purpose, reason FROM lookup_reason
        WHERE person = %s AND case_id = %s AND ends_at > %s
        """,
        (person, case_id, now),
    )
    row = await found.fetchone()
    return None if row is None else Why(purpose=Purpose(str(row[1])), reason=str(row[2]))
