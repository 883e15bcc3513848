"""From the log to Kafka: the relay beside a plain loop that produces the very same messages."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final

from gateway.processes import SWITCH_SECONDS
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import EventStore
from services.relay.cloud_events import Message, message
from services.relay.kafka_client import Producer, new_producer
from services.relay.kafka_publisher import KafkaPublisher
from services.relay.log_reader import StoreLogReader
from services.relay.ports import Tenure
from services.relay.positions import PostgresRelayPositions
from services.relay.relay import BATCH, run
from services.relay.settings import KafkaSettings, producer_options, topic_of
from services.relay.topics import ensure_topics
from tests import broker
from tests.benchmarks import julelys
from tests.benchmarks.julelys_events import ORGANISATION
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.messages import EVENTS_PER_STREAM
from tests.keys import RING

CASES: Final = 1_000
FACTS: Final = CASES * EVENTS_PER_STREAM
PLAIN: Final = "plain"
"""Whose topic the plain loop writes to: of its own, and laid out like ours."""


def measure(bench: Bench, skipped: list[str]) -> list[Table]:
    conninfo = bench.database("bench_relay")
    julelys.install(conninfo)
    switching = sys.getswitchinterval()
    # As the process that relays in earnest.
    sys.setswitchinterval(SWITCH_SECONDS)
    with ExitStack() as stack:
        stack.callback(sys.setswitchinterval, switching)
        store = stack.enter_context(PostgresEventStore(conninfo, ORGANISATION, RING))
        settings = stack.enter_context(_broker(skipped))
        ensure_topics(settings, [ORGANISATION, PLAIN])
        messages = _fill(store)
        producer = new_producer(producer_options(settings, "bench-plain"))
        stack.callback(producer.close, timeout=5)
        runner = stack.enter_context(asyncio.Runner())
        relaying = _Relaying(conninfo, store, settings)
        stack.callback(lambda: runner.run(relaying.close()))
        runs: dict[str, Callable[[], Sample]] = {
            "plain produce loop": partial(_produce, producer, settings, messages),
            "Julelys": lambda: runner.run(relaying.round()),
        }
        return [table("relay the log", interleaved(bench, runs))]


@contextmanager
def _broker(skipped: list[str]) -> Iterator[KafkaSettings]:
    """Apache Kafka, or the stand-in of the tests where this machine cannot run it."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(broker.running("apache"))
        except broker.Missing as missing:
            skipped.append(f"against Apache Kafka ({missing}): the figures are against Tansu")
            found = stack.enter_context(broker.running("tansu"))
        yield found.settings


def _fill(store: EventStore) -> list[Message]:
    for _ in range(CASES):
        julelys.record(store, julelys.history_of(new_id(), EVENTS_PER_STREAM))
    facts, _ = store.read_log(after=0, limit=FACTS)
    return [message(fact) for fact in facts]


def _produce(producer: Producer, settings: KafkaSettings, messages: Sequence[Message]) -> Sample:
    topic = topic_of(PLAIN)
    began, own = time.perf_counter(), time.process_time()
    for start in range(0, len(messages), BATCH):
        sent = [
            producer.send(topic, value=each.value, key=each.key, headers=each.headers)
            for each in messages[start : start + BATCH]
        ]
        producer.flush(timeout=settings.publish_seconds)
        for acknowledgement in sent:
            acknowledgement.get(timeout=0)
    return _rate(len(messages), began, own)


@dataclass(slots=True)
class _Relaying:
    """The relay as it runs in earnest, from the log's beginning in every round."""

    conninfo: str
    store: EventStore
    settings: KafkaSettings
    publisher: KafkaPublisher = field(init=False)
    reader: StoreLogReader = field(init=False)
    last: int = field(init=False)
    rounds: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def __post_init__(self) -> None:
        self.publisher = KafkaPublisher(self.settings, ORGANISATION)
        self.reader = StoreLogReader(self.store, self.conninfo, ORGANISATION)
        self.last = self.store.safe_position()

    async def round(self) -> Sample:
        # A name that nobody has relayed under yet begins at the log's beginning.
        own_row = PostgresRelayPositions(self.conninfo, ORGANISATION, f"benchmark-{self.rounds()}")
        until = _Until(own_row, self.last)
        began, own = time.perf_counter(), time.process_time()
        await run(until, self.publisher, self.reader, until.reached)
        return _rate(FACTS, began, own)

    async def close(self) -> None:
        await self.publisher.close()
        await self.reader.close()


class _Until:
    """`services.relay.ports.RelayPositions` that says when a position is reached."""

    def __init__(self, positions: PostgresRelayPositions, last: int) -> None:
        self._positions = positions
        self._last = last
        self.reached = asyncio.Event()

    async def take_over(self) -> Tenure | None:
        return await self._positions.take_over()

    async def advance(self, tenure: Tenure, position: int) -> Tenure:
        advanced = await self._positions.advance(tenure, position)
        if position >= self._last:
            self.reached.set()
        return advanced

    async def give_up(self) -> None:
        await self._positions.give_up()


def _rate(done: int, began: float, own: float) -> Sample:
    return {
        "events/s": done / (time.perf_counter() - began),
        "own CPU ms per 1,000": (time.process_time() - own) * 1e6 / done,
    }
