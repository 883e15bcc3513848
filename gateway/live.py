"""Timelines as they grow: one pull for all readers, fanned out in memory by case.

A reader is a plain object and the server's own task waiting for the client to leave: no database
connection, no queue and no task of ours while nothing happens.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, Self, TypeAlias
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Send

from events.ids import CaseId
from gateway.entries import Audience, frame
from gateway.reader import Reader, Seat
from gateway.sentences import Names
from projections import timeline
from projections.timeline import Entry
from services.database import Row
from services.ports import StoreUnavailable
from services.views import Views

log = structlog.get_logger()

VIEW: Final = "timeline"
HEARTBEAT_SECONDS: Final = 15.0
RETRY_MILLISECONDS: Final = 1_000
KNOWN_WITHIN_SECONDS: Final = 5.0
WATCH_SECONDS: Final = 2.0
"""So often is it asked which sessions have ended: one question for all readers."""
_PAUSE_SECONDS: Final = 0.5
SIGHT_CHANGES: Final = frozenset(
    {
        "party-joined",
        "party-left",
        "protection-recorded",
        "representative-proposed",
        "representative-appointed",
        "representative-declined",
        "representation-ended",
        "transferred",
    }
)
"""After one of these somebody may see more, or less, or nothing any longer."""

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


Living: TypeAlias = Callable[[Collection[UUID]], Awaitable[set[UUID]]]
"""Which of some browser sessions are not over."""


class Hub:
    """One organisation's readers. Use it as an asynchronous context manager."""

    def __init__(
        self,
        organisation: str,
        views: Views,
        reads: AsyncConnectionPool[AsyncConnection[Row]],
        names: Names,
        sessions: Living | None = None,
    ) -> None:
        self._organisation = organisation
        self._sessions = sessions
        self._views = views
        self._reads = reads
        self._names = names
        self._readers: dict[CaseId, set[Reader]] = {}
        self._position = 0
        self._target = 0
        self._advanced = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

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

    @property
    def readers(self) -> int:
        return sum(map(len, self._readers.values()))

    async def serve(
        self,
        case_id: CaseId,
        seat: Seat,
        after: int,
        receive: Receive,
        send: Send,
        *,
        session: UUID | None = None,
    ) -> None:
        """Stream a case's entries after a position until the client leaves, or its right ends.

        Raises:
            ViewBehind: the database does not answer; nothing has been sent.
        """
        await self._views.known(self._organisation, KNOWN_WITHIN_SECONDS)
        reader = Reader(case_id, seat, send, after, session)
        self._readers.setdefault(case_id, set()).add(reader)
        try:
            async with self._reads.connection() as db:
                backlog = await timeline.entries(db, case_id, after)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_body(f"retry: {RETRY_MILLISECONDS}\n\n".encode()))
            # After the backlog was read: what is in it, this look knows.
            audience = await reader.look_again()
            if audience is None:
                reader.end()
            else:
                names = self._names
                frames = [(each.position, frame(each, audience, names)) for each in backlog]
                del backlog
                await reader.send_backlog(frames)
                frames.clear()
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._forget(reader)
            reader.leave()

    def _on_advance(self, view: str, position: int) -> None:
        if view == VIEW:
            self._target = position
            if self._readers:
                self._advanced.set()
            else:
                self._position = position

    async def _follow(self) -> None:
        while True:
            await self._advanced.wait()
            self._advanced.clear()
            try:
                await self._pull(self._target)
            except (psycopg.Error, OSError, StoreUnavailable) as lost:
                log.warning("live_pull_failed", error=type(lost).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
                self._advanced.set()

    async def _pull(self, up_to: int) -> None:
        async with self._reads.connection() as db:
            entries = await timeline.since(db, self._position, up_to)
        await self._look_again(entries)
        self._position = max(self._position, up_to)
        for entry in entries:
            frames: dict[Audience, bytes] = {}
            for reader in tuple(self._readers.get(entry.case_id, ())):
                audience = reader.audience or await reader.look_again()
                if audience is None:
                    self._let_go(reader)
                    continue
                text = frames.get(audience)
                if text is None:
                    text = frames[audience] = frame(entry, audience, self._names)
                if not reader.offer(entry.position, text):
                    log.warning("live_reader_dropped", case=str(entry.case_id))
                    self._let_go(reader)

    async def _look_again(self, entries: Sequence[Entry]) -> None:
        """Before anything of a batch is told, see who may still be told it."""
        changed = {entry.case_id for entry in entries if entry.kind in SIGHT_CHANGES}
        for case_id in changed:
            for reader in tuple(self._readers.get(case_id, ())):
                await self._look(reader)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for reader in self._all():
                reader.beat()
            with _asked_again():
                # A reason to look at another team's case holds for a time only.
                for reader in self._all():
                    if reader.audience is not None and reader.audience.sight is None:
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
                self._let_go(reader)

    async def _look(self, reader: Reader) -> None:
        if await reader.look_again() is None:
            self._let_go(reader)

    def _all(self) -> list[Reader]:
        return [reader for readers in self._readers.values() for reader in readers]

    def _let_go(self, reader: Reader) -> None:
        self._forget(reader)
        reader.end()

    def _forget(self, reader: Reader) -> None:
        of_case = self._readers.get(reader.case_id, set())
        of_case.discard(reader)
        if not of_case:
            self._readers.pop(reader.case_id, None)


def _body(content: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": True}


@contextmanager
def _asked_again() -> Iterator[None]:
    """What the database does not answer now is asked again."""
    try:
        yield
    except (psycopg.Error, OSError, StoreUnavailable) as lost:
        log.warning("live_look_failed", error=type(lost).__name__)
