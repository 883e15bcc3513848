"""Forms that somebody has begun to fill in, to go on with from any device (ADR 29).

What was typed is sealed by the key of whoever typed it, and nobody else can ask for it. A draft is
no fact: it is deleted when it is sent, when its owner says so, and 30 days after it was last saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Connection
from psycopg.rows import DictRow, class_row, dict_row

from events.ids import ActorId, PartyId
from services.database import Row
from services.documents.waiting import keep_until, let_go
from services.privacy.person_keys import PersonKeys
from services.privacy.words import sealed_words

log = structlog.get_logger()

KEPT_FOR: Final = timedelta(days=30)
AT_MOST: Final = 50
"""For each person and party they act for."""

Db: TypeAlias = AsyncConnection[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose draft it is, for whom, of which service's form, and about which case or hearing."""

    person: ActorId
    party: PartyId
    service: str
    about: UUID | None = None

    @property
    def row(self) -> dict[str, str]:
        about = "" if self.about is None else str(self.about)
        return {
            "person": self.person,
            "party": self.party,
            "service": self.service,
            "about": about,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed into each input by its name, unchecked, and the step it has come to.

    `documents` are uploads that wait with it.
    """

    step: int
    inputs: Sequence[tuple[str, Sequence[str]]]
    documents: Sequence[UUID] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    service: str
    about: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    filled: Filled
    saved_at: datetime


class TooManyDrafts(Exception):
    """The person has as many as there may be."""


async def all_of(db: Db, person: ActorId, party: PartyId, now: datetime) -> list[Listed]:
    """The last saved first."""
    async with db.cursor(row_factory=class_row(Listed)) as cursor:
        await cursor.execute(
            """
            SELECT service, about, saved_at FROM draft
            WHERE person = %s AND party = %s AND saved_at > %s ORDER BY saved_at DESC
            """,
            (person, party, now - KEPT_FOR),
        )
        return await cursor.fetchall()


async def one(db: Db, place: Place, now: datetime) -> Draft | None:
    """None, too, where nobody can open it any more."""
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_ONE, place.row | {"after": now - KEPT_FOR})
        found = await cursor.fetchone()
    return None if found is None else _draft(found)


async def save(db: Db, keys: PersonKeys, place: Place, filled: Filled, now: datetime) -> None:
    """Put it in the place of the one that was there; its documents wait as long as it does.

    Raises:
        TooManyDrafts: it would be one more than there may be.
    """
    sealer = await keys.of_one(db, place.person)
    words = {"step": filled.step, "inputs": filled.inputs}
    given = place.row | {
        "filled": sealed_words(sealer, place.person, _seal(place), words),
        "documents": [*filled.documents],
        "now": now,
        "at_most": AT_MOST,
    }
    done = await db.execute(_SAVE, given)
    if not done.rowcount:
        raise TooManyDrafts
    await keep_until(db, filled.documents, owner=place.party, until=now + KEPT_FOR)


async def forget(db: Db, place: Place, now: datetime) -> bool:
    """Whether there was such a one. Its documents go, too, unless they were sent."""
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_FORGET, place.row)
        found = await cursor.fetchone()
    if found is None:
        return False
    await let_go(db, found["documents"], owner=place.party, now=now)
    return True


def sweep_drafts(db: Connection[Row], now: datetime) -> None:
    """Forget those whose time is up; their documents' time is up as well."""
    forgotten = db.execute("DELETE FROM draft WHERE saved_at <= %s", (now - KEPT_FOR,)).rowcount
    if forgotten:
        log.info("drafts_forgotten", rows=forgotten)


def _seal(place: Place) -> str:
    row = place.row
    return f"person={row['person']}/draft/{row['party']}/{row['service']}/{row['about']}"


def _draft(row: DictRow) -> Draft | None:
    words = row["filled"]
    if not isinstance(words, dict):
        # Its owner was forgotten, and so was what they typed.
        return None
    inputs = [(name, values) for name, values in words["inputs"]]
    filled = Filled(step=words["step"], inputs=inputs, documents=row["documents"])
    return Draft(filled=filled, saved_at=row["saved_at"])


_ONE: Final = """
    SELECT person, filled, documents, saved_at FROM draft
    WHERE person = %(person)s AND party = %(party)s
      AND service = %(service)s AND about = %(about)s AND saved_at > %(after)s
"""
_FORGET: Final = """
    DELETE FROM draft
    WHERE person = %(person)s AND party = %(party)s
      AND service = %(service)s AND about = %(about)s
    RETURNING documents
"""
_SAVE: Final = """
    INSERT INTO draft (person, party, service, about, filled, documents, saved_at)
    SELECT %(person)s, %(party)s, %(service)s, %(about)s, %(filled)s, %(documents)s, %(now)s
    WHERE %(at_most)s > (
        SELECT count(*) FROM draft
        WHERE person = %(person)s AND party = %(party)s
          AND (service, about) <> (%(service)s, %(about)s)
    )
    ON CONFLICT (person, party, service, about) DO UPDATE
        SET filled = excluded.filled, documents = excluded.documents, saved_at = excluded.saved_at
"""
