"""What each member of staff likes to see of a queue, under names of their own (ADR 15).

What is looked for may be somebody's name, and so may the filter's: both are sealed by the key of
whose filter it is.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from events.ids import ActorId, TeamId
from services.database import Row
from services.privacy.person_keys import PersonKeys
from services.privacy.sealer import Sealer
from services.privacy.words import sealed_words

AT_MOST: Final = 50
"""For each person."""

Db: TypeAlias = AsyncConnection[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """`person`'s own; `query` holds what the queue is asked for, by parameter."""

    person: ActorId
    name: str
    team: TeamId
    query: dict[str, str | bool | int]


class TooManyFilters(Exception):
    """The person has as many as there may be."""


async def all_of(db: Db, person: ActorId) -> list[SavedFilter]:
    async with db.cursor(row_factory=class_row(SavedFilter)) as cursor:
        await cursor.execute(
            "SELECT person, name, team, query FROM saved_filter WHERE person = %s", (person,)
        )
        return sorted(await cursor.fetchall(), key=lambda saved: saved.name)


async def one(db: Db, keys: PersonKeys, person: ActorId, name: str) -> SavedFilter | None:
    sealed = _sealed_name(await keys.of_one(db, person), person, name)
    async with db.cursor(row_factory=class_row(SavedFilter)) as cursor:
        await cursor.execute(
            "SELECT person, name, team, query FROM saved_filter WHERE person = %s AND name = %s",
            (person, sealed),
        )
        return await cursor.fetchone()


async def save(db: Db, keys: PersonKeys, saved: SavedFilter) -> None:
    """Put it in the place of the one of the same name, if there is one.

    Raises:
        TooManyFilters: it would be one more than there may be.
    """
    person = saved.person
    sealer = await keys.of_one(db, person)
    query = sealed_words(sealer, person, f"person={person}/filter-query", saved.query)
    given = {
        "person": person,
        "name": _sealed_name(sealer, person, saved.name),
        "team": saved.team,
        "query": Jsonb(query),
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


async def forget(db: Db, keys: PersonKeys, person: ActorId, name: str) -> bool:
    """Whether there was such a one."""
    sealed = _sealed_name(await keys.of_one(db, person), person, name)
    done = await db.execute(
        "DELETE FROM saved_filter WHERE person = %s AND name = %s", (person, sealed)
    )
    return done.rowcount > 0


def _sealed_name(sealer: Sealer, person: ActorId, name: str) -> str:
    """The same for the same name, so that it is found by it."""
    return sealed_words(sealer, person, f"person={person}/filter-name", name)
