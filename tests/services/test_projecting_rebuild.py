"""Building views anew, exchanging them under the eyes of readers, and proving them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from projections import caseload, timeline
from projections.catalogue import PROJECTIONS
from services.database import connect
from services.projecting.generations import Generation, ensure, require_live
from services.projecting.projector import OtherVersion, Projector
from services.projecting.rebuilding import (
    NothingToRestore,
    RebuildStopped,
    RebuildUnderWay,
    alone,
    rebuild,
    restore_previous,
)
from services.projecting.verifying import Difference, Verified, verify
from tests.services.projecting import POISON, Case, Fault, Town, many_cases, open_town


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation) as found:
        yield found


def tables(town: Town, name: str) -> list[str]:
    with connect(town.conninfo, town.schema) as db:
        found = db.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
            " AND table_type = 'BASE TABLE' AND table_name ~ %s ORDER BY 1",
            (town.schema, f"^{name}_[0-9]+$"),
        )
        return [str(table) for (table,) in found]


def live(town: Town, name: str) -> Generation:
    with connect(town.conninfo, town.schema) as db:
        return require_live(db, name)


def rebuilt(town: Town, name: str = "timeline") -> Generation:
    (projection,) = [each for each in PROJECTIONS if each.name == name]
    return rebuild(town.conninfo, town.schema, town.store, projection)


def checked(town: Town) -> Verified:
    return verify(town.conninfo, town.schema, town.store, caseload.projection)


def test_a_rebuilt_view_takes_the_place_of_the_live_one(town: Town) -> None:
    many_cases(town.store, 30)
    for projection in PROJECTIONS:
        town.catch_up(projection)
        before = live(town, projection.name)

        after = rebuild(town.conninfo, town.schema, town.store, projection)

        assert after == replace(before, generation=2)
        assert town.differing(projection) == 0


def test_the_generation_before_is_kept_and_older_ones_are_not(town: Town) -> None:
    for generation in (2, 3, 4):
        assert rebuilt(town).generation == generation

    assert tables(town, "timeline") == ["timeline_3", "timeline_4"]


def test_a_rebuild_tells_how_far_it_is(town: Town) -> None:
    many_cases(town.store, 20)
    told: list[tuple[int, int]] = []

    rebuild(
        town.conninfo,
        town.schema,
        town.store,
        timeline.projection,
        progress=lambda position, aim: told.append((position, aim)),
    )

    assert told == [(120, 120)]


def test_the_projector_goes_on_with_the_new_generation(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    with town.projector(timeline.projection) as projector:
        projector.step()
        rebuilt(town)
        case.says("afterwards")
        while town.texts(case) != ["afterwards"]:
            projector.step()

    assert town.differing(timeline.projection) == 0


def test_the_first_poison_stops_a_rebuild_and_the_view_stays(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    case.says(POISON)
    town.catch_up(timeline.projection)

    with pytest.raises(RebuildStopped, match="ValueError") as caught:
        rebuild(town.conninfo, town.schema, town.store, Fault().projection)

    assert caught.value.after == 0
    assert live(town, "timeline").generation == 1
    assert tables(town, "timeline") == ["timeline_1"]
    assert town.texts(case) == [POISON]


def test_a_rebuild_mends_what_was_parked(town: Town) -> None:
    fault = Fault()
    case = Case(town.store)
    case.opens()
    case.says(POISON)
    town.catch_up(fault.projection)
    fault.error = None

    rebuild(town.conninfo, town.schema, town.store, fault.projection)

    assert town.texts(case) == [POISON]
    assert town.parked() == []
    assert live(town, "timeline").parked == 0


def test_what_a_killed_rebuild_left_is_cleared_away(town: Town) -> None:
    with connect(town.conninfo, town.schema) as db:
        db.execute(
            "INSERT INTO projection (name, generation, version, state)"
            " VALUES ('timeline', 2, 1, 'building')"
        )
        db.execute("CREATE TABLE timeline_2 (half_built text)")

    rebuilt(town)

    assert live(town, "timeline").state == "live"
    assert len(tables(town, "timeline")) == 2


def test_one_rebuild_at_a_time(town: Town) -> None:
    with (
        alone(town.conninfo, town.schema, "timeline"),
        pytest.raises(RebuildUnderWay),
    ):
        rebuilt(town)

    assert rebuilt(town, "caseload").generation == 2


def test_the_generation_before_can_be_shown_again(town: Town) -> None:
    with pytest.raises(NothingToRestore):
        restore_previous(town.conninfo, town.schema, "timeline")
    case = Case(town.store)
    case.opens()
    case.says("one")
    town.catch_up(timeline.projection)
    rebuilt(town)
    case.says("two")
    town.catch_up(timeline.projection)

    assert restore_previous(town.conninfo, town.schema, "timeline").generation == 1

    assert town.texts(case) == ["one"]
    town.catch_up(timeline.projection)
    assert town.texts(case) == ["one", "two"]
    assert town.differing(timeline.projection) == 0


def test_readers_and_writers_notice_nothing_of_a_rebuild(town: Town) -> None:
    """The view is always there and never goes back, though it is exchanged again and again."""
    stop = threading.Event()
    many_cases(town.store, 50)
    town.catch_up(timeline.projection)

    def follow() -> None:
        with town.projector(timeline.projection) as projector:
            while not stop.is_set():
                projector.step()

    def append() -> None:
        case = Case(town.store)
        case.opens()
        while not stop.wait(0.002):
            case.says("more")

    def read() -> list[int]:
        seen = []
        with connect(town.conninfo, town.schema) as db:
            while not stop.is_set():
                row = db.execute("SELECT max(position) FROM timeline").fetchone()
                assert row is not None
                seen.append(int(str(row[0])))
        return seen

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read) for _ in range(2)]
        others = [pool.submit(follow), pool.submit(append)]
        try:
            for _ in range(5):
                rebuilt(town)
        finally:
            stop.set()
        for other in others:
            other.result()
        for reader in readers:
            seen = reader.result()
            assert seen == sorted(seen)
            assert seen[-1] > seen[0]
    town.catch_up(timeline.projection)
    assert live(town, "timeline").generation == 6
    assert town.differing(timeline.projection) == 0


def test_a_row_that_was_tampered_with_is_found(town: Town) -> None:
    many_cases(town.store, 20)
    town.catch_up(caseload.projection)
    assert checked(town) == Verified(
        name="caseload", position=120, rows=20, differing=0, samples=[]
    )
    with connect(town.conninfo, town.schema) as db:
        db.execute(
            "UPDATE caseload_1 SET subject = 'tampered' WHERE case_id ="
            " (SELECT case_id FROM caseload_1 LIMIT 1)"
        )

    found = checked(town)

    assert (found.rows, found.differing) == (20, 2)
    assert [(each.only_in, each.row["subject"]) for each in found.samples] == [
        ("live", "tampered"),
        ("log", "Carport, Nørregade 1"),
    ]
    assert all(isinstance(each, Difference) for each in found.samples)


ADD_A_ROW = """
    INSERT INTO caseload_1
    SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', gen_random_uuid()))).*
    FROM caseload_1 AS c WHERE position = 6"""


@pytest.mark.parametrize(
    ("tampering", "differing"),
    [
        ("DELETE FROM caseload_1 WHERE position = 6", 1),
        (ADD_A_ROW, 1),
        ("UPDATE caseload_1 SET due_on = due_on + 1", 40),
    ],
    ids=["deleted", "added", "all changed"],
)
def test_every_kind_of_tampering_is_found(town: Town, tampering: str, differing: int) -> None:
    many_cases(town.store, 20)
    town.catch_up(caseload.projection)
    with connect(town.conninfo, town.schema) as db:
        db.execute(tampering.encode())

    found = checked(town)

    assert found.differing == differing
    assert 0 < len(found.samples) <= 10
    assert tables(town, "caseload") == ["caseload_1"]


def test_a_view_is_proved_while_it_goes_on(town: Town) -> None:
    many_cases(town.store, 50)
    stop = threading.Event()

    def follow() -> None:
        with town.projector(caseload.projection) as projector:
            while not stop.is_set():
                projector.step()

    def append() -> None:
        while not stop.is_set():
            many_cases(town.store, 5)

    threads = [threading.Thread(target=follow), threading.Thread(target=append)]
    for thread in threads:
        thread.start()
    try:
        found = [checked(town) for _ in range(5)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert [each.differing for each in found] == [0] * 5
    assert found[-1].position > found[0].position


def test_eight_may_ensure_at_once(postgres: str, organisation: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ensure, postgres, organisation) for _ in range(8)]:
            done.result()

    with connect(postgres, organisation) as db:
        found = db.execute("SELECT count(*), max(generation) FROM projection").fetchone()
    assert found == (len(PROJECTIONS), 1)


def many_steps(projector: Projector) -> None:
    """The first finds the exchange, the next would write."""
    for _ in range(3):
        projector.step()


def test_old_code_does_not_write_what_new_code_has_built(town: Town) -> None:
    newer = replace(timeline.projection, version=timeline.projection.version + 1)
    with town.projector(timeline.projection) as projector:
        rebuild(town.conninfo, town.schema, town.store, newer)
        Case(town.store).opens()
        with pytest.raises(OtherVersion):
            town.projector(timeline.projection)
        with pytest.raises(OtherVersion):
            many_steps(projector)

    assert live(town, "timeline").version == newer.version
