"""Keys are wrapped anew without touching a fact, and what does not open is told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
from psycopg import Connection

from services.database import Row, connect
from services.eventstore.store import PostgresEventStore
from services.privacy.key_ring import KekMissing, KeyRing
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.privacy.rotating import Standing, check, rotate, standings
from tests.examples import party_wrote
from tests.keys import RING
from tests.services.test_sealed_facts import ANNA, command

BOTH: Final = KeyRing(current="2027", keys={**RING.keys, "2027": bytes(32)})
NEW: Final = KeyRing(current="2027", keys={"2027": bytes(32)})
PEOPLE: Final = [f"person:{number}" for number in range(1_200)]


@pytest.fixture
def db(postgres: str, organisation: str) -> Iterator[Connection[Row]]:
    with connect(postgres, organisation) as found:
        yield found


def write(postgres: str, organisation: str) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        store.append([command("some", 0, [party_wrote], by=ANNA)])


def nothing(_: int) -> None:
    """Nobody looks how far it is."""


def test_after_a_rotation_the_old_key_is_not_needed_and_facts_read_as_before(
    postgres: str, organisation: str, db: Connection[Row]
) -> None:
    write(postgres, organisation)
    before = db.execute("SELECT state FROM events").fetchall()
    assert [each.kek for each in standings(db)] == ["test"]

    rotated = rotate(db, organisation, BOTH, nothing)

    assert (rotated.wrapped, rotated.broken) == (1, [])
    assert standings(db) == [Standing(kek="2027", live=1, destroyed=0)]
    assert db.execute("SELECT state FROM events").fetchall() == before
    with PostgresEventStore(postgres, organisation, NEW) as store:
        assert store.read("some").events == (party_wrote,)
    assert rotate(db, organisation, BOTH, nothing).wrapped == 0


def test_an_interrupted_rotation_goes_on_where_it_was(
    organisation: str, db: Connection[Row]
) -> None:
    PersonKeys(organisation, RING).prepare(db, PEOPLE)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(db, organisation, BOTH, interrupt)
    assert [(each.kek, each.live) for each in standings(db)] == [("2027", 500), ("test", 700)]
    assert rotate(db, organisation, BOTH, nothing).wrapped == 700
    assert check(db, organisation, NEW).opened == len(PEOPLE)


def test_what_is_destroyed_during_a_rotation_stays_destroyed(
    organisation: str, db: Connection[Row]
) -> None:
    keys = PersonKeys(organisation, RING)
    keys.prepare(db, PEOPLE)

    class DestroysBetween(KeyRing):
        """Somebody is forgotten after their row was read and before it is written."""

        def wrap(self, secret: bytes, belongs_to: tuple[str, ...]) -> bytes:
            if belongs_to[1] == PEOPLE[7]:
                assert keys.destroy(db, PEOPLE[7])
            return KeyRing.wrap(self, secret, belongs_to)

    rotated = rotate(db, organisation, DestroysBetween(current="2027", keys=BOTH.keys), nothing)
    assert rotated.wrapped == len(PEOPLE) - 1
    assert [(each.live, each.destroyed) for each in standings(db)] == [(1_199, 0), (0, 1)]


def test_a_rotation_needs_the_old_key_too(organisation: str, db: Connection[Row]) -> None:
    PersonKeys(organisation, RING).prepare(db, [ANNA])
    with pytest.raises(KekMissing, match="JULELYS_KEK_TEST"):
        rotate(db, organisation, NEW, nothing)
    with pytest.raises(KekMissing, match="JULELYS_KEK_TEST"):
        check(db, organisation, NEW)


def test_a_check_tells_what_is_wrong(postgres: str, organisation: str, db: Connection[Row]) -> None:
    write(postgres, organisation)
    keys = PersonKeys(organisation, RING)
    [used] = keys.prepare(db, [ANNA]).key_ids()
    [spare] = keys.prepare(db, [ORGANISATION]).key_ids()
    whole = check(db, organisation, RING)
    assert (whole.opened, whole.broken, whole.unused, whole.lost) == (2, [], {spare}, set())

    db.execute("UPDATE person_key SET person = 'person:mallory' WHERE key_id = %s", [spare])
    assert check(db, organisation, RING).broken == [spare]
    assert rotate(db, organisation, BOTH, nothing).broken == [spare]

    keys.destroy(db, ANNA)
    forgotten = check(db, organisation, RING)
    assert (forgotten.opened, forgotten.destroyed, forgotten.lost) == (0, 1, set())

    db.execute("DELETE FROM person_key")
    assert check(db, organisation, RING).lost == {used}


def test_a_key_that_only_answers_a_command_is_used(
    postgres: str, organisation: str, db: Connection[Row]
) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        store.append([replace(command("some", 0, [], by=ANNA), answer=b"{}")])
    assert check(db, organisation, RING).unused == set()
