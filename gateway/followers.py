"""Open streams that follow a view: who reads, what they are told as it grows, and when it ends.

One look at the database for all readers; a reader is a plain object and the server's own task
waiting for the client to leave: no connection, no queue and no task of ours while nothing happens.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Generic, Self, TypeAlias, TypeVar
from uuid import UUID

import psycopg
import structlog

from events.ids import CaseId, TeamId
from gateway.reader import Reader
from services.ports import StoreUnavailable, Undecodable
from services.views import Views

log = structlog.get_logger()

HEARTBEAT_SECONDS: Final = 15.0
KNOWN_WITHIN_SECONDS: Final = 5.0
WATCH_SECONDS: Final = 2.0
"""So often is it asked which sessions have ended: one question for all readers."""
_PAUSE_SECONDS: Final = 0.5

News = TypeVar("News")

Living: TypeAlias = Callable[[Collection[UUID]], Awaitable[set[UUID]]]
"""Which of some browser sessions are not over."""


class Followers(Generic[News]):
    """One organisation's readers of a view. Use it as an asynchronous context manager.

    `fetch` gets what is new between two positions, and is asked again when the database does not
    answer; `tell` offers it to whom it concerns. `look` sees at each beat whether a reader may
    still read.
    """

    def __init__(
        self,
        organisation: str,
        view: str,
        views: Views,
        *,
        fetch: Callable[[int, int], Awaitable[News]],
        tell: Callable[[News, int], Awaitable[None]],
        look: Callable[[Reader], Awaitable[None]] | None = None,
        sessions: Living | None = None,
    ) -> None:
        self._organisation, self._view, self._views = organisation, view, views
        self._fetch, self._tell, self._look = fetch, tell, look
        self._sessions = sessions
        self._readers: dict[CaseId | TeamId, set[Reader]] = {}
        self._target = 0
        self._advanced = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.position = 0

    async def __aenter__(self) -> Self:
        self._views.on_advance(self._organisation, self._on_advance)
        self._tasks = [
            asyncio.create_task(each()) for each in (self._follow, self._beat, self._watch)
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for reader in self._all():
            reader.end()

    def __len__(self) -> int:
        return sum(map(len, self._readers.values()))

    async def known(self) -> None:
        """Wait until it is known how far the view is.

        Raises:
            ViewBehind: the database does not answer.
        """
        await self._views.known(self._organisation, KNOWN_WITHIN_SECONDS)

    def of(self, about: CaseId | TeamId) -> tuple[Reader, ...]:
        return tuple(self._readers.get(about, ()))

    def add(self, reader: Reader) -> None:
        self._readers.setdefault(reader.about, set()).add(reader)

    def forget(self, reader: Reader) -> None:
        others = self._readers.get(reader.about, set())
        others.discard(reader)
        if not others:
            self._readers.pop(reader.about, None)

    def let_go(self, reader: Reader) -> None:
        self.forget(reader)
        reader.end()

    def _on_advance(self, view: str, position: int) -> None:
        if view == self._view:
            self._target = position
            if self._readers:
                self._advanced.set()
            else:
                self.position = position

    async def _follow(self) -> None:
        while True:
            await self._advanced.wait()
            self._advanced.clear()
            try:
                await self._pull(self._target)
            except (psycopg.Error, OSError, StoreUnavailable, Undecodable) as lost:
                log.warning("live_pull_failed", error=type(lost).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
                self._advanced.set()

    async def _pull(self, up_to: int) -> None:
        news = await self._fetch(self.position, up_to)
        self.position = max(self.position, up_to)
        await self._tell(news, up_to)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for reader in self._all():
                reader.beat()
            if self._look is not None:
                with _asked_again():
                    for reader in self._all():
                        await self._look(reader)

    async def _watch(self) -> None:
        """Let go of those whose session has ended, here or elsewhere."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            with _asked_again():
                await self._end_sessions()

    async def _end_sessions(self) -> None:
        readers = [reader for reader in self._all() if reader.session is not None]
        if self._sessions is None or not readers:
            return
        living = await self._sessions({each.session for each in readers if each.session})
        for reader in readers:
            if reader.session not in living:
                self.let_go(reader)

    def _all(self) -> list[Reader]:
        return [reader for readers in self._readers.values() for reader in readers]


@contextmanager
def _asked_again() -> Iterator[None]:
    """What the database does not answer now is asked again."""
    try:
        yield
    except (psycopg.Error, OSError, StoreUnavailable) as lost:
        log.warning("live_look_failed", error=type(lost).__name__)
