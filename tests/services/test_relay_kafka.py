"""The relay to real brokers: what arrives, in which order, and what a broken broker does to it."""

import asyncio
import json
import socket
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

import pytest

from events.case import PartyWrote
from events.envelope import Recorded
from events.ids import DocumentId
from services.eventstore.store import PostgresEventStore
from services.feed.group_member import CLOSE_MILLISECONDS
from services.ids import new_id
from services.relay.kafka_client import Record, follow, new_admin, new_consumer
from services.relay.kafka_publisher import KafkaPublisher
from services.relay.ports import PublishFailed
from services.relay.running import relay_all
from services.relay.settings import (
    KafkaSettings,
    client_options,
    producer_options,
    topic_of,
)
from services.relay.topics import OtherPartitions, TopicsUnavailable, ensure_topics
from tests.broker import Broker
from tests.examples import MEETING_CASE, MESSAGE, drawing
from tests.keys import RING
from tests.services.following import PATIENCE_SECONDS, Followed, Indifferent, followed, run
from tests.services.test_relay_spreading import recorded
from tests.services.writes import cancelled

STREAMS = [f"hearing-{number}" for number in range(6)]

# The library does not close a socket on which it could not connect; Python does, and tells.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.usefixtures("forgotten_sockets"),
]


@pytest.fixture
def town(broker: Broker, postgres: str, organisation: str) -> Iterator[Followed]:
    with PostgresEventStore(postgres, organisation, RING) as store:
        yield followed(postgres, organisation, store, broker)


@dataclass(frozen=True)
class Arrived:
    """One record of a topic. `position` is the fact's, not Kafka's."""

    partition: object
    key: str
    position: int
    version: int
    event_id: str


def arrived_of(partition: object, record: Record) -> Arrived:
    event = json.loads(record.value or b"{}")
    return Arrived(
        partition=partition,
        key=(record.key or b"").decode(),
        position=int(event["position"]),
        version=event["streamversion"],
        event_id=event["id"],
    )


class Reader:
    """Reads a topic from its beginning, by itself, with everything that is in it twice."""

    def __init__(self, settings: KafkaSettings, organisation: str) -> None:
        group = f"test-{new_id()}"
        options = {
            **client_options(settings, group),
            "group_id": group,
            "auto_offset_reset": "earliest",
            "enable_auto_commit": False,
            "session_timeout_ms": 6000,
            "allow_auto_create_topics": False,
        }
        self._consumer = new_consumer(options)
        follow(self._consumer, topic_of(organisation), Indifferent())
        self.arrived: list[Arrived] = []

    def until_facts(self, count: int) -> list[Arrived]:
        """Until so many different facts have come, and then whatever more there is."""
        deadline = monotonic() + PATIENCE_SECONDS
        quiet = 0
        while quiet < 3:
            fetched = self._consumer.poll(timeout_ms=200)
            for partition, records in fetched.items():
                self.arrived.extend(arrived_of(partition, record) for record in records)
            enough = len({each.event_id for each in self.arrived}) >= count
            quiet = quiet + 1 if enough and not fetched else 0
            assert monotonic() < deadline, f"after {len(self.arrived)} records"
        return self.arrived

    def close(self) -> None:
        self._consumer.close(timeout_ms=CLOSE_MILLISECONDS)


def all_of(town: Followed, count: int) -> list[Arrived]:
    assert town.broker is not None
    reader = Reader(town.broker.settings, town.schema)
    try:
        return reader.until_facts(count)
    finally:
        reader.close()


def first_times(arrived: Sequence[Arrived]) -> list[Arrived]:
    found: dict[str, Arrived] = {}
    for each in arrived:
        found.setdefault(each.event_id, each)
    return list(found.values())


def versions(arrived: Sequence[Arrived]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for each in arrived:
        found[each.key].append(each.version)
    return found


def everything(each: int) -> dict[str, list[int]]:
    return {stream: list(range(1, each + 1)) for stream in STREAMS}


@asynccontextmanager
async def relaying(town: Followed) -> AsyncIterator[None]:
    assert town.broker is not None
    stop = asyncio.Event()
    relay = asyncio.create_task(
        relay_all(town.conninfo, {town.schema: town.store}, town.broker.settings, stop)
    )
    try:
        yield
    finally:
        stop.set()
        await relay


def test_everything_arrives_once_keyed_by_stream_and_in_its_order(town: Followed) -> None:
    town.append_many(STREAMS, 10)

    async def work() -> list[Arrived]:
        async with relaying(town):
            await asyncio.to_thread(town.append_many, STREAMS, 10)
            return await asyncio.to_thread(all_of, town, 120)

    arrived = run(work())
    assert versions(arrived) == everything(20)
    assert len(arrived) == 120
    homes = {(each.key, each.partition) for each in arrived}
    assert len(homes) == len(STREAMS)
    facts, _ = town.store.read_log(after=0, limit=200)
    assert {(str(fact.event_id), fact.position) for fact in facts} == {
        (each.event_id, each.position) for each in arrived
    }


def test_a_relay_that_comes_back_goes_on_where_it_was(town: Followed) -> None:
    async def work() -> list[Arrived]:
        for _ in range(2):
            await asyncio.to_thread(town.append_many, STREAMS, 5)
            async with relaying(town):
                await asyncio.to_thread(
                    all_of, town, len(town.store.read_log(after=0, limit=99)[0])
                )
        return await asyncio.to_thread(all_of, town, 60)

    arrived = run(work())
    assert len(arrived) == 60
    assert versions(arrived) == everything(10)


def facts_of(stream: str, count: int) -> list[Recorded]:
    return [
        replace(recorded(cancelled()), stream=stream, version=n, position=n, event_id=new_id())
        for n in range(1, count + 1)
    ]


def senders() -> list[str]:
    """The threads of producers in this process that still send."""
    return [each.name for each in threading.enumerate() if each.name.endswith("network-thread")]


def test_after_a_failure_nothing_of_the_batch_is_sent_any_more(town: Followed) -> None:
    """A producer left to itself goes on sending, and would mix its batch into what comes after."""
    assert town.broker is not None
    impatient = replace(town.broker.settings, publish_seconds=0.5)
    publisher = KafkaPublisher(impatient, town.schema)
    first, lost = facts_of("hearing-1", 1), facts_of("hearing-2", 300)

    async def work() -> list[Arrived]:
        assert town.broker is not None
        await publisher.publish(first)
        with town.broker.frozen():
            with pytest.raises(PublishFailed):
                await publisher.publish(lost)
            assert senders() == []
        await publisher.publish(lost)
        await publisher.close()
        return await asyncio.to_thread(all_of, town, 301)

    arrived = run(work())
    assert versions(first_times(arrived)) == {
        "hearing-1": [1],
        "hearing-2": list(range(1, 301)),
    }


def test_nothing_passes_a_fact_that_the_broker_refuses(
    apache_broker: Broker, organisation: str
) -> None:
    """The library would send the next message of the partition, and open a hole in the stream."""
    settings = apache_broker.settings
    admin = new_admin(client_options(settings, "test"))
    small = {"max.message.bytes": "20000"}
    admin.create_topics(
        {topic_of(organisation): {"num_partitions": 3, "replication_factor": 1, "configs": small}}
    )
    admin.close()
    before, refused, after = facts_of("case-1", 3)
    many = tuple(replace(drawing, document_id=DocumentId(new_id())) for _ in range(6000))
    refused = replace(
        refused,
        event=PartyWrote(case_id=MEETING_CASE, message=MESSAGE, text="", documents=many),
    )
    reader = Reader(settings, organisation)

    async def work() -> list[Arrived]:
        publisher = KafkaPublisher(settings, organisation)
        await publisher.publish([before])
        for _ in range(3):
            with pytest.raises(PublishFailed):
                await publisher.publish([refused, after])
        await publisher.close()
        return await asyncio.to_thread(reader.until_facts, 1)

    arrived = run(work())
    reader.close()
    assert versions(first_times(arrived)) == {"case-1": [1]}


def test_a_broker_that_is_away_fails_the_batch_and_leaves_nothing_behind() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        settings = KafkaSettings(bootstrap=address, request_seconds=1)
        publisher = KafkaPublisher(settings, "hjorring")
        before = threading.active_count()

        async def work() -> None:
            with pytest.raises(PublishFailed):
                await publisher.publish(facts_of("hearing-1", 1))
            await publisher.close()

        run(work())
        assert threading.active_count() == before
        with pytest.raises(TopicsUnavailable):
            ensure_topics(settings, ["hjorring"])


def test_a_broker_killed_under_way_loses_nothing_and_keeps_every_streams_order(
    apache_broker: Broker, postgres: str, organisation: str
) -> None:
    """Only Apache's keeps on disk what it has acknowledged."""
    with PostgresEventStore(postgres, organisation, RING) as store:
        town = followed(postgres, organisation, store, apache_broker)

        async def work() -> list[Arrived]:
            async with relaying(town):
                writing = asyncio.create_task(asyncio.to_thread(town.append_many, STREAMS, 100))
                while town.position() == 0:  # noqa: ASYNC110  # it is in the database
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(apache_broker.kill)
                before = town.position()
                await writing
                await asyncio.to_thread(apache_broker.start)
                assert before < 600
                return await asyncio.to_thread(all_of, town, 600)

        arrived = run(work())

    assert versions(first_times(arrived)) == everything(100)


def test_topics_are_made_once_and_an_existing_one_is_never_changed(
    broker: Broker, organisation: str
) -> None:
    names = [f"{organisation}-a", f"{organisation}-b"]
    other = replace(broker.settings, partitions=5)

    assert ensure_topics(broker.settings, names[:1]) == []
    assert ensure_topics(broker.settings, names) == []
    assert ensure_topics(other, names) == [
        OtherPartitions(topic=topic_of(name), wanted=5, found=3) for name in names
    ]
    assert ensure_topics(broker.settings, names) == []


def test_the_producer_is_set_so_that_order_and_acknowledgement_hold() -> None:
    settings = KafkaSettings(bootstrap="a:1,b:2", publish_seconds=30, request_seconds=15)
    options = producer_options(settings, "relay")

    assert options["bootstrap_servers"] == ["a:1", "b:2"]
    assert options["acks"] == "all"
    assert options["enable_idempotence"] is True
    assert options["linger_ms"] == 5
    assert options["batch_size"] == 262_144
    # Ours gives up first, and stops the producer; the library's would let the next batch pass.
    assert options["delivery_timeout_ms"] == 90_000


def test_settings_do_not_show_their_password() -> None:
    password = str(new_id())

    assert password not in repr(KafkaSettings(bootstrap="a:1", sasl_password=password))
