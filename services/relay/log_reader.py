"""The event log as those read it who follow it from an event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from events.catalogue import Event
from events.envelope import Recorded
from services.eventstore.wakeups import Wakeups

T = TypeVar("T")
Page: TypeAlias = tuple[Sequence[Recorded], int]


class Log(Protocol):
    """What following a log takes of `services.ports.EventStore`."""

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """As `services.ports.EventStore.read_log`."""
        ...


class StoreLogReader:
    """`services.relay.ports.LogReader` over an event store, with a thread of its own.

    A reader waits most of its time: on a shared pool a few of them would keep everybody else
    from its threads. `only` leaves out what is not of these classes. After a full page the next
    is read while the caller deals with the first: what a position has passed never changes, so
    it cannot be stale.
    """

    def __init__(
        self, log: Log, conninfo: str, schema: str, only: Sequence[type[Event]] = ()
    ) -> None:
        self._log = log
        self._only = tuple(only)
        self._wakeups = Wakeups(conninfo, schema)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{schema}-log")
        self._ahead: tuple[int, int, Future[Page]] | None = None

    async def read(self, *, after: int, limit: int) -> Page:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[:2] == (after, limit):
            reading = ahead[2]
        else:
            reading = self._begin(after, limit)
        facts, reached = await asyncio.wrap_future(reading)
        if len(facts) == limit:
            self._ahead = (reached, limit, self._begin(reached, limit))
        return facts, reached

    async def wait(self) -> None:
        await self._call(self._wakeups.wait)

    async def close(self) -> None:
        """Waits for a read that is under way, a quarter of a second or so."""
        await self._call(self._wakeups.close)
        self._thread.shutdown()

    def _begin(self, after: int, limit: int) -> "Future[Page]":
        read = partial(self._log.read_log, after=after, limit=limit, only=self._only)
        return self._thread.submit(read)

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
