"""The store and its listeners outlive their connections."""

import threading
import time
from pathlib import Path
from statistics import median

import psycopg
import pytest

from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.eventstore.wakeups import POLL_SECONDS, REST_SECONDS, Wakeups
from services.ports import StoreUnavailable, Written
from tests.keys import RING
from tests.services.writes import cancelled, command, to

pytestmark = pytest.mark.whole_machine


def kill(conninfo: str, application_name: str) -> int:
    with psycopg.connect(conninfo, autocommit=True) as db:
        found = db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [application_name],
        )
        return len(found.fetchall())


def test_a_store_whose_connections_all_died_goes_on(postgres: str, organisation: str) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        warm = [threading.Thread(target=store.read, args=("x",)) for _ in range(4)]
        for thread in warm:
            thread.start()
        for thread in warm:
            thread.join()
        for number in range(5):
            assert kill(postgres, "julelys-store") >= 1
            assert store.read("case-1").version == number
            kill(postgres, "julelys-store")
            outcome = store.append([command(to("case-1", number, cancelled()))])
            assert outcome == [Written(position=number + 1)]


def test_a_store_that_cannot_be_reached_says_so_at_the_deadline(tmp_path: Path) -> None:
    began = time.monotonic()
    with (
        PostgresEventStore(f"host={tmp_path}", "nowhere", RING, deadline_seconds=0.5) as store,
        pytest.raises(StoreUnavailable),
    ):
        store.append([command()])

    assert 0.2 < time.monotonic() - began < 2


def test_a_stream_that_is_held_too_long_is_given_up(postgres: str, organisation: str) -> None:
    with (
        PostgresEventStore(postgres, organisation, RING, deadline_seconds=0.5) as store,
        PostgresEventStore(postgres, organisation, RING, deadline_seconds=0.5) as other,
    ):
        with store.exclusively(["a", "b"]), pytest.raises(StoreUnavailable):
            other.exclusively(["c", "b"]).__enter__()
        with other.exclusively(["b"]):
            pass


def test_a_holder_that_died_keeps_nobody_out(postgres: str, organisation: str) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        with store.exclusively(["a"]):
            kill(postgres, "julelys-store")
            with store.exclusively(["a"]):
                pass
        with store.exclusively(["a"]):
            assert store.append([command(to("a", 0, cancelled()))]) == [Written(position=1)]


def test_every_waiting_thread_hears_of_an_append_at_once(postgres: str, organisation: str) -> None:
    late: list[float] = []
    with (
        PostgresEventStore(postgres, organisation, RING) as store,
        Wakeups(postgres, organisation) as wakeups,
    ):
        appended_at = [0.0] * 10

        def follow() -> None:
            position = 0
            while position < 10:
                wakeups.wait()
                facts, position = store.read_log(after=position, limit=10)
                now = time.monotonic()
                late.extend(now - appended_at[fact.position - 1] for fact in facts)

        followers = [threading.Thread(target=follow) for _ in range(3)]
        for thread in followers:
            thread.start()
        for number in range(10):
            time.sleep(0.05)
            appended_at[number] = time.monotonic()
            store.append([command(to(f"case-{number}", 0, cancelled()))])
        for thread in followers:
            thread.join()

    assert len(late) == 30
    assert max(late) < 1
    # Half of the poll's mean would already say that nobody was woken.
    assert median(late) < POLL_SECONDS / 4


def test_a_killed_listener_costs_less_than_a_second(postgres: str, organisation: str) -> None:
    with (
        PostgresEventStore(postgres, organisation, RING) as store,
        Wakeups(postgres, organisation) as wakeups,
    ):
        position = 0
        for number in range(4):
            wakeups.wait()
            while not kill(postgres, "julelys-listener"):
                time.sleep(0.01)
            kill(postgres, "julelys-announcer")
            store.append([command(to(f"case-{number}", 0, cancelled()))])
            began = time.monotonic()
            while position == number:
                wakeups.wait()
                _, position = store.read_log(after=position, limit=10)
            assert time.monotonic() - began < 1


def test_a_wait_without_word_ends_after_the_poll_or_sooner(
    postgres: str, organisation: str
) -> None:
    with Wakeups(postgres, organisation) as wakeups:
        while True:
            began = time.monotonic()
            wakeups.wait(10)
            if time.monotonic() - began > 0.2:
                break
        assert time.monotonic() - began < REST_SECONDS + 0.5
        began = time.monotonic()
        wakeups.wait(0.05)
        assert 0.04 < time.monotonic() - began < 0.2


def test_what_is_recorded_is_never_changed(postgres: str, organisation: str) -> None:
    with (
        PostgresEventStore(postgres, organisation, RING) as store,
        connect(postgres, organisation) as db,
    ):
        store.append([command(to("case-1", 0, cancelled()))])
        for statement in (
            b"UPDATE events SET topic = 'x'",
            b"DELETE FROM events",
            b"TRUNCATE events",
            b"DELETE FROM command",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                db.execute(statement)
