"""Relays every organisation's log at once, in one process, until told to stop."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Final

import structlog

from services.relay.kafka_publisher import KafkaPublisher
from services.relay.log_reader import Log, StoreLogReader
from services.relay.positions import PostgresRelayPositions
from services.relay.relay import run
from services.relay.settings import KafkaSettings
from services.relay.topics import TopicsUnavailable, ensure_topics

log = structlog.get_logger()

FIRST_BACK_OFF_SECONDS: Final = 0.5
LONGEST_BACK_OFF_SECONDS: Final = 10.0


async def relay_all(
    conninfo: str, stores: Mapping[str, Log], settings: KafkaSettings, stop: asyncio.Event
) -> None:
    """Make the topics and relay; any number of processes may, and one works for each log."""
    if not await _topics(settings, stores, stop):
        return
    async with asyncio.TaskGroup() as tasks:
        for organisation, store in stores.items():
            tasks.create_task(_relay_one(conninfo, organisation, store, settings, stop))


async def _relay_one(
    conninfo: str, organisation: str, store: Log, settings: KafkaSettings, stop: asyncio.Event
) -> None:
    positions = PostgresRelayPositions(conninfo, organisation)
    publisher = KafkaPublisher(settings, organisation)
    reader = StoreLogReader(store, conninfo, organisation)
    async with AsyncExitStack() as stack:
        for close in (positions.give_up, publisher.close, reader.close):
            stack.push_async_callback(close)
        with structlog.contextvars.bound_contextvars(organisation=organisation):
            await run(positions, publisher, reader, stop)


async def _topics(settings: KafkaSettings, stores: Mapping[str, Log], stop: asyncio.Event) -> bool:
    """Whether the topics are there; False when told to stop before."""
    back_off = FIRST_BACK_OFF_SECONDS
    while not stop.is_set():
        try:
            await asyncio.to_thread(ensure_topics, settings, list(stores))
        except TopicsUnavailable as unavailable:
            log.warning("topics_unavailable", error=type(unavailable.__cause__).__name__)
            await asyncio.sleep(back_off)
            back_off = min(back_off * 2, LONGEST_BACK_OFF_SECONDS)
        else:
            return True
    return False
