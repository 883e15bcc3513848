"""Workers: they follow the log, stand by for each other, and survive being cut off or killed."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest

from projections import hearings, timeline
from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.projecting import worker
from services.projecting.generations import lock_number
from services.projecting.kept_log import KeptLog
from services.projecting.standing import standings
from tests.keys import RING
from tests.services.projecting import Case, Town, many_cases, open_town

ROOT = Path(__file__).parent.parent.parent
SEED = 20261201
KILLS = 6


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation, kept=True) as found:
        yield found


@contextmanager
def working(town: Town, *projections: Projection) -> Iterator[None]:
    """A worker, with a store of its own as another process would have."""
    stop = threading.Event()
    with PostgresEventStore(town.conninfo, town.schema, RING) as store:
        thread = threading.Thread(
            target=worker.run,
            args=(town.conninfo, {town.schema: store}, stop, projections or PROJECTIONS),
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=20)
            assert not thread.is_alive()


def becomes(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.005)
    return True


def caught_up(town: Town) -> bool:
    end = town.store.safe_position()
    with connect(town.conninfo, town.schema) as db:
        return all(each.position == end for each in standings(db))


def test_a_worker_brings_every_view_up_to_date(town: Town) -> None:
    many_cases(town.store, 20)

    with working(town):
        assert becomes(lambda: caught_up(town))
        case = Case(town.store)
        case.opens()
        case.says("Hej")
        assert becomes(lambda: town.texts(case) == ["Hej"])
        assert becomes(lambda: caught_up(town))


def test_a_worker_makes_the_tables_that_are_missing(postgres: str, organisation: str) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        bare = Town(postgres, organisation, store, KeptLog(store))
        with working(bare):

            def made() -> bool:
                with connect(postgres, organisation) as db:
                    return len(standings(db)) == len(PROJECTIONS)

            assert becomes(made)


def owners(town: Town) -> set[int]:
    """The backends that hold a projector's lock of this schema; other systems may run beside."""
    with connect(town.conninfo, town.schema) as db:
        numbers = [lock_number(db, f"projector {each.name}") for each in PROJECTIONS]
        found = db.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            " AND (classid::bigint << 32 | objid::bigint) = ANY(%s)",
            (numbers,),
        )
        return {int(str(pid)) for (pid,) in found}


def test_of_two_workers_one_works_and_the_other_takes_over(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    with working(town, timeline.projection):
        assert becomes(lambda: len(owners(town)) == 1)
        (first,) = owners(town)
        with working(town, timeline.projection):
            time.sleep(1.5)
            assert owners(town) == {first}
            with connect(town.conninfo, town.schema) as db:
                db.execute("SELECT pg_terminate_backend(%s)", (first,))
            assert becomes(lambda: bool(owners(town)) and owners(town) != {first})
            case.says("still here")
            assert becomes(lambda: town.texts(case) == ["still here"])
            assert len(owners(town)) == 1

    assert town.differing(timeline.projection) == 0


def test_a_worker_survives_the_loss_of_every_connection(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    with working(town, timeline.projection, hearings.projection):
        for number in range(3):
            case.says(f"{number}")
            assert becomes(lambda: len(town.texts(case)) == case.version - 1)
            with psycopg.connect(town.conninfo, autocommit=True) as db:
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'julelys%' AND pid <> pg_backend_pid()"
                )
        case.says("at last")
        assert becomes(lambda: town.texts(case) == ["0", "1", "2", "at last"])


SHOUT = "shout text GENERATED ALWAYS AS (upper(kind)) STORED"


def test_new_code_rebuilds_what_old_code_wrote(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    case.says("Hej")
    town.catch_up(timeline.projection)
    newer = replace(
        timeline.projection,
        version=timeline.projection.version + 1,
        columns=timeline.projection.columns
        + ", shout text GENERATED ALWAYS AS (upper(kind)) STORED",
    )

    with working(town, newer):
        case.says("igen")
        assert becomes(lambda: town.texts(case) == ["Hej", "igen"])
        with connect(town.conninfo, town.schema) as db:
            found = db.execute("SELECT shout FROM timeline ORDER BY position").fetchall()
            (live,) = [each for each in standings(db) if each.name == "timeline"]

    assert found == [("OPENED",), ("PARTY-WROTE",), ("PARTY-WROTE",)]
    assert (live.version, live.generation) == (newer.version, 2)


def worker_process(town: Town) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.services.projecting_process"]
    return subprocess.Popen([*command, town.conninfo, town.schema], cwd=ROOT)  # our own file


def moves(town: Town) -> bool:
    before = town.position()
    return becomes(lambda: town.position() > before)


def test_killed_workers_leave_views_that_the_log_confirms(town: Town) -> None:
    """SIGKILL at random moments, under load, again and again; then row by row against the log."""
    chance = Random(SEED)
    stop = threading.Event()
    many_cases(town.store, 1500)

    def append() -> None:
        while not stop.wait(0.05):
            many_cases(town.store, 10)

    writer = threading.Thread(target=append)
    writer.start()
    in_the_middle = 0
    try:
        for _ in range(KILLS):
            with worker_process(town) as process:
                assert moves(town)
                time.sleep(chance.uniform(0.0, 0.3))
                process.kill()
            in_the_middle += town.position() < town.store.safe_position()
    finally:
        stop.set()
        writer.join()

    assert in_the_middle > 0
    with working(town):
        assert becomes(lambda: caught_up(town), seconds=60)
    assert {p.name: town.differing(p) for p in PROJECTIONS} == {p.name: 0 for p in PROJECTIONS}
