"""What is sealed opens where it was sealed and nowhere else, by its own person's key."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from services.database import Row, connect, pinned
from services.privacy.key_ring import KeyRing
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.privacy.sealed import KeyDestroyed, Place, SealBroken, bound, key_of
from services.privacy.sealer import BLOCK, PersonKey, Sealer
from tests.keys import RING
from tests.postgres import migrated_organisation

PEOPLE: Final = 50
MOVES: Final = 1_000
SECRET: Final = bytes(32)


def sealer_of(organisation: str) -> Sealer:
    """Everybody has the same secret, so that only what is bound keeps them apart."""
    keys = [
        PersonKey.made_of(organisation, number, f"person:{number}", SECRET)
        for number in range(1, PEOPLE + 1)
    ]
    return Sealer({key.key_id: key for key in keys})


HJORRING: Final = sealer_of("hjorring")
VEJLE: Final = sealer_of("vejle")


def some_place(seed: random.Random) -> Place:
    return (
        f"case-{seed.randrange(1000)}",
        str(seed.randrange(1, 100)),
        seed.choice(("case.opened.v1", "case.party-wrote.v1", "note.written.v1")),
        seed.choice(("text", "subject", "answers.0.value", "answers.1.value")),
    )


def another(place: Place, part: int, seed: random.Random) -> Place:
    while (other := some_place(seed))[part] == place[part]:
        pass
    return (*place[:part], other[part], *place[part + 1 :])


def claimed_by(person: int, sealed: bytes) -> bytes:
    """The same bytes with another's key id in front."""
    return person.to_bytes(8, "big") + sealed[8:]


def moves(kind: str, seed: random.Random) -> Callable[[], bytes]:
    place, person = some_place(seed), seed.randrange(1, PEOPLE)
    sealed = HJORRING.seal(f"person:{person}", place, b'"Naboens hund"')
    assert HJORRING.open(place, sealed) == b'"Naboens hund"'
    match kind:
        case "person":
            moved = claimed_by(person + 1, sealed)
            return lambda: HJORRING.open(place, moved)
        case "organisation":
            return lambda: VEJLE.open(place, sealed)
        case _:
            part = ("row", "version", "event type", "field").index(kind)
            elsewhere = another(place, part, seed)
            return lambda: HJORRING.open(elsewhere, sealed)


@pytest.mark.parametrize(
    "kind", ["row", "version", "event type", "field", "person", "organisation"]
)
def test_what_was_moved_is_refused_each_of_a_thousand_times(kind: str) -> None:
    seed = random.Random(kind)
    refused = 0
    for _ in range(MOVES):
        opening = moves(kind, seed)
        with pytest.raises(SealBroken):
            opening()
        refused += 1
    assert refused == MOVES


def test_a_changed_bit_is_refused_wherever_it_lies() -> None:
    place = some_place(random.Random(1))
    sealed = HJORRING.seal("person:1", place, b'"for"')
    for bit in range(64, len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            HJORRING.open(place, bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            HJORRING.open(place, sealed[:length])


@given(st.binary(max_size=100))
def test_what_is_sealed_comes_back_and_is_filled_up(plaintext: bytes) -> None:
    sealed = HJORRING.seal("person:1", ("here",), plaintext)
    assert HJORRING.open(("here",), sealed) == plaintext
    assert (len(sealed) - 8 - 12 - 16) % BLOCK == 0


def test_yes_and_no_and_a_digit_are_of_one_length() -> None:
    lengths = {
        len(HJORRING.seal("person:1", ("here",), word)) for word in (b"true", b"false", b"7", b"")
    }
    assert len(lengths) == 1


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({HJORRING.seal("person:1", ("here",), b'"for"') for _ in range(100)}) == 100


@given(st.lists(st.text(max_size=4), max_size=5), st.lists(st.text(max_size=4), max_size=5))
def test_two_places_are_bound_as_one_only_if_they_are_the_same(
    one: list[str], other: list[str]
) -> None:
    assert (bound(one) == bound(other)) is (one == other)


def test_a_keyed_hash_differs_by_person_and_purpose() -> None:
    keys = PersonKey.made_of("hjorring", 1, "person:1", SECRET)
    others = PersonKey.made_of("hjorring", 2, "person:2", bytes(31) + b"\1")
    sealer = Sealer({1: keys, 2: others})
    digests = {
        sealer.digest(person, purpose, b"algade")
        for person in ("person:1", "person:2")
        for purpose in ("search", "fingerprint")
    }
    assert len(digests) == 4
    assert all(len(digest) == 32 for digest in digests)


def opened(organisation: str) -> PersonKeys:
    return PersonKeys(organisation, RING)


def test_a_person_has_one_key_whichever_process_asks(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        made = opened(organisation).prepare(db, ["person:anna", "company:nord", ORGANISATION])
        found = opened(organisation).prepare(db, ["person:anna", ORGANISATION, "person:bo"])

        sealed = made.seal("person:anna", ("here",), b"1")
        assert found.open(("here",), sealed) == b"1"
        assert len(set(found.key_ids()) | set(made.key_ids())) == 4
        loaded = opened(organisation).load(db, [key_of(sealed)])
        assert loaded.open(("here",), sealed) == b"1"


def test_a_key_in_the_database_is_of_no_use_without_the_ring(
    postgres: str, organisation: str
) -> None:
    with connect(postgres, organisation) as db:
        opened(organisation).prepare(db, ["person:anna"])
        [(key_id, wrapped)] = db.execute("SELECT key_id, wrapped FROM person_key").fetchall()
    assert isinstance(wrapped, bytes)
    belongs_to = (organisation, "person:anna", str(key_id))
    assert len(RING.unwrap("test", wrapped, belongs_to)) == 32
    with pytest.raises(SealBroken):
        KeyRing(current="test", keys={"test": SECRET}).unwrap("test", wrapped, belongs_to)


def test_what_a_process_remembers_costs_no_statement(postgres: str, organisation: str) -> None:
    keys = opened(organisation)
    with connect(postgres, organisation) as db:
        sealer = keys.prepare(db, ["person:anna"])
    # The connection is closed: whoever asked it now would be told.
    assert set(keys.prepare(db, ["person:anna"]).key_ids()) == set(sealer.key_ids())
    assert set(keys.load(db, sealer.key_ids()).key_ids()) == set(sealer.key_ids())
    with pytest.raises(psycopg.OperationalError):
        keys.prepare(db, ["person:bo"])


async def _opened_in_an_event_loop(conninfo: str, organisation: str, sealed: bytes) -> bytes:
    keys = opened(organisation)
    async with await AsyncConnection[Row].connect(pinned(conninfo, organisation)) as db:
        sealer = await keys.load_async(db, [key_of(sealed)])
    # Remembered: the connection is closed.
    again = await keys.load_async(db, [key_of(sealed)])
    assert again.open(("here",), sealed) == sealer.open(("here",), sealed)
    return again.open(("here",), sealed)


def test_an_event_loop_finds_the_same_keys(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        sealed = (
            opened(organisation).prepare(db, ["person:anna"]).seal("person:anna", ("here",), b"1")
        )
    assert asyncio.run(_opened_in_an_event_loop(postgres, organisation, sealed)) == b"1"


def test_it_is_remembered_for_a_while_only(postgres: str, organisation: str) -> None:
    time = [0.0]
    keys = PersonKeys(organisation, RING, now=lambda: time[0])
    with connect(postgres, organisation) as db:
        sealer = keys.prepare(db, ["person:anna"])
    time[0] = 301.0
    with pytest.raises(psycopg.OperationalError):
        keys.load(db, sealer.key_ids())


def test_whose_key_is_destroyed_is_forgotten_and_may_come_again(
    postgres: str, organisation: str
) -> None:
    keys = opened(organisation)
    with connect(postgres, organisation) as db:
        before = keys.prepare(db, ["person:anna"])
        sealed = before.seal("person:anna", ("here",), b"1")
        assert keys.destroy(db, "person:anna")
        assert not keys.destroy(db, "person:anna")

        with pytest.raises(KeyDestroyed) as destroyed:
            keys.load(db, [key_of(sealed)]).open(("here",), sealed)
        assert destroyed.value.key_id == key_of(sealed)
        after = keys.prepare(db, ["person:anna"])
        assert set(after.key_ids()).isdisjoint(before.key_ids())
        ((rows,),) = db.execute("SELECT count(*) FROM person_key").fetchall()
        assert rows == 2


def test_a_key_that_nobody_made_opens_nothing(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        sealer = opened(organisation).load(db, [1])
    with pytest.raises(SealBroken, match="unknown"):
        sealer.open(("here",), HJORRING.seal("person:1", ("here",), b"1"))


def test_keys_are_not_made_where_they_could_be_taken_back(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db, db.transaction(), pytest.raises(RuntimeError):
        opened(organisation).prepare(db, ["person:anna"])


def test_a_row_given_to_another_person_opens_nothing(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        sealer = opened(organisation).prepare(db, ["person:anna"])
        sealed = sealer.seal("person:anna", ("here",), b"1")
        db.execute("UPDATE person_key SET person = 'person:bo'")
        with pytest.raises(SealBroken):
            opened(organisation).load(db, [key_of(sealed)]).open(("here",), sealed)
        with pytest.raises(SealBroken):
            opened(organisation).prepare(db, ["person:bo"])


def test_a_wrapped_key_put_into_anothers_row_opens_nothing(
    postgres: str, organisation: str
) -> None:
    with connect(postgres, organisation) as db:
        sealer = opened(organisation).prepare(db, ["person:anna", "person:bo"])
        sealed = sealer.seal("person:anna", ("here",), b"1")
        db.execute("""UPDATE person_key SET wrapped =
            (SELECT wrapped FROM person_key WHERE person = 'person:anna')""")
        opener = opened(organisation)
        [bo] = set(sealer.key_ids()) - {key_of(sealed)}
        assert opener.load(db, [key_of(sealed)]).open(("here",), sealed) == b"1"
        with pytest.raises(SealBroken):
            opener.load(db, [bo]).open(("here",), claimed_by(bo, sealed))


def test_a_row_copied_to_another_organisation_opens_nothing(
    postgres: str, organisation: str
) -> None:
    with connect(postgres, organisation) as db, migrated_organisation(postgres) as other:
        sealer = opened(organisation).prepare(db, ["person:anna"])
        sealed = sealer.seal("person:anna", ("here",), b"1")
        db.execute(f"INSERT INTO {other}.person_key SELECT * FROM person_key")  # noqa: S608
        with connect(postgres, other) as there, pytest.raises(SealBroken):
            opened(other).load(there, [key_of(sealed)]).open(("here",), sealed)
