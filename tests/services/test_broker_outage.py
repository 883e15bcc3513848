"""The broker is away and comes back, or the relay's owner is killed: everything still arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

import httpx
import pytest

from services.clock import SetClock, SystemClock
from services.identity import demo_identity
from tests.broker import Broker
from tests.gateway.running import System
from tests.services.killing import Town, free_port, over_kafka, some_broker, started, town
from tests.services.ledgers import assert_filed_exactly, wait_until_all_is_filed
from tests.services.townspeople import People

RELAYS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'julelys-kafka'"
)

pytestmark = [pytest.mark.whole_machine, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with some_broker() as found:
        yield found


@contextmanager
def gateway_of(place: Town) -> Iterator[System]:
    """The gateway and the worker as processes, and a way to ask."""
    port = free_port()
    serving = place.program("serve", JULELYS_PORT=str(port))
    address = f"http://127.0.0.1:{port}"
    with started(serving, place.program("work")), httpx.Client(timeout=60.0) as client:
        place.wait_for("the gateway is ready", lambda: _is_ready(client, address))
        clock = SetClock(SystemClock().now())
        identity = demo_identity(place.config, clock)
        yield System(address, clock, place.config, client, identity)


def _is_ready(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(f"{address}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def away(broker: Broker) -> Iterator[None]:
    """Ended where it comes back with all it had, else unable to answer."""
    if not broker.durable:
        with broker.frozen():
            yield
        return
    broker.kill()
    yield
    broker.start()


def responds(system: System, hearing: str) -> httpx.Response:
    answer = system.respond("anna", hearing)
    assert answer.status_code == 201, answer.text
    return answer


def on_timeline(system: System, answer: httpx.Response) -> tuple[str, str | None]:
    """How far the response itself has come, as its citizen sees it, and its case's number."""
    case = answer.json()["case"]
    entries = system.get("anna", f"/cases/{case}/timeline", after=answer).json()["entries"]
    (journal,) = [entry["journal"] for entry in entries if entry["kind"] == "opened"]
    return journal["state"], journal["number"]


def test_what_comes_while_the_broker_is_away_is_on_its_way_and_then_journalised_in_order(
    broker: Broker, database: str, tmp_path: Path
) -> None:
    with town(database, tmp_path, **over_kafka(broker)) as place:
        people = People(place, Random(1))
        people.publish_hearings(2)
        people.publish_days()
        hearing = str(people.hearings[0].hearing_id)
        programs = [place.program(name) for name in ("relay", "esdh-sync")]
        with started(place.simulator(), *programs), gateway_of(place) as system:
            before = responds(system, hearing)
            place.wait_for("it is filed", lambda: on_timeline(system, before)[0] == "journalised")

            with away(broker):
                meanwhile = [responds(system, hearing) for _ in range(5)]
                for _ in range(20):
                    people.submit()
                seen = [on_timeline(system, each) for each in meanwhile]
            assert seen == [("on-its-way", None)] * 5

            wait_until_all_is_filed(place)
            assert_filed_exactly(place, people.belongs)
            there = on_timeline(system, before)
            place.wait_for(
                "the timelines tell",
                lambda: all(on_timeline(system, each) == there for each in meanwhile),
            )
            assert there[1]


def test_a_standby_relay_takes_over_from_one_that_is_killed(
    broker: Broker, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with town(database, tmp_path, **over_kafka(broker)) as place:
        people = People(place, Random(1))
        people.publish_hearings(1)
        owner, standby = place.program("owner", "relay"), place.program("standby", "relay")
        with started(owner):
            place.wait_for("it has relayed", lambda: place.relayed() > 0)
            with started(standby):
                place.wait_for("another stands by", lambda: place.count(RELAYS) == 2)
                assert not standby.has_said("relay_started")
                people.respond()
                place.wait_for("it is relayed", lambda: place.relayed() == _end(place))

                owner.kill()
                killed_at = monotonic()
                people.respond()
                place.wait_for("it is relayed", lambda: place.relayed() == _end(place))
                seconds = monotonic() - killed_at

                assert standby.has_said("relay_started")
                assert place.rows("SELECT epoch FROM relay") == [(2,)]
    with capsys.disabled():
        print(f"\n{broker.name}: a standby relays {seconds:.2f} s after a kill")  # noqa: T201


def _end(place: Town) -> int:
    return place.core.store.safe_position()
