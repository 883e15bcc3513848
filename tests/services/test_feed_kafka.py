"""What only the feed over Kafka has: a group, back-pressure, and brokers that go away."""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from services.eventstore.store import PostgresEventStore
from services.feed.group_member import GroupMember
from services.feed.intake import Intake
from services.feed.kafka_feed import KafkaFeed, group_of
from services.feed.port import FactRef, Feed, FeedUnavailable
from services.ids import new_id
from services.relay.kafka_client import (
    STABLE,
    Consumer,
    Listener,
    Record,
    follow,
    is_settled,
    new_admin,
    new_consumer,
    new_producer,
)
from services.relay.settings import Options, client_options, producer_options, topic_of
from tests.broker import Broker
from tests.keys import RING
from tests.services.following import (
    PATIENCE_SECONDS,
    Followed,
    Indifferent,
    commit_patiently,
    followed,
    read,
    run,
)
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


def ref(version: int, stream: str = "hearing-1") -> FactRef:
    return FactRef(
        event_id=new_id(), stream=stream, version=version, position=version, name="hearing.x.v1"
    )


def given_versions(intake: Intake, limit: int = 100) -> list[int]:
    return [fact.version for fact in intake.give(limit)]


def test_what_is_given_is_committed_by_the_offset_of_the_next() -> None:
    intake = Intake()
    intake.assigned(["p", "q"])
    intake.put("p", [(1, ref(1)), (2, ref(2)), (3, ref(3))])
    intake.put("q", [(8, ref(8))])

    assert given_versions(intake, 2) == [1, 2]
    assert intake.take_in() == {"p": 2}
    assert given_versions(intake) == [3, 8]
    assert intake.take_in() == {"p": 3, "q": 8}


def test_what_lies_between_and_is_for_nobody_is_committed_along() -> None:
    intake = Intake()
    intake.assigned(["p"])
    intake.put("p", [(1, None), (2, ref(2)), (3, None)])

    assert given_versions(intake) == [2]
    assert intake.take_in() == {"p": 3}


def test_a_commit_that_failed_is_made_good_by_the_next() -> None:
    intake = Intake()
    intake.assigned(["p", "q"])
    intake.put("p", [(1, ref(1))])
    intake.give(10)
    failed = intake.take_in()
    intake.put("q", [(5, ref(5))])
    intake.give(10)

    assert intake.take_in() == {"p": 1, "q": 5}
    intake.committed({**failed, "q": 5})
    assert intake.take_in() == {}


def test_a_commit_that_is_answered_late_does_not_cover_what_was_taken_in_since() -> None:
    intake = Intake()
    intake.assigned(["p"])
    intake.put("p", [(1, ref(1)), (2, ref(2))])
    intake.give(1)
    early = intake.take_in()
    intake.give(1)
    intake.take_in()

    intake.committed(early)

    assert intake.take_in() == {"p": 2}


def test_a_partition_that_goes_takes_along_what_was_not_taken_in() -> None:
    intake = Intake()
    intake.assigned(["p", "q"])
    for partition in ("p", "q"):
        intake.put(partition, [(1, ref(1)), (2, ref(2)), (3, ref(3))])
    intake.give(1)
    intake.take_in()
    intake.give(1)

    # Its owner-to-be begins at 1, for only that was taken in.
    assert intake.taken_away(["p"]) == {"p": 1}
    assert given_versions(intake) == [1, 2, 3]
    assert intake.take_in() == {"q": 3}
    assert len(intake) == 0


def test_what_arrives_of_a_partition_after_it_went_is_dropped() -> None:
    intake = Intake()
    intake.assigned(["p"])
    intake.taken_away(["p"])
    intake.put("p", [(1, ref(1))])

    assert given_versions(intake) == []


@dataclass(frozen=True)
class Membership:
    state: str
    generation_id: int = 1


@dataclass
class MemoryConsumer:
    """A consumer that has all of one partition, or never gets its place in the group."""

    records: list[Record]
    settled: bool = True
    closed: bool = False
    listener: Listener | None = None

    def topics(self) -> Collection[str]:
        return ["topic"]

    def group_metadata(self) -> Membership:
        return Membership(STABLE if self.settled else "<rebalancing>")

    def subscribe(self, topics: Sequence[str], listener: Listener) -> None:
        assert topics == ["topic"]
        self.listener = listener

    def poll(self, timeout_ms: int) -> Mapping[object, Sequence[Record]]:
        time.sleep(timeout_ms / 1000 / 10)
        if not self.settled or self.listener is None:
            return {}
        asyncio.run(self.listener.on_partitions_assigned(["p"]))
        fetched, self.records = self.records, []
        return {"p": fetched} if fetched else {}

    def assignment(self) -> Sequence[object]:
        return ["p"] if self.settled else []

    def paused(self) -> Sequence[object]:
        return []

    def pause(self, *_: object) -> None: ...

    def resume(self, *_: object) -> None: ...

    def commit(self, offsets: Mapping[object, object], timeout_ms: int) -> None:
        raise NotImplementedError

    async def commit_async(self, offsets: Mapping[object, object]) -> object:
        raise NotImplementedError

    def close(self, timeout_ms: int) -> None:
        assert timeout_ms
        self.closed = True


@dataclass(frozen=True)
class MemoryRecord:
    offset: int = 4
    key: bytes | None = b"hearing-1"
    value: bytes | None = b"{}"
    headers: Sequence[tuple[str, bytes]] = ()


def test_a_member_that_its_group_does_not_take_in_is_replaced() -> None:
    """The library can wait for ever for a place that it has been given already."""
    stuck, good = MemoryConsumer([], settled=False), MemoryConsumer([MemoryRecord()])
    consumers = iter([stuck, good])
    intake = Intake()
    arrived = threading.Event()
    member = GroupMember(
        {},
        "topic",
        intake,
        refer=lambda record: ref(record.offset),
        arrived=lambda: arrived.set() if len(intake) else None,
        room=10,
        connect=lambda _: next(consumers),
        unsettled_seconds=0.0,
    )

    member.start()
    assert arrived.wait(30)
    assert given_versions(intake) == [4]
    assert intake.take_in() == {"p": 5}
    member.close(timeout=30)

    assert stuck.closed
    assert good.closed


def test_a_member_joins_its_group_once(town: Followed) -> None:
    """The library joins anew when it learns of the topic's partitions too late.

    The broker's first group takes a moment to begin, in which it hears of them; the next does not.
    """
    assert town.broker is not None
    for _ in range(2):
        named: Options = {"group_id": f"test-{new_id()}", "group_instance_id": "sync-1"}
        shared = client_options(town.broker.settings, "test")
        consumer = new_consumer({**shared, **named, "session_timeout_ms": 6000})
        try:
            joined = generations_of(consumer, topic_of(town.schema))
        finally:
            consumer.close(timeout_ms=1000)
        assert len(joined) == 1


def generations_of(consumer: Consumer, topic: str) -> set[int]:
    """Those that a member belongs to within a second of having its place."""
    follow(consumer, topic, Indifferent())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_settled(consumer):
        assert time.monotonic() < deadline
        consumer.poll(timeout_ms=50)
    found = set()
    for _ in range(20):
        found.add(consumer.group_metadata().generation_id)
        consumer.poll(timeout_ms=50)
    return found


def members(town: Followed, consumer: str = "sync") -> Sequence[str]:
    assert town.broker is not None
    admin = new_admin(client_options(town.broker.settings, "test"))
    try:
        found = admin.describe_groups([group_of(town.schema, consumer)])
    finally:
        admin.close()
    [group] = found.values()
    return sorted(str(member["member_id"]) for member in group["members"])


def test_a_slow_reader_holds_no_more_than_its_room_and_keeps_its_place(town: Followed) -> None:
    """It pauses longer than a group waits for a poll, so only polling on keeps it a member.

    One that lost its place would begin again at what was last committed, which is nothing.
    """
    town.append_many(STREAMS, 20)

    async def work() -> tuple[list[FactRef], int]:
        await town.spread()
        async with town.following(room=10, poll_interval_seconds=6) as feed:
            assert isinstance(feed, KafkaFeed)
            facts = await read(feed, 1)
            await asyncio.sleep(9)
            held = feed.waiting
            return facts + await read(feed, 120 - len(facts)), held

    facts, held = run(work())
    assert 0 < held < 20
    by_stream = {stream: [f.version for f in facts if f.stream == stream] for stream in STREAMS}
    assert by_stream == {stream: list(range(1, 21)) for stream in STREAMS}


def test_a_member_that_is_closed_is_gone_at_once(
    apache_broker: Broker, postgres: str, organisation: str
) -> None:
    """Only Apache's answers an administrator in a form that the library can read."""
    with PostgresEventStore(postgres, organisation, RING) as store:
        town = followed(postgres, organisation, store, apache_broker)
        town.append("hearing-1", cancelled())

        async def work() -> list[Sequence[str]]:
            await town.spread()
            async with town.following() as feed:
                await read(feed, 1)
                during = await asyncio.to_thread(members, town)
            return [during, await asyncio.to_thread(members, town)]

        during, after = run(work())

    assert len(during) == 1
    assert after == []


def test_what_somebody_else_put_on_the_topic_is_passed_over(town: Followed) -> None:
    assert town.broker is not None
    stranger = new_producer(producer_options(town.broker.settings, "stranger"))
    stranger.send(topic_of(town.schema), value=b"?", key=b"hearing-1", headers=[("type", b"x")])
    stranger.flush(timeout=10)
    stranger.close(timeout=10)
    town.append("hearing-1", cancelled())

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as feed:
            return await read(feed, 1)

    assert [fact.version for fact in run(work())] == [1]


def test_a_broker_that_comes_back_is_read_on_without_loss(
    apache_broker: Broker, postgres: str, organisation: str
) -> None:
    """Only Apache's still has what it had."""
    with PostgresEventStore(postgres, organisation, RING) as store:
        town = followed(postgres, organisation, store, apache_broker)
        town.append_many(STREAMS, 5)

        async def work() -> tuple[list[FactRef], list[FactRef]]:
            await town.spread()
            async with town.following() as feed:
                facts = await read(feed, 30)
                await asyncio.to_thread(apache_broker.kill)
                with pytest.raises(FeedUnavailable):
                    await feed.commit()
                await asyncio.to_thread(apache_broker.start)
                await asyncio.to_thread(town.append_many, STREAMS, 5)
                await town.spread()
                facts += await read_patiently(feed, lambda more: len({*facts, *more}) == 60)
                await commit_patiently(feed)
            town.append("hearing-new", cancelled())
            await town.spread()
            async with town.following() as feed:
                return facts, await read_patiently(feed, has_the_new_one)

        facts, later = run(work())

    assert {(fact.stream, fact.version) for fact in facts} == {
        (stream, version) for stream in STREAMS for version in range(1, 11)
    }
    # Where the member lost its partitions before the commit, the others come again with it.
    assert len([fact for fact in later if fact.stream == "hearing-new"]) == 1


def has_the_new_one(facts: list[FactRef]) -> bool:
    return any(fact.stream == "hearing-new" for fact in facts)


async def read_patiently(feed: Feed, enough: Callable[[list[FactRef]], bool]) -> list[FactRef]:
    facts: list[FactRef] = []
    while not enough(facts):
        with suppress(FeedUnavailable):
            facts.extend(await feed.read())
    return facts
