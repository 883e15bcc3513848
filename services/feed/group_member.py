"""One member of a Kafka consumer group, on a thread of its own that never stops polling."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

import structlog

from services.feed.intake import Intake
from services.feed.port import FactRef, FeedUnavailable
from services.relay.kafka_client import (
    FAILURES,
    Consumer,
    Record,
    follow,
    is_settled,
    new_consumer,
    offsets_of,
    registered,
)
from services.relay.settings import Options

log = structlog.get_logger()

POLL_MILLISECONDS: Final = 50
"""Also how long a commit may have to wait for its turn on the thread."""
COMMIT_MILLISECONDS: Final = 5000
CLOSE_MILLISECONDS: Final = 3000
FIRST_BACK_OFF_SECONDS: Final = 0.1
LONGEST_BACK_OFF_SECONDS: Final = 5.0

Offsets: TypeAlias = Mapping[object, int]


class Unsettled(Exception):
    """The group does not take the member in; a new one has a better chance."""


class GroupMember:
    """Fetches into `intake`, as long as fewer than `room` wait there, and calls `arrived`.

    The library's consumer is for one thread, so everything that is asked of it is done on ours.
    While there is no room its partitions are paused and it goes on polling, which keeps it in
    the group however long the reader takes. When it fails, or has had no place in the group for
    `unsettled_seconds`, what was fetched is forgotten and a new one joins.
    """

    def __init__(
        self,
        options: Options,
        topic: str,
        intake: Intake,
        *,
        refer: Callable[[Record], FactRef | None],
        arrived: Callable[[], None],
        room: int,
        unsettled_seconds: float,
        connect: Callable[[Options], Consumer] = new_consumer,
    ) -> None:
        self._options = options
        self._topic = topic
        self._intake = intake
        self._refer = refer
        self._arrived = arrived
        self._room = room
        self._connect = connect
        self._unsettled_seconds = unsettled_seconds
        self._asked: SimpleQueue[tuple[Offsets, Future[None]]] = SimpleQueue()
        self._closed = threading.Event()
        self._failed = False
        self._back_off = FIRST_BACK_OFF_SECONDS
        self._thread = threading.Thread(target=self._run, name=f"feed {topic}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def failed(self) -> bool:
        """Whether it has no connection and waits before it tries again."""
        return self._failed

    def commit(self, offsets: Offsets) -> Future[None]:
        """Done when Kafka has them, or fails with `FeedUnavailable`."""
        done: Future[None] = Future()
        self._asked.put((offsets, done))
        if self._failed or self._closed.is_set():
            self._refuse()
        return done

    def close(self, timeout: float) -> None:
        """Leave the group, so that the others have our partitions at once."""
        self._closed.set()
        self._thread.join(timeout)
        self._refuse()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._consume()
            except Exception as error:  # noqa: BLE001  # a dead thread would look like an idle one
                log.warning("feed_interrupted", topic=self._topic, error=type(error).__name__)
                self._failed = True
                self._refuse()
                self._arrived()
                self._closed.wait(self._back_off)
                self._back_off = min(self._back_off * 2, LONGEST_BACK_OFF_SECONDS)

    def _consume(self) -> None:
        consumer = self._connect(self._options)
        self._failed = False
        try:
            follow(consumer, self._topic, _Listener(consumer, self._intake))
            settled = time.monotonic()
            while not self._closed.is_set():
                settled = self._watched(consumer, settled)
                self._carry_out(consumer)
                self._press(consumer)
                fetched = consumer.poll(timeout_ms=POLL_MILLISECONDS)
                for partition, records in fetched.items():
                    refs = [(record.offset + 1, self._refer(record)) for record in records]
                    self._intake.put(partition, refs)
                if fetched:
                    self._back_off = FIRST_BACK_OFF_SECONDS
                    self._arrived()
        finally:
            with suppress(*FAILURES):
                consumer.close(timeout_ms=CLOSE_MILLISECONDS)
            self._intake.forget_all()

    def _watched(self, consumer: Consumer, settled: float) -> float:
        """When the member last had its place in the group."""
        now = time.monotonic()
        if is_settled(consumer):
            return now
        if now - settled > self._unsettled_seconds:
            raise Unsettled
        return settled

    def _press(self, consumer: Consumer) -> None:
        """Pause everything while there is no room, also what was assigned meanwhile."""
        if len(self._intake) >= self._room:
            consumer.pause(*consumer.assignment())
        elif len(self._intake) <= self._room // 2:
            consumer.resume(*consumer.paused())

    def _carry_out(self, consumer: Consumer) -> None:
        with suppress(Empty):
            while True:
                offsets, done = self._asked.get_nowait()
                try:
                    consumer.commit(offsets_of(offsets), timeout_ms=COMMIT_MILLISECONDS)
                except FAILURES as error:
                    log.warning("commit_failed", topic=self._topic, error=type(error).__name__)
                    done.set_exception(FeedUnavailable(type(error).__name__))
                else:
                    self._intake.committed(offsets)
                    done.set_result(None)

    def _refuse(self) -> None:
        with suppress(Empty):
            while True:
                _, done = self._asked.get_nowait()
                done.set_exception(FeedUnavailable("Kafka does not answer."))


class _Listener:
    """Forgets partitions that go, and commits what was taken in of them while it still may."""

    def __init__(self, consumer: Consumer, intake: Intake) -> None:
        self._consumer = consumer
        self._intake = intake

    async def on_partitions_assigned(self, assigned: Collection[object]) -> None:
        self._intake.assigned(assigned)
        log.info("partitions_assigned", count=len(assigned))

    async def on_partitions_revoked(self, revoked: Collection[object]) -> None:
        unsaved = self._intake.taken_away(revoked)
        log.info("partitions_revoked", count=len(revoked), unsaved=len(unsaved))
        if unsaved:
            try:
                await self._consumer.commit_async(offsets_of(unsaved))
            except FAILURES as error:
                # It comes again, at the next owner.
                log.warning("commit_failed", error=type(error).__name__)

    async def on_partitions_lost(self, lost: Collection[object]) -> None:
        # They are another's already: to commit now could undo what he has committed.
        self._intake.taken_away(lost)
        log.warning("partitions_lost", count=len(lost))


registered(_Listener)
