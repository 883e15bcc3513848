"""Who relays, and how far: the row, the lock, and what happens to a process that is killed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.relay.ports import Fenced, RelayPositions, Tenure
from services.relay.positions import PostgresRelayPositions
from tests.keys import RING
from tests.services.following import PATIENCE_SECONDS, run
from tests.services.relaying import MemoryPositions, Row
from tests.services.writes import cancelled, command, to

TWO = tuple[RelayPositions, RelayPositions]


@pytest.fixture(params=["memory", "postgres"])
def two(request: pytest.FixtureRequest) -> TWO:
    """Two who would relay the same log."""
    if request.param == "memory":
        row = Row()
        return MemoryPositions(row), MemoryPositions(row)
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")
    return (
        PostgresRelayPositions(conninfo, organisation),
        PostgresRelayPositions(conninfo, organisation),
    )


def test_one_owns_and_another_stands_by(two: TWO) -> None:
    async def work() -> None:
        one, other = two
        assert await one.take_over() == Tenure(epoch=1, position=0)
        assert await other.take_over() is None
        await one.give_up()
        assert await other.take_over() == Tenure(epoch=2, position=0)
        await other.give_up()

    run(work())


def test_whoever_takes_over_begins_where_the_other_was(two: TWO) -> None:
    async def work() -> None:
        one, other = two
        tenure = await one.take_over()
        assert tenure is not None
        tenure = await one.advance(tenure, 7)
        assert tenure == Tenure(epoch=1, position=7)
        await one.advance(tenure, 9)
        await one.give_up()
        assert await other.take_over() == Tenure(epoch=2, position=9)
        await other.give_up()

    run(work())


def test_a_position_moves_from_where_it_is_and_nowhere_else(two: TWO) -> None:
    async def work() -> None:
        one, other = two
        tenure = await one.take_over()
        assert tenure is not None
        await one.advance(tenure, 7)
        with pytest.raises(Fenced):
            await one.advance(tenure, 8)
        assert await other.take_over() == Tenure(epoch=2, position=7)
        await other.give_up()

    run(work())


def test_to_give_up_what_one_has_not_does_nothing(two: TWO) -> None:
    async def work() -> None:
        one, other = two
        await one.take_over()
        await other.give_up()
        assert await other.take_over() is None
        await one.give_up()
        await other.give_up()

    run(work())


def lose_connections(conninfo: str, name: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        killed = db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = %s",
            [f"julelys-{name}"],
        ).fetchall()
        assert killed == [(True,)]


def test_whoever_lost_the_connection_is_fenced(postgres: str, organisation: str) -> None:
    async def work() -> None:
        one = PostgresRelayPositions(postgres, organisation, "lost")
        other = PostgresRelayPositions(postgres, organisation, "lost")
        tenure = await one.take_over()
        assert tenure is not None
        lose_connections(postgres, "lost")
        assert await other.take_over() == Tenure(epoch=2, position=0)
        with pytest.raises(Fenced):
            await one.advance(tenure, 5)
        assert await one.take_over() is None
        await other.give_up()
        assert await one.take_over() == Tenure(epoch=3, position=0)
        await one.give_up()

    run(work())


def test_an_epoch_that_is_over_moves_nothing_even_on_a_good_connection(
    postgres: str, organisation: str
) -> None:
    async def work() -> Tenure | None:
        one = PostgresRelayPositions(postgres, organisation)
        tenure = await one.take_over()
        assert tenure is not None
        with connect(postgres, organisation) as db:
            db.execute("UPDATE relay SET epoch = epoch + 1")
        with pytest.raises(Fenced):
            await one.advance(tenure, 5)
        again = await one.take_over()
        await one.give_up()
        return again

    assert run(work()) == Tenure(epoch=3, position=0)


def test_names_and_organisations_do_not_get_in_each_others_way(
    postgres: str, organisation: str
) -> None:
    async def work() -> list[Tenure | None]:
        each = [
            PostgresRelayPositions(postgres, organisation),
            PostgresRelayPositions(postgres, organisation, "index"),
            PostgresRelayPositions(postgres, organisation, table="feed_position"),
        ]
        taken = [await one.take_over() for one in each]
        for one in each:
            await one.give_up()
        return taken

    assert run(work()) == [Tenure(epoch=1, position=0)] * 3


def test_a_database_that_is_away_has_no_owner(tmp_path: Path) -> None:
    positions = PostgresRelayPositions(f"host={tmp_path}", "nowhere")

    assert run(positions.take_over()) is None


@contextmanager
def relay_process(conninfo: str, schema: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [sys.executable, "-m", "tests.services.relay_process", conninfo, schema, str(file)]
    process = subprocess.Popen(arguments)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(reached: Callable[[], bool]) -> float:
    """Wait for it; the seconds that it took."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < PATIENCE_SECONDS
        time.sleep(0.005)
    return time.monotonic() - began


def relays_connected(conninfo: str) -> int:
    with psycopg.connect(conninfo) as db:
        found = db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'julelys-kafka'"
        ).fetchall()
    return int(found[0][0])


def test_a_standby_takes_over_from_an_owner_that_is_killed(
    postgres: str, organisation: str, tmp_path: Path
) -> None:
    file = tmp_path / "published"
    file.touch()

    def published() -> list[tuple[int, int]]:
        lines = file.read_text().splitlines()
        return [(int(pid), int(position)) for pid, position in map(str.split, lines)]

    def standing(wanted: tuple[int, int]) -> bool:
        with connect(postgres, organisation) as db:
            return db.execute("SELECT epoch, position FROM relay").fetchall() == [wanted]

    with PostgresEventStore(postgres, organisation, RING) as store, ExitStack() as running:

        def append(version: int) -> None:
            store.append([command(to("hearing-1", version, cancelled()))])

        append(0)
        owner = running.enter_context(relay_process(postgres, organisation, file))
        until(lambda: standing((1, 1)))
        standby = running.enter_context(relay_process(postgres, organisation, file))
        until(lambda: relays_connected(postgres) == 2)
        append(1)
        until(lambda: standing((1, 2)))
        owner.kill()
        append(2)
        taken_over = until(lambda: standing((2, 3)))

    assert published() == [(owner.pid, 1), (owner.pid, 2), (standby.pid, 3)]
    assert taken_over < 10, "it takes a quarter of a second or so"
    print(f"seconds from kill to published and checkpointed: {taken_over:.3f}")  # noqa: T201
