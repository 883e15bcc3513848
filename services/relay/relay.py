"""The relay's one loop: read, publish, and only then move on; one owner, others stand by."""

import asyncio
from typing import Final

import structlog

from services.ports import StoreUnavailable, Undecodable
from services.relay.internal import INTERNAL
from services.relay.ports import (
    Fenced,
    LogReader,
    Publisher,
    PublishFailed,
    RelayPositions,
    Tenure,
)

log = structlog.get_logger()

BATCH: Final = 500
"""How many facts are on their way at once; a crash sends no more than these again."""
STANDBY_SECONDS: Final = 0.25
FIRST_BACK_OFF_SECONDS: Final = 0.1
LONGEST_BACK_OFF_SECONDS: Final = 5.0


async def run(
    positions: RelayPositions,
    publisher: Publisher,
    reader: LogReader,
    stop: asyncio.Event,
    batch: int = BATCH,
) -> None:
    """Relay the log while we own it, stand by while another does; return when `stop` is set.

    Every fact but those that are `INTERNAL` is published at least once, and each stream's in order.
    What cannot be published or read is tried again for ever and never passed over. Waits by
    `asyncio.sleep` and by its ports only. Ownership is given up on an orderly return; whoever is
    cancelled or killed leaves it to the ports' connections, as a crash does.
    """
    while not stop.is_set():
        tenure = await positions.take_over()
        if tenure is None:
            await asyncio.sleep(STANDBY_SECONDS)
            continue
        log.info("relay_started", epoch=tenure.epoch, position=tenure.position)
        try:
            await _relay(positions, publisher, reader, stop, batch, tenure)
        except Fenced:
            log.warning("relay_fenced", epoch=tenure.epoch)
    await positions.give_up()


async def _relay(
    positions: RelayPositions,
    publisher: Publisher,
    reader: LogReader,
    stop: asyncio.Event,
    batch: int,
    tenure: Tenure,
) -> None:
    back_off = FIRST_BACK_OFF_SECONDS
    while not stop.is_set():
        try:
            # Always from the tenure's own position: after a failure this is the rewind.
            facts, reached = await reader.read(after=tenure.position, limit=batch)
            leaving = [fact for fact in facts if type(fact.event) not in INTERNAL]
            if leaving:
                await publisher.publish(leaving)
        except StoreUnavailable as away:
            # It may come back with an older day's position, which only taking over tells.
            _tell(away, tenure)
            await positions.give_up()
            await asyncio.sleep(back_off)
            return
        except (PublishFailed, Undecodable) as failed:
            _tell(failed, tenure)
            await asyncio.sleep(back_off)
            back_off = min(back_off * 2, LONGEST_BACK_OFF_SECONDS)
            continue
        back_off = FIRST_BACK_OFF_SECONDS
        if reached > tenure.position:
            tenure = await positions.advance(tenure, reached)
        if len(facts) < batch:
            await reader.wait()


def _tell(failed: Exception, tenure: Tenure) -> None:
    if isinstance(failed, Undecodable):
        # Newer code wrote it, or its bytes are strange. To pass it over would be to lose it.
        log.error("relay_stopped_at_fact", name=failed.name, position=failed.position)
    else:
        error = type(failed).__name__
        log.warning("relay_interrupted", error=error, position=tenure.position)
