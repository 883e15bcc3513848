"""Feeds that say that something is taken in before it is."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from services.feed.port import FactRef, Feed, FeedUnavailable

AUTO_COMMIT_SECONDS: Final = 0.2


class CommitsFirst:
    """A feed that says that everything is taken in as soon as it has been read."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    async def read(self) -> Sequence[FactRef]:
        found = await self._feed.read()
        with suppress(FeedUnavailable):
            await self._feed.commit()
        return found

    async def commit(self) -> None:
        """Done before."""

    async def close(self) -> None:
        await self._feed.close()


class CommitsOnATimer:
    """A feed that commits what was read every now and then, whatever became of it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._timer: asyncio.Task[None] | None = None

    async def read(self) -> Sequence[FactRef]:
        if self._timer is None:
            self._timer = asyncio.create_task(self._commit_now_and_then())
        return await self._feed.read()

    async def commit(self) -> None:
        """Left to the timer."""

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._feed.close()

    async def _commit_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(AUTO_COMMIT_SECONDS)
            with suppress(FeedUnavailable):
                await self._feed.commit()
