"""What was looked at, for the citizen whose case it is, and for those who look for misuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from events.ids import ActorId, CaseId

Db: TypeAlias = AsyncConnection[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfLooks:
    """What one team's staff looked at for one purpose on one day, `times` times."""

    day: date
    team: str
    shown: str
    purpose: str
    is_outside: bool
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRow:
    id: int
    at: datetime
    person: str
    team: str
    shown: str
    purpose: str
    reason: str
    is_outside: bool
    cases: list[UUID]
    criteria: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Those of which all that is said holds; `after` is the last one of the page before."""

    case: CaseId | None = None
    person: ActorId | None = None
    outside: bool | None = None
    after: int | None = None


async def of_case(db: Db, case_id: CaseId) -> Sequence[DayOfLooks]:
    """All looks at a case by day, the last first."""
    query = """
        SELECT (at AT TIME ZONE 'Europe/Copenhagen')::date AS day, team, shown, purpose,
            is_outside, count(*) AS times, min(at) AS first_at, max(at) AS last_at
        FROM lookup WHERE cases @> ARRAY[%s::uuid]
        GROUP BY 1, 2, 3, 4, 5 ORDER BY last_at DESC, shown"""
    async with db.cursor(row_factory=class_row(DayOfLooks)) as cursor:
        await cursor.execute(query, (case_id,))
        return await cursor.fetchall()


async def sought(db: Db, wanted: Sought, limit: int) -> Sequence[LookupRow]:
    """The last first."""
    given = {
        "case": wanted.case,
        "person": wanted.person,
        "outside": wanted.outside,
        "after": wanted.after,
        "limit": limit,
    }
    async with db.cursor(row_factory=class_row(LookupRow)) as cursor:
        await cursor.execute(
            """
            SELECT id, at, person, team, shown, purpose, reason, is_outside, cases, criteria
            FROM lookup
            WHERE (%(case)s::uuid IS NULL OR cases @> ARRAY[%(case)s::uuid])
                AND (%(person)s::text IS NULL OR person = %(person)s)
                AND (%(outside)s::boolean IS NULL OR is_outside = %(outside)s)
                AND (%(after)s::bigint IS NULL OR id < %(after)s)
            ORDER BY id DESC LIMIT %(limit)s
            """,
            given,
        )
        return await cursor.fetchall()
