"""The process of outgoing post: hears of facts, and sends what is due on several lanes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from services.feed.port import FactRef, Feed, FeedUnavailable
from services.logs import described
from services.ports import StoreUnavailable, Undecodable
from services.post.intake import take_in
from services.post.office import PostOffice
from services.post.sending import turn
from services.request import TooBusy

log = structlog.get_logger()

POLL_SECONDS: Final = 1.0
REST_SECONDS: Final = 1.0


async def hear(office: PostOffice, feed: Feed, stop: asyncio.Event) -> None:
    """Take in what the feed brings until told to stop."""
    refs: Sequence[FactRef] = ()
    while not stop.is_set():
        try:
            # What could not be written down is not given again, and is committed with what comes
            # after it; so nothing comes after it.
            refs = refs or await feed.read()
            await take_in(refs, office)
            read, refs = len(refs), ()
            await feed.commit()
        except Undecodable as strange:
            log.error("post_stopped_at_fact", position=strange.position, name=strange.name)  # noqa: TRY400  # no traceback is of use
            await asyncio.sleep(REST_SECONDS)
            continue
        except (FeedUnavailable, StoreUnavailable, TooBusy) as away:
            log.warning("post_intake_interrupted", error=type(away).__name__)
            await asyncio.sleep(REST_SECONDS)
            continue
        if not read:
            await asyncio.sleep(0)
    await feed.close()


async def work(
    office: PostOffice, wait: Callable[[float], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Send what is due until told to stop; what is being handed over then is waited for.

    `wait` sleeps, at most so many seconds.
    """
    async with asyncio.TaskGroup() as group:
        for _ in range(office.timing.lanes):
            group.create_task(_lane(office, wait, stop))


async def _lane(
    office: PostOffice, wait: Callable[[float], Awaitable[None]], stop: asyncio.Event
) -> None:
    while not stop.is_set():
        try:
            worked = await turn(office)
        except (StoreUnavailable, TooBusy) as away:
            log.warning("post_interrupted", error=type(away).__name__)
            await asyncio.sleep(REST_SECONDS)
        except Exception as bug:  # noqa: BLE001  # the lease runs out, and it is tried again
            log.error("post_lane_failed", error=described(bug))  # noqa: TRY400  # see described
            await asyncio.sleep(REST_SECONDS)
        else:
            if not worked:
                await wait(POLL_SECONDS)
