"""What each member of staff likes to see of a queue, under names of their own (ADR 15)."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from events.ids import ActorId, TeamId

AT_MOST: Final = 50
"""For each person."""

Db: TypeAlias = AsyncConnection[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """`query` holds what the queue is asked for, by parameter."""

    name: str
    team: TeamId
    query: dict[str, str | bool | int]


class TooManyFilters(Exception):
    """The person has as many as there may be."""


async def all_of(db: Db, person: ActorId) -> list[SavedFilter]:
    async with db.cursor(row_factory=class_row(SavedFilter)) as cursor:
        await cursor.execute(
            "SELECT name, team, query FROM saved_filter WHERE person = %s ORDER BY name", (person,)
        )
        return await cursor.fetchall()


async def one(db: Db, person: ActorId, name: str) -> SavedFilter | None:
    async with db.cursor(row_factory=class_row(SavedFilter)) as cursor:
        await cursor.execute(
            "SELECT name, team, query FROM saved_filter WHERE person = %s AND name = %s",
            (person, name),
        )
        return await cursor.fetchone()


async def save(db: Db, person: ActorId, saved: SavedFilter) -> None:
    """Put it in the place of the one of the same name, if there is one.

    Raises:
        TooManyFilters: it would be one more than there may be.
    """
    given = {
        "person": person,
        "name": saved.name,
        "team": saved.team,
        "query": Jsonb(saved.query),
        "at_most": AT_MOST,
    }
    done = await db.execute(
        """
        INSERT INTO saved_filter (person, name, team, query)
        SELECT %(person)s, %(name)s, %(team)s, %(query)s
        WHERE %(at_most)s > (
            SELECT count(*) FROM saved_filter WHERE person = %(person)s AND name <> %(name)s
        )
        ON CONFLICT (person, name) DO UPDATE SET team = excluded.team, query = excluded.query
        """,
        given,
    )
    if not done.rowcount:
        raise TooManyFilters


async def forget(db: Db, person: ActorId, name: str) -> bool:
    """Whether there was such a one."""
    done = await db.execute(
        "DELETE FROM saved_filter WHERE person = %s AND name = %s", (person, name)
    )
    return done.rowcount > 0
