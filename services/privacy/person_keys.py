"""Each person's key: found or made in the database, and remembered for a while.

A person is whoever a fact is about by its pseudonym: `person:…`, `company:…`, `anonymous:…`. What
is nobody's in particular belongs to the organisation itself, which has a key made the same way.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias, cast

from psycopg import AsyncConnection, Connection, Cursor
from psycopg.pq import TransactionStatus

from services.database import Row, connect
from services.key_file import KEY_BYTES
from services.privacy.key_ring import KekMissing, KeyRing
from services.privacy.sealed import SealBroken
from services.privacy.sealer import PersonKey, Sealer, Unusable

Database: TypeAlias = Connection[Row] | Cursor[Row]

ORGANISATION: Final = "organisation:"
"""In the place of a person, for what is of nobody in particular."""

REMEMBERED_SECONDS: Final = 300.0
"""So long, at most, can a process that does nothing but read still open what a key has sealed
that was destroyed meanwhile."""
REMEMBERED_AT_MOST: Final = 50_000

KEY_ID_BITS: Final = 62
"""Drawn at random, so that an id that a lost day had given away never comes to mean another."""

_IN_TRANSACTION: Final = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})
_NOT_IN_TRANSACTION: Final = "Keys are made outside of a transaction, so that they stay."

_MAKE: Final = b"""
    WITH made AS (
        INSERT INTO person_key (key_id, person, kek, wrapped)
        SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[])
        ON CONFLICT DO NOTHING RETURNING key_id, person, kek, wrapped)
    SELECT * FROM made UNION ALL
    SELECT key_id, person, kek, wrapped FROM person_key
        WHERE person = ANY (%s::text[]) AND destroyed_at IS NULL"""
_FIND: Final = b"""
    SELECT key_id, person, kek, wrapped FROM person_key WHERE key_id = ANY (%s::bigint[])"""
_KEKS: Final = b"SELECT DISTINCT kek FROM person_key WHERE destroyed_at IS NULL"
_DESTROY: Final = b"""
    UPDATE person_key SET wrapped = NULL, destroyed_at = clock_timestamp()
    WHERE person = %s AND destroyed_at IS NULL"""


class PersonKeys:
    """The keys of one organisation's persons. Safe to share between threads."""

    def __init__(
        self, organisation: str, ring: KeyRing, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._organisation = organisation
        self._ring = ring
        self._now = now
        self._known: dict[int, PersonKey | Unusable] = {}
        self._of_person: dict[str, PersonKey] = {}
        self._until = now() + REMEMBERED_SECONDS

    def prepare(self, db: Database, persons: Iterable[str]) -> Sealer:
        """All that sealing for these persons takes; who has no key yet gets one.

        One statement, and none when this process remembers them all. What it remembers may have
        been destroyed since, or never have been in a backup that was brought back: whoever writes
        what was sealed looks once more as it is written, as the statement that appends facts does.

        Raises:
            KekMissing: a key is wrapped by one that is not on the ring.
            SealBroken: a row was changed by another hand.
            RuntimeError: `db` is in a transaction, which could take back a key already in use.
        """
        of_person = self._remembered()[1]
        wanted = set(persons)
        keys = [of_person[person] for person in wanted & of_person.keys()]
        unknown = wanted.difference(key.person for key in keys)
        while unknown:
            # Again for whomever another process is giving a key at this moment.
            made = self._made(db, sorted(unknown))
            self._remember(made)
            unknown.difference_update(key.person for key in made)
            keys += made
        return Sealer({key.key_id: key for key in keys})

    async def of_one(self, db: AsyncConnection[Row], person: str) -> Sealer:
        """All that sealing for one person takes, in an event loop; raises as `prepare` does."""
        while (key := self._remembered()[1].get(person)) is None:
            if db.info.transaction_status in _IN_TRANSACTION:
                raise RuntimeError(_NOT_IN_TRANSACTION)
            rows = await (await db.execute(_MAKE, self._new([person]))).fetchall()
            self._remember([self._unwrapped(row) for row in rows])
        return Sealer({key.key_id: key})

    def remembered(self, key_ids: Iterable[int]) -> Sealer | None:
        """What `load` gives, if that takes no statement."""
        known, unknown = self._sorted(key_ids)
        return None if unknown else Sealer(known)

    def load(self, db: Database, key_ids: Iterable[int]) -> Sealer:
        """All that opening what these keys have sealed takes; at most one statement.

        Raises:
            KekMissing: a key is wrapped by one that is not on the ring.
        """
        known, unknown = self._sorted(key_ids)
        rows = db.execute(_FIND, [unknown]).fetchall() if unknown else []
        return self._in_hand(known, unknown, rows)

    async def load_async(self, db: AsyncConnection[Row], key_ids: Iterable[int]) -> Sealer:
        """The same in an event loop."""
        known, unknown = self._sorted(key_ids)
        rows = await (await db.execute(_FIND, [unknown])).fetchall() if unknown else []
        return self._in_hand(known, unknown, rows)

    def destroy(self, db: Database, person: str) -> bool:
        """Make what the person's key has sealed unreadable for ever; False if there is none."""
        self.forget()
        return db.execute(_DESTROY, [person]).rowcount > 0

    def forget(self) -> None:
        """Remember nothing: the database may not be the one it was."""
        self._known, self._of_person = {}, {}

    def _remembered(self) -> tuple[dict[int, PersonKey | Unusable], dict[str, PersonKey]]:
        grown = max(len(self._known), len(self._of_person)) > REMEMBERED_AT_MOST
        if grown or self._now() >= self._until:
            self.forget()
            self._until = self._now() + REMEMBERED_SECONDS
        return self._known, self._of_person

    def _remember(self, live: Sequence[PersonKey]) -> None:
        """These are the keys that their persons have now."""
        before = (self._of_person.get(key.person, key) for key in live)
        if any(was.key_id != key.key_id for was, key in zip(before, live, strict=True)):
            # Somebody was forgotten, and nobody knows who else.
            self.forget()
        self._known.update((key.key_id, key) for key in live)
        self._of_person.update((key.person, key) for key in live)

    def _made(self, db: Database, persons: Sequence[str]) -> list[PersonKey]:
        if _in_transaction(db):
            raise RuntimeError(_NOT_IN_TRANSACTION)
        rows = db.execute(_MAKE, self._new(persons)).fetchall()
        return [self._unwrapped(row) for row in rows]

    def _new(self, persons: Sequence[str]) -> list[object]:
        """What `_MAKE` takes: keys for those who turn out to have none."""
        key_ids = [1 + secrets.randbits(KEY_ID_BITS) for _ in persons]
        wrapped = [
            self._ring.wrap(secrets.token_bytes(KEY_BYTES), self._belongs_to(key_id, person))
            for key_id, person in zip(key_ids, persons, strict=True)
        ]
        keks = [self._ring.current] * len(persons)
        return [key_ids, list(persons), keks, wrapped, list(persons)]

    def _sorted(self, key_ids: Iterable[int]) -> tuple[dict[int, PersonKey | Unusable], list[int]]:
        remembered = self._remembered()[0]
        wanted = set(key_ids)
        known = {key_id: remembered[key_id] for key_id in wanted & remembered.keys()}
        return known, list(wanted - known.keys())

    def _in_hand(
        self, known: dict[int, PersonKey | Unusable], unknown: Sequence[int], rows: Sequence[Row]
    ) -> Sealer:
        found = {cast("int", row[0]): self._unwrapped_if_it_can_be(row) for row in rows}
        self._remember([key for key in found.values() if isinstance(key, PersonKey)])
        self._known.update(found)
        # A key that is not there is not remembered as such: a restored backup may bring it.
        missing = dict.fromkeys(unknown, Unusable.UNKNOWN)
        return Sealer({**missing, **known, **found})

    def _unwrapped_if_it_can_be(self, row: Row) -> PersonKey | Unusable:
        if row[3] is None:
            return Unusable.DESTROYED
        try:
            return self._unwrapped(row)
        except SealBroken:
            return Unusable.BROKEN

    def _unwrapped(self, row: Row) -> PersonKey:
        key_id, person, kek, wrapped = cast("tuple[int, str, str, bytes]", row)  # as both select
        secret = self._ring.unwrap(kek, wrapped, self._belongs_to(key_id, person))
        return PersonKey.made_of(self._organisation, key_id, person, secret)

    def _belongs_to(self, key_id: int, person: str) -> tuple[str, str, str]:
        return self._organisation, person, str(key_id)


def require_ring(conninfo: str, organisation: str, ring: KeyRing) -> None:
    """Let nobody begin who could not open what there is, or would seal what others cannot open.

    Raises:
        KekMissing: keys of the organisation are wrapped by one that the ring has not, or has
            another of the same id.
    """
    with connect(conninfo, organisation, application_name="julelys-keys") as db:
        for (kek,) in db.execute(_KEKS).fetchall():
            ring.require(str(kek))
        try:
            PersonKeys(organisation, ring).prepare(db, [ORGANISATION])
        except SealBroken as broken:
            raise KekMissing(
                f"The key of organisation '{organisation}' was not wrapped by the key-encryption "
                "key that has this id here. Set the right one. See docs/security.md."
            ) from broken


def _in_transaction(db: Database) -> bool:
    connection = db.connection if isinstance(db, Cursor) else db
    status = connection.info.transaction_status
    return status in _IN_TRANSACTION
