"""Whom people have shown themselves to be: what their logins told, sealed by their own keys.

Facts know people by pseudonyms. Their names are for those who work on their cases, and a citizen's
number is for the records system and Digital Post, which know people by nothing else.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeAlias

import psycopg
from psycopg import AsyncConnection, Connection
from pydantic import TypeAdapter

from events.ids import ActorId
from events.personal import FORGOTTEN
from services.database import Row
from services.identity import Role
from services.ports import StoreUnavailable
from services.privacy.opening import reading_connection
from services.privacy.person_keys import PersonKeys
from services.privacy.words import sealed_words

Db: TypeAlias = AsyncConnection[Row]

OVERLAP: Final = timedelta(seconds=10)
"""Who is told of at one moment may be seen a little later than who is told of at the next."""

_ONE: Final = b"SELECT person, told FROM known_person WHERE person = %s"
_SINCE: Final = b"""
    SELECT person, told, told_at FROM known_person
    WHERE %s::timestamptz IS NULL OR told_at > %s ORDER BY told_at"""
_NOTE: Final = b"""
    INSERT INTO known_person (person, told) VALUES (%s, %s)
    ON CONFLICT (person) DO UPDATE
    SET told = excluded.told, told_at = clock_timestamp(), has_left = false
    WHERE known_person.told <> excluded.told OR known_person.has_left
        OR known_person.told_at < clock_timestamp() - interval '1 day'"""
LEAVE: Final = b"""
    UPDATE known_person SET has_left = true, told_at = clock_timestamp()
    WHERE person = %s AND starts_with(person, 'staff:') AND NOT has_left"""
"""By the id of a colleague, as `leave`."""
_ABSENT: Final = b"""
    SELECT person FROM known_person WHERE starts_with(person, 'staff:')
    AND (has_left OR told_at < clock_timestamp() - make_interval(days => %s))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """`person` is a citizen (`person:…`), a company or a colleague (`staff:…`).

    `cpr` is a citizen's number, None of all others and where nobody told it; `roles` and `teams`
    are a colleague's as they were told last.
    """

    person: str
    name: str
    cpr: str | None = field(default=None, repr=False)
    roles: tuple[Role, ...] = ()
    teams: tuple[str, ...] = ()


_TOLD: Final = TypeAdapter(Acquaintance)


class People:
    """Looks people up one by one, by a connection of its own; safe to share between threads."""

    def __init__(self, conninfo: str, organisation: str, keys: PersonKeys) -> None:
        self._wanted = (conninfo, organisation, keys)
        self._lock = Lock()
        self._db: Connection[Row] | None = None

    def close(self) -> None:
        with self._lock:
            self._hang_up()

    def one(self, person: str) -> Acquaintance | None:
        """None for who has never logged in, or was forgotten.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        with self._lock:
            try:
                return self._one(person)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                # The connection may just be old: once more by a new one.
                self._hang_up()
            try:
                return self._one(person)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._hang_up()
                raise StoreUnavailable(f"people: {type(error).__name__}") from error

    def _one(self, person: str) -> Acquaintance | None:
        if self._db is None:
            self._db = reading_connection(*self._wanted)
        row = self._db.execute(_ONE, [person]).fetchone()
        return None if row is None else _acquaintance(row[1])

    def _hang_up(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = None


async def note(db: Db, keys: PersonKeys, who: Acquaintance) -> None:
    """Keep what a login told; nothing is written where it is what was told within a day."""
    sealer = await keys.of_one(db, who.person)
    told = sealed_words(sealer, who.person, f"person={who.person}/told", asdict(who))
    await db.execute(_NOTE, [who.person, told])


async def told_since(
    db: Db, moment: datetime | None
) -> tuple[Sequence[Acquaintance], datetime | None]:
    """Who has been told of since, or ever, and up to when that is known."""
    after = None if moment is None else moment - OVERLAP
    rows = await (await db.execute(_SINCE, [after, after])).fetchall()
    found = [who for row in rows if (who := _acquaintance(row[1])) is not None]
    last = rows[-1][2] if rows else moment
    return found, last if isinstance(last, datetime) else moment


async def leave(db: Db, staff: ActorId) -> None:
    """A colleague is none from now on, until they log in again."""
    await db.execute(LEAVE, [staff])


async def absent(db: Db, days: int) -> Sequence[str]:
    """Colleagues who have left, or have not logged in for so many days."""
    rows = await (await db.execute(_ABSENT, [days])).fetchall()
    return [str(person) for (person,) in rows]


def _acquaintance(told: object) -> Acquaintance | None:
    return None if told == FORGOTTEN else _TOLD.validate_python(told)
