"""Sends facts to Kafka: a batch arrives whole and in order, or the next begins at its beginning."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from events.envelope import Recorded
from services.relay.cloud_events import Message, message
from services.relay.kafka_client import FAILURES, Producer, new_producer
from services.relay.ports import PublishFailed
from services.relay.settings import KafkaSettings, producer_options, topic_of

log = structlog.get_logger()

ABANDON_SECONDS: Final = 5.0


class KafkaPublisher:
    """`services.relay.ports.Publisher` on one organisation's topic, keyed by stream.

    The library keeps each partition in order while it retries, but lets later messages pass one
    that has failed for good. So the first failure stops the producer there and then, from within
    the thread that sends, and the next batch is sent by a new one.
    """

    def __init__(self, settings: KafkaSettings, organisation: str) -> None:
        self._settings = settings
        self._organisation = organisation
        self._topic = topic_of(organisation)
        self._producer: Producer | None = None
        # One thread, so that a batch whose sender was cancelled ends before the next begins.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"{organisation}-publisher")

    async def publish(self, facts: Sequence[Recorded]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._publish, facts)

    async def close(self) -> None:
        """Drops what is not acknowledged; nothing waits for a broker that is away."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._abandon)
        self._thread.shutdown()

    def _publish(self, facts: Sequence[Recorded]) -> None:
        # Made before the first is sent: what cannot be published must not leave half a batch.
        messages = [message(fact) for fact in facts]
        try:
            producer = self._producer = self._producer or self._connect()
            self._send(producer, messages)
        except FAILURES as error:
            log.warning("publishing_failed", topic=self._topic, error=type(error).__name__)
            self._abandon()
            raise PublishFailed from error

    def _connect(self) -> Producer:
        options = producer_options(self._settings, f"julelys-relay-{self._organisation}")
        return new_producer(options)

    def _send(self, producer: Producer, messages: Sequence[Message]) -> None:
        acknowledgements = []
        failed = partial(_stop_sending, producer)
        for each in messages:
            sent = producer.send(self._topic, value=each.value, key=each.key, headers=each.headers)
            sent.add_errback(failed)
            acknowledgements.append(sent)
        producer.flush(timeout=self._settings.publish_seconds)
        for acknowledgement in acknowledgements:
            acknowledgement.get(timeout=0)

    def _abandon(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            _stop_sending(producer)
            producer._sender.join(ABANDON_SECONDS)  # noqa: SLF001  # as in `_stop_sending`
            with suppress(*FAILURES):
                producer.close(timeout=0)


def _stop_sending(producer: Producer, _failure: object = None) -> None:
    # `close` waits for what is unsent and, when that does not arrive, raises and leaves its
    # thread behind, which goes on sending. This is what it calls where it means to stop.
    producer._sender.force_close()  # noqa: SLF001  # see above; a test holds the library to it
