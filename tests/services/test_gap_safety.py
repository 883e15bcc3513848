"""No reader skips a fact, whatever the writers' transactions do: proof and counter-proof."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import cast

import psycopg
import pytest
import structlog
from psycopg.conninfo import make_conninfo

from services.database import SERVER, Row, connect
from services.eventstore.batch import Batch, batch_of
from services.eventstore.datastore import Datastore
from services.eventstore.mapper import Mapper
from services.eventstore.packing import register
from services.eventstore.recorder import APPEND, Recorder
from services.eventstore.sealing import FactSeals
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import CommandWrite, Written
from tests.keys import RING
from tests.services.writes import cancelled, command, to

log = structlog.get_logger()

WRITERS = 8
COMMANDS = 60
READERS = 3

Page = list[tuple[int, str, int]]
Read = Callable[[int], tuple[Page, int]]


def ready(db: psycopg.Connection[Row], organisation: str, *writes: CommandWrite) -> Batch:
    """What is to be appended, with the keys that have sealed it: before the transaction begins."""
    mapper = Mapper(transcoder=None)  # type: ignore[arg-type]  # ours uses none
    return batch_of(writes, mapper, FactSeals(organisation, RING).for_batch(db, writes))


def open_append(db: psycopg.Connection[Row], organisation: str, batch: Batch) -> list[Row]:
    """The append that the store makes, in whatever transaction the connection has open."""
    register(db)
    statement = APPEND.replace("{schema}", organisation).encode()
    ((*_, events),) = db.execute(SERVER).fetchall()
    return db.execute(statement, batch.sent(events)).fetchall()


def write_badly(conninfo: str, organisation: str, writer: int, seed: int) -> None:
    """Appends with pauses before the commit, rollbacks, and backends killed in between."""
    chance = random.Random(seed)
    db = connect(conninfo, organisation)
    versions: defaultdict[str, int] = defaultdict(int)
    for _ in range(COMMANDS):
        stream = f"case-{writer}-{chance.randrange(3)}"
        count = chance.choice([1, 1, 3])
        write = command(to(stream, versions[stream], *[cancelled()] * count))
        fate = chance.random()
        try:
            batch = ready(db, organisation, write)
            with db.transaction(force_rollback=fate < 0.15):
                open_append(db, organisation, batch)
                time.sleep(chance.random() * 0.01)
                if 0.15 <= fate < 0.2:
                    kill(conninfo, db.info.backend_pid)
            if fate >= 0.2:
                versions[stream] += count
        except psycopg.OperationalError:
            db.close()
            db = connect(conninfo, organisation)
    db.close()


def kill(conninfo: str, backend: int) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(%s)", [backend])


def follow(read: Read, seen: Page, done: threading.Event, seed: int) -> None:
    chance = random.Random(seed)
    position = 0
    while True:
        was_done = done.is_set()
        page, position = read(position)
        seen += page
        if page:
            continue
        if was_done:
            return
        time.sleep(chance.random() * 0.003)


def proven(conninfo: str, organisation: str) -> tuple[Read, Callable[[], None]]:
    datastore = Datastore(conninfo, organisation)
    recorder = Recorder(datastore)

    def read(after: int) -> tuple[Page, int]:
        facts, reached = recorder.log_facts(after, 50)
        return [(f.id, str(f.originator_id), f.originator_version) for f in facts], reached

    return read, datastore.close


def careless(conninfo: str, organisation: str) -> tuple[Read, Callable[[], None]]:
    """Reads whatever is committed, as most logs on PostgreSQL have done at some time."""
    db = connect(conninfo, organisation)

    def read(after: int) -> tuple[Page, int]:
        rows = cast("Page", db.execute(ALL, [after]).fetchall())
        return rows, rows[-1][0] if rows else after

    return read, db.close


ALL = """SELECT notification_id, originator_id, originator_version FROM events
    WHERE notification_id > %s ORDER BY notification_id LIMIT 50"""


def run(
    conninfo: str,
    organisation: str,
    reading: Callable[[str, str], tuple[Read, Callable[[], None]]],
    seed: int,
) -> tuple[list[Page], Page]:
    """What each reader saw, and what was there when all was over."""
    done = threading.Event()
    seen: list[Page] = [[] for _ in range(READERS)]
    sources = [reading(conninfo, organisation) for _ in seen]
    readers = [
        threading.Thread(target=follow, args=(read, page, done, seed * 1000 + 500 + number))
        for number, ((read, _), page) in enumerate(zip(sources, seen, strict=True))
    ]
    writers = [
        threading.Thread(target=write_badly, args=(conninfo, organisation, n, seed * 1000 + n))
        for n in range(WRITERS)
    ]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    for _, close in sources:
        close()
    with connect(conninfo, organisation) as db:
        query = ALL.replace("LIMIT 50", "").encode()
        return seen, cast("Page", db.execute(query, [0]).fetchall())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_reader_sees_every_fact_once_and_in_order(
    postgres: str, organisation: str, seed: int
) -> None:
    seen, truth = run(postgres, organisation, proven, seed)
    missing = [len(truth) - len(page) for page in seen]
    log.info("log_followed", seed=seed, facts=len(truth), missing=missing)

    assert len(truth) > WRITERS * COMMANDS
    for page in seen:
        assert page == truth
    versions: defaultdict[str, int] = defaultdict(int)
    for _, stream, version in seen[0]:
        assert version == versions[stream] + 1
        versions[stream] = version


def test_a_reader_that_ignores_the_safe_position_loses_facts(
    postgres: str, organisation: str
) -> None:
    seen, truth = run(postgres, organisation, careless, seed=1)
    missing = [len(truth) - len(page) for page in seen]
    log.info("log_followed_carelessly", seed=1, facts=len(truth), missing=missing)

    assert all(lost > 0 for lost in missing)


@pytest.mark.parametrize("start", [1, 2, 2**32 - 2, 2**32 - 1, 2**32, 2**40 + 7])
def test_an_open_append_holds_back_what_is_above_it_and_nothing_else(
    postgres: str, organisation: str, start: int
) -> None:
    with (
        connect(postgres, organisation) as db,
        PostgresEventStore(postgres, organisation, RING) as store,
    ):
        db.execute(b"ALTER TABLE events ALTER notification_id RESTART WITH %d" % start)
        store.append([command(to("below", 0, cancelled()))])
        batch = ready(db, organisation, command(to("slow", 0, cancelled())))
        with db.transaction():
            open_append(db, organisation, batch)
            assert store.append([command(to("fast", 0, cancelled()))]) == [
                Written(position=start + 2)
            ]
            assert store.read("fast").version == 1
            assert store.safe_position() == start
            assert [f.stream for f in store.read_log(after=0, limit=10)[0]] == ["below"]
        assert store.safe_position() == start + 2
        facts, reached = store.read_log(after=0, limit=10)

    assert [fact.stream for fact in facts] == ["below", "slow", "fast"]
    assert reached == start + 2


def test_the_very_first_append_holds_back_the_second(postgres: str, organisation: str) -> None:
    with (
        connect(postgres, organisation) as db,
        PostgresEventStore(postgres, organisation, RING) as store,
    ):
        batch = ready(db, organisation, command(to("slow", 0, cancelled())))
        with db.transaction():
            open_append(db, organisation, batch)
            store.append([command(to("fast", 0, cancelled()))])
            assert store.safe_position() == 0
            assert store.read_log(after=0, limit=10) == ([], 0)
        assert store.safe_position() == 2


def test_the_safe_position_is_that_of_a_fact_after_a_rollback_too(
    postgres: str, organisation: str
) -> None:
    """A number drawn and rolled back may be drawn again after a crash; nobody may be past it."""
    with (
        connect(postgres, organisation) as db,
        PostgresEventStore(postgres, organisation, RING) as store,
    ):
        store.append([command(to("kept", 0, cancelled()))])
        batch = ready(db, organisation, command(to("gone", 0, cancelled())))
        with db.transaction(force_rollback=True):
            open_append(db, organisation, batch)

        assert store.safe_position() == 1
        assert store.read_log(after=0, limit=10)[1] == 1


def test_a_waiting_append_holds_no_reader_back(postgres: str, organisation: str) -> None:
    with (
        connect(postgres, organisation) as db,
        connect(postgres, organisation) as reader,
        PostgresEventStore(postgres, organisation, RING) as store,
    ):
        waiting = threading.Thread(
            target=store.append, args=([command(to("hot", 0, cancelled("waits")))],)
        )
        with db.transaction():
            db.execute("SELECT lock_for_append('{}', '{hot}', '{1}')")
            waiting.start()
            until(lambda: bool(reader.execute(WAITING).fetchone()))
            with PostgresEventStore(postgres, organisation, RING) as other:
                other.append([command(to("cold", 0, cancelled("cold")))])
                assert other.safe_position() == 1
        waiting.join()


STORES = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'opposite-order'"
WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "did not become true"
        time.sleep(0.005)


@pytest.mark.parametrize("share", ["streams", "ids"])
def test_batches_that_share_streams_or_ids_in_opposite_order_never_deadlock(
    postgres: str, organisation: str, share: str
) -> None:
    rounds, width = 30, 150
    ids = [[new_id() for _ in range(width)] for _ in range(rounds)]
    together = threading.Barrier(2)
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with psycopg.connect(postgres, autocommit=True) as db:
        before = db.execute(deadlocks).fetchall()

    def write(*, backwards: bool) -> None:
        own = f"{backwards}-" if share == "ids" else ""
        own_name = make_conninfo(postgres, application_name="opposite-order")
        with PostgresEventStore(own_name, organisation, RING) as store:
            for number in range(rounds):
                writes = [
                    command(
                        to(f"{own}{number}-{k}", 0, cancelled()),
                        to(f"{own}guarded-{number}-{k}", 0),
                        command_id=ids[number][k] if share == "ids" else None,
                    )
                    for k in range(width)
                ]
                together.wait()
                store.append(writes[::-1] if backwards else writes)

    threads = [threading.Thread(target=write, kwargs={"backwards": b}) for b in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A backend counts its deadlocks by the time that it is gone.
    with connect(postgres, organisation) as db:
        until(lambda: not db.execute(STORES).fetchone())
        after = db.execute(deadlocks).fetchall()
        [(facts,)] = db.execute("SELECT count(*) FROM events").fetchall()

    assert after == before
    assert facts == rounds * width
