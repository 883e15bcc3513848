"""The parts of kafka-python that we use, with the types that it does not give them."""

import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Protocol, TypedDict

from services.relay.settings import Options

with warnings.catch_warnings():
    # Importing it reads its message descriptions in a way that Python no longer likes.
    warnings.simplefilter("ignore")
    from kafka import (  # type: ignore[import-untyped]  # it has no hints
        AsyncConsumerRebalanceListener,
        KafkaAdminClient,
        KafkaConsumer,
        KafkaProducer,
        OffsetAndMetadata,
    )
    from kafka.coordinator.assignors.cooperative_sticky import (  # type: ignore[import-untyped]
        CooperativeStickyAssignor,
    )
    from kafka.errors import (  # type: ignore[import-untyped]  # likewise
        KafkaError,
        TopicAlreadyExistsError,
    )
    from kafka.net.compat import KafkaNetClient  # type: ignore[import-untyped]  # likewise
    from kafka.structs import MemberState  # type: ignore[import-untyped]  # likewise

FAILURES: Final[tuple[type[Exception], ...]] = (KafkaError, OSError)
"""What any call below may raise when Kafka does not answer, or says no."""

STABLE: Final = str(MemberState.STABLE)
"""The state of a member that has its place in its group."""

ALREADY_EXISTS: Final[type[Exception]] = TopicAlreadyExistsError


class Acknowledgement(Protocol):
    def get(self, timeout: float) -> object: ...

    def add_errback(self, told: Callable[[object], None]) -> object: ...


class _Sender(Protocol):
    def force_close(self) -> None: ...

    def join(self, timeout: float) -> None: ...


class Producer(Protocol):
    """`kafka.KafkaProducer`; `_sender` is the thread that sends."""

    _sender: _Sender

    def send(
        self, topic: str, *, value: bytes, key: bytes, headers: list[tuple[str, bytes]]
    ) -> Acknowledgement: ...

    def flush(self, timeout: float) -> None: ...

    def close(self, timeout: float) -> None: ...


class Record(Protocol):
    """`kafka.consumer.fetcher.ConsumerRecord`."""

    @property
    def offset(self) -> int: ...

    @property
    def key(self) -> bytes | None: ...

    @property
    def value(self) -> bytes | None: ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class Listener(Protocol):
    """Told of partitions on the library's own thread, where only what is awaited may take time.

    A plain function that commits there gets an error and commits nothing.
    """

    async def on_partitions_assigned(self, assigned: Collection[object]) -> None: ...

    async def on_partitions_revoked(self, revoked: Collection[object]) -> None: ...

    async def on_partitions_lost(self, lost: Collection[object]) -> None: ...


class Membership(Protocol):
    """`kafka.ConsumerGroupMetadata`."""

    @property
    def state(self) -> str: ...

    @property
    def generation_id(self) -> int: ...


class Consumer(Protocol):
    """`kafka.KafkaConsumer`; partitions are whatever tells them apart."""

    def subscribe(self, topics: Sequence[str], listener: Listener) -> None: ...

    def topics(self) -> Collection[str]: ...

    def group_metadata(self) -> Membership: ...

    def poll(self, timeout_ms: int) -> Mapping[object, Sequence[Record]]: ...

    def assignment(self) -> Iterable[object]: ...

    def paused(self) -> Iterable[object]: ...

    def pause(self, *partitions: object) -> None: ...

    def resume(self, *partitions: object) -> None: ...

    def commit(self, offsets: Mapping[object, object], timeout_ms: int) -> None: ...

    async def commit_async(self, offsets: Mapping[object, object]) -> object: ...

    def close(self, timeout_ms: int) -> None: ...


class Group(TypedDict):
    """Who shares a consumer group's partitions."""

    members: Sequence[Mapping[str, object]]


class Admin(Protocol):
    """`kafka.KafkaAdminClient`."""

    def list_topics(self) -> Sequence[str]: ...

    def describe_topics(self, topics: Sequence[str]) -> Sequence[Mapping[str, object]]: ...

    def create_topics(self, new_topics: Mapping[str, Mapping[str, object]]) -> object: ...

    def wait_for_topics(self, topic_names: Sequence[str]) -> None: ...

    def describe_groups(self, group_ids: Sequence[str]) -> Mapping[str, Group]: ...

    def close(self) -> None: ...


def new_producer(options: Options) -> Producer:
    with _connecting() as client:
        producer: Producer = KafkaProducer(**options, kafka_client=client)
    return producer


def new_consumer(options: Options) -> Consumer:
    """A member of a group that is rebalanced without everybody's stopping."""
    strategy = {"partition_assignment_strategy": [CooperativeStickyAssignor()]}
    with _connecting() as client:
        consumer: Consumer = KafkaConsumer(**options, **strategy, kafka_client=client)
    return consumer


def new_admin(options: Options) -> Admin:
    with _connecting() as client:
        admin: Admin = KafkaAdminClient(**options, kafka_client=client)
    return admin


def follow(consumer: Consumer, topic: str, listener: Listener) -> None:
    """Subscribe to a topic, and learn its partitions before the first poll joins the group.

    Only what the library learns after it has subscribed counts. It would join without it, join
    anew when it has heard, and, when a poll ends meanwhile, never take up the place that it was
    given: what it has read could not be committed then.
    """
    consumer.subscribe([topic], listener=listener)
    consumer.topics()


def is_settled(consumer: Consumer) -> bool:
    """Whether it has its place in its group, and is not on the way to one."""
    return consumer.group_metadata().state == STABLE


def registered(listener: type[Listener]) -> None:
    """Let the library take instances of a class for listeners that it awaits."""
    AsyncConsumerRebalanceListener.register(listener)


def offsets_of(next_offsets: Mapping[object, int]) -> Mapping[object, object]:
    """The offset of the next record of each partition, as Kafka commits them."""
    return {each: OffsetAndMetadata(offset, "", -1) for each, offset in next_offsets.items()}


@contextmanager
def _connecting() -> Iterator[Callable[..., object]]:
    """Leave no thread and no socket behind when nobody answers.

    The library's constructors ask a broker for its version; when that fails they raise, and what
    they have started by then can only be reached through the client that they were given.
    """
    made: list[KafkaNetClient] = []

    def make(**options: object) -> object:
        made.append(KafkaNetClient(**options))
        return made[-1]

    try:
        yield make
    except BaseException:
        for client in made:
            client.close()
        raise
