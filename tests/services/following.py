"""An organisation whose log is followed, in the tests of the feed and the relay."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeVar

from events.catalogue import Event
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.feed.kafka_feed import KafkaFeed
from services.feed.log_feed import LogFeed
from services.feed.port import FactRef, Feed, FeedUnavailable
from services.relay.kafka_client import registered
from services.relay.kafka_publisher import KafkaPublisher
from services.relay.topics import ensure_topics
from tests.broker import Broker
from tests.services.writes import cancelled, command, to

T = TypeVar("T")

PATIENCE_SECONDS = 60.0


class Indifferent:
    """Has nothing to do when partitions come and go."""

    async def on_partitions_assigned(self, assigned: Collection[object]) -> None: ...

    async def on_partitions_revoked(self, revoked: Collection[object]) -> None: ...

    async def on_partitions_lost(self, lost: Collection[object]) -> None: ...


registered(Indifferent)


@dataclass
class Followed:
    """An organisation with its log, and its topic where there is a broker."""

    conninfo: str
    schema: str
    store: PostgresEventStore
    broker: Broker | None = None
    published: int = 0

    def append(self, stream: str, *written: Event) -> None:
        version = self.store.read(stream).version
        self.store.append([command(to(stream, version, *written))])

    def append_many(self, streams: Sequence[str], each: int) -> None:
        for _ in range(each):
            for stream in streams:
                self.append(stream, cancelled())

    def position(self) -> int:
        """How far the relay has come."""
        with connect(self.conninfo, self.schema) as db:
            found = db.execute("SELECT position FROM relay").fetchall()
        return int(str(found[0][0])) if found else 0

    async def spread(self) -> None:
        """Make what was appended known to feeds; to those on the log it is known already."""
        if self.broker is None:
            return
        publisher = KafkaPublisher(self.broker.settings, self.schema)
        try:
            while facts := self.store.read_log(after=self.published, limit=500)[0]:
                await publisher.publish(facts)
                self.published = facts[-1].position
        finally:
            await publisher.close()

    def feed(
        self,
        consumer: str,
        only: Sequence[type[Event]],
        room: int,
        poll_interval_seconds: float,
    ) -> Feed:
        if self.broker is None:
            return LogFeed(self.store, self.conninfo, self.schema, consumer, only)
        return KafkaFeed(
            replace(self.broker.settings, session_seconds=6),
            self.schema,
            consumer,
            only,
            room=room,
            poll_interval_seconds=poll_interval_seconds,
        )

    @asynccontextmanager
    async def following(
        self,
        consumer: str = "sync",
        only: Sequence[type[Event]] = (),
        *,
        room: int = 1000,
        poll_interval_seconds: float = 300,
    ) -> AsyncIterator[Feed]:
        feed = self.feed(consumer, only, room, poll_interval_seconds)
        try:
            yield feed
        finally:
            await feed.close()


def followed(
    conninfo: str, schema: str, store: PostgresEventStore, broker: Broker | None
) -> Followed:
    if broker is not None:
        assert ensure_topics(broker.settings, [schema]) == []
    return Followed(conninfo, schema, store, broker)


async def read_until(feed: Feed, enough: Callable[[list[FactRef]], bool]) -> list[FactRef]:
    """Everything read, in order, until it is enough; fails when that takes far too long."""
    facts: list[FactRef] = []
    deadline = monotonic() + PATIENCE_SECONDS
    while not enough(facts):
        assert monotonic() < deadline, f"after {len(facts)} facts"
        facts.extend(await feed.read())
    return facts


async def read(feed: Feed, count: int) -> list[FactRef]:
    return await read_until(feed, lambda facts: len(facts) >= count)


async def commit_patiently(feed: Feed) -> None:
    """While a group is put in order a commit may be refused; the next one has its offsets too."""
    while True:
        try:
            await feed.commit()
        except FeedUnavailable:
            await asyncio.sleep(0.1)
        else:
            return


def run(work: Coroutine[object, object, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(3 * PATIENCE_SECONDS):
            return await work

    return asyncio.run(bounded())
