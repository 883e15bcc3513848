"""Looking after persons' keys: how they stand, wrapping them anew, proving that they open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from psycopg import AsyncConnection, Connection

from services import codec
from services.database import Row
from services.privacy.key_ring import KeyRing
from services.privacy.sealed import SealBroken, key_of

PAGE: Final = 500

_STANDING: Final = b"""
    SELECT kek, count(*) FILTER (WHERE destroyed_at IS NULL), count(destroyed_at)
    FROM person_key GROUP BY kek ORDER BY kek"""
_OTHERS: Final = b"""
    SELECT key_id, person, kek, wrapped FROM person_key
    WHERE destroyed_at IS NULL AND kek <> %s AND key_id > %s ORDER BY key_id LIMIT %s"""
_ALL: Final = b"""
    SELECT key_id, person, kek, wrapped FROM person_key WHERE key_id > %s
    ORDER BY key_id LIMIT %s"""
# What was wrapped otherwise or destroyed since it was read is left as it is.
_REWRAP: Final = b"""
    UPDATE person_key AS k SET kek = %s, wrapped = n.wrapped
    FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS n (key_id, was, wrapped)
    WHERE k.key_id = n.key_id AND k.wrapped = n.was"""
_LOG: Final = b"""
    SELECT notification_id, state FROM events WHERE notification_id > %s
    ORDER BY notification_id LIMIT %s"""
_KEPT: Final = b"SELECT answer FROM command WHERE fingerprint = '' AND answer <> ''"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many keys one key-encryption key wraps, and how many that it wrapped are destroyed."""

    kek: str
    live: int
    destroyed: int


@dataclass(slots=True)
class Checked:
    """Ids of keys. `broken` do not open; `unused` have sealed nothing in the log, which harms
    nobody; `lost` have sealed something there and are not in the table.
    """

    opened: int = 0
    destroyed: int = 0
    broken: list[int] = field(default_factory=list)
    unused: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Rotated:
    wrapped: int = 0
    broken: list[int] = field(default_factory=list)


def standings(db: Connection[Row]) -> list[Standing]:
    rows = cast("list[tuple[str, int, int]]", db.execute(_STANDING).fetchall())  # as selected
    return [Standing(kek=kek, live=live, destroyed=gone) for kek, live, gone in rows]


async def standings_now(db: AsyncConnection[Row]) -> list[Standing]:
    """The same for an event loop."""
    found = await (await db.execute(_STANDING)).fetchall()
    rows = cast("list[tuple[str, int, int]]", found)  # as selected
    return [Standing(kek=kek, live=live, destroyed=gone) for kek, live, gone in rows]


def rotate(
    db: Connection[Row], organisation: str, ring: KeyRing, progress: Callable[[int], None]
) -> Rotated:
    """Wrap by the current key what another wraps; interrupted, it goes on where it was.

    No fact is touched: what the persons' keys have sealed stays as it is. A key that does not open
    is left alone, and told of.

    Raises:
        KekMissing: some are wrapped by a key that is not on the ring.
    """
    done, after = Rotated(), 0
    while rows := _keys(db.execute(_OTHERS, [ring.current, after, PAGE]).fetchall()):
        after = rows[-1][0]
        anew: list[tuple[int, bytes, bytes]] = []
        for key_id, person, kek, wrapped in rows:
            belongs_to = (organisation, person, str(key_id))
            try:
                secret = ring.unwrap(kek, wrapped or b"", belongs_to)
            except SealBroken:
                done.broken.append(key_id)
            else:
                anew.append((key_id, wrapped or b"", ring.wrap(secret, belongs_to)))
        if anew:
            key_ids, were, are = (list(column) for column in zip(*anew, strict=True))
            done.wrapped += db.execute(_REWRAP, [ring.current, key_ids, were, are]).rowcount
            progress(done.wrapped)
    return done


def check(db: Connection[Row], organisation: str, ring: KeyRing) -> Checked:
    """Open every key, and look for what in the log no key opens.

    Raises:
        KekMissing: some are wrapped by a key that is not on the ring.
    """
    # What is used is looked for first: keys that are made meanwhile are not missed then.
    used = set(_used(db))
    found, there, after = Checked(), set[int](), 0
    while rows := _keys(db.execute(_ALL, [after, PAGE]).fetchall()):
        after = rows[-1][0]
        for key_id, person, kek, wrapped in rows:
            there.add(key_id)
            if wrapped is None:
                found.destroyed += 1
                continue
            try:
                ring.unwrap(kek, wrapped, (organisation, person, str(key_id)))
            except SealBroken:
                found.broken.append(key_id)
            else:
                found.opened += 1
    found.unused, found.lost = there - used, used - there
    return found


def _used(db: Connection[Row]) -> Iterator[int]:
    """The keys that have sealed something in the log, or what was answered to a command."""
    after = 0
    while rows := cast("list[tuple[int, bytes]]", db.execute(_LOG, [after, PAGE]).fetchall()):
        after = rows[-1][0]
        for _, state in rows:
            yield from codec.key_ids(state)
    with db.transaction(), db.cursor(name="kept") as cursor:
        for (answer,) in cursor.execute(_KEPT):
            yield key_of(cast("bytes", answer))


def _keys(rows: list[Row]) -> list[tuple[int, str, str, bytes | None]]:
    return cast("list[tuple[int, str, str, bytes | None]]", rows)  # as both statements select
