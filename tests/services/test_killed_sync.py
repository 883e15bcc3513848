"""Relay, sync, broker and records system killed for real, under load: nothing is lost or twice.

`JULELYS_KILLS=100` kills each of them that often; without it as often as CI has time for: 5
times, and the records system 3 times.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

import pytest

from tests.broker import Broker
from tests.services.killing import (
    Faults,
    Program,
    Town,
    over_kafka,
    set_by,
    some_broker,
    started,
    town,
)
from tests.services.ledgers import assert_filed_exactly, on_its_way, wait_until_all_is_filed
from tests.services.townspeople import People

SEED = 20261123
KILLS = int(set_by("JULELYS_KILLS", "5"))
RECORDS_SYSTEM_KILLS = KILLS if KILLS > 5 else 3
LONGEST_SECONDS = 900 + 30 * KILLS
BACKLOG = 60
"""People pause while so many facts wait: a loaded machine files them in some seconds."""

FAULTS: Faults = (
    {"kind": "timeout-after", "operation": "POST *", "probability": 0.02, "seed": 1},
    {"kind": "late", "operation": "POST *", "probability": 0.02, "seed": 2, "seconds": 1.5},
    {"kind": "late-hang", "operation": "POST *", "probability": 0.02, "seed": 3, "seconds": 2.5},
    {"kind": "500-after", "operation": "POST *", "probability": 0.02, "seed": 4},
    {"kind": "reset-after", "operation": "POST *", "probability": 0.02, "seed": 5},
    {"kind": "reset-before", "probability": 0.01, "seed": 6},
    {"kind": "429", "probability": 0.02, "seed": 7, "seconds": 1},
    {"kind": "401", "probability": 0.01, "seed": 8},
)

pytestmark = pytest.mark.timeout(LONGEST_SECONDS)


@contextmanager
def submitting(people: People) -> Iterator[None]:
    """People go on submitting while the block lasts."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def go_on() -> None:
        try:
            while not stop.wait(0.1):
                if on_its_way(people.town) < BACKLOG:
                    people.submit()
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            failed.append(error)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert failed == []


class KilledBroker:
    """Like a program, but its start is waited for on a thread of its own."""

    def __init__(self, broker: Broker) -> None:
        self.kills = 0
        self._broker = broker
        self._starting: threading.Thread | None = None

    def restart(self) -> None:
        self.wait()
        self._broker.kill()
        self.kills += 1
        self._starting = threading.Thread(target=self._broker.start)
        self._starting.start()

    def wait(self) -> None:
        if self._starting is not None:
            self._starting.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()


def kill_at_random(
    place: Town,
    rounds: int,
    victims: Sequence[Sequence[Program | KilledBroker]],
    goes_on: Callable[[], int],
) -> None:
    """In every round one of each kind, in any order and at any moment; then it must go on."""
    chance = Random(SEED)
    for _ in range(rounds):
        for kind in chance.sample(victims, len(victims)):
            time.sleep(chance.uniform(0.0, 0.8))
            chance.choice(kind).restart()
        before = goes_on()
        place.wait_for("it goes on", partial(_is_past, before, goes_on))


def _is_past(before: int, now: Callable[[], int]) -> bool:
    return now() > before


def test_killed_relay_sync_and_broker_lose_nothing_and_file_nothing_twice(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with some_broker() as broker, town(database, tmp_path, **over_kafka(broker)) as place:
        people = People(place, Random(SEED))
        people.publish_hearings(5)
        people.publish_days()
        relay, simulator = place.program("relay"), place.simulator(FAULTS)
        syncs = [place.program(f"sync-{each}", "esdh-sync") for each in (1, 2)]
        with started(simulator, relay, *syncs), KilledBroker(broker) as killed_broker:
            place.wait_for("the first is filed", lambda: place.filed() > 0)
            # Tansu has everything in memory: killed, it would be another one.
            brokers = [[killed_broker]] if broker.durable else []
            with submitting(people):
                kill_at_random(place, KILLS, [[relay], syncs, *brokers], place.relayed)
            killed_broker.wait()
            wait_until_all_is_filed(place)
            lying = assert_filed_exactly(place, people.belongs)

    killed = f"relay {relay.kills}, sync {_kills(syncs)}, broker {killed_broker.kills}"
    tell(capsys, f"{broker.name}: {people.done} acts, {lying} things filed; killed: {killed}")


def test_a_killed_records_system_has_everything_once(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its ledger is on the disk; what it would have done late dies with it. Without a broker."""
    with town(database, tmp_path) as place:
        people = People(place, Random(SEED))
        people.publish_hearings(5)
        people.publish_days()
        simulator = place.simulator(FAULTS)
        syncs = [place.program(f"sync-{each}", "esdh-sync") for each in (1, 2)]
        with started(simulator, *syncs):
            place.wait_for("the first is filed", lambda: place.filed() > 0)
            with submitting(people):
                kill_at_random(place, RECORDS_SYSTEM_KILLS, [[simulator], syncs], place.filed)
            wait_until_all_is_filed(place)
            lying = assert_filed_exactly(place, people.belongs)

    killed = f"records system {simulator.kills}, sync {_kills(syncs)}"
    tell(capsys, f"the log itself: {people.done} acts, {lying} things filed; killed: {killed}")


def _kills(programs: Sequence[Program]) -> int:
    return sum(program.kills for program in programs)


def tell(capsys: pytest.CaptureFixture[str], what: str) -> None:
    """The run says how much it has proved."""
    with capsys.disabled():
        print(f"\n{what}")  # noqa: T201
