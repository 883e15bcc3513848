"""Timelines as they grow: one pull for all readers, fanned out in memory by case.

A reader is a plain object and the server's own task waiting for the client to leave: no database
connection, no queue and no task of ours while nothing happens.
"""

import asyncio
from contextlib import suppress
from typing import Final, Self

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Send

from events.ids import CaseId
from gateway.entries import Audience, frame
from gateway.sentences import Names
from projections import timeline
from services.database import Row
from services.views import Views

log = structlog.get_logger()

VIEW: Final = "timeline"
BEHIND_AT_MOST: Final = 256
"""A reader this many entries behind is let go, and resumes from what it has by Last-Event-ID."""
HEARTBEAT_SECONDS: Final = 15.0
RETRY_MILLISECONDS: Final = 1_000
KNOWN_WITHIN_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 0.5
_AT_ONCE: Final = 64
_HEARTBEAT: Final = b": still here\n\n"

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


class Reader:
    """One open stream. What comes in while the backlog is sent waits in `_pending`."""

    __slots__ = ("_pending", "_pump", "_send", "_sent", "audience", "case_id", "is_live")

    def __init__(self, case_id: CaseId, audience: Audience, send: Send, after: int) -> None:
        self.case_id = case_id
        self.audience = audience
        self.is_live = False
        self._send = send
        self._sent = after
        self._pending: list[tuple[int, bytes]] = []
        self._pump: asyncio.Task[None] | None = None

    def offer(self, position: int, given: bytes) -> bool:
        """Take an entry on; False when the reader is too far behind to be given any more."""
        if position <= self._sent:
            return True
        if len(self._pending) >= BEHIND_AT_MOST:
            return False
        self._pending.append((position, given))
        if self.is_live and self._pump is None:
            self._pump = asyncio.create_task(self._drain())
        return True

    def beat(self) -> None:
        if self.is_live and self._pump is None:
            self._pending.append((self._sent, _HEARTBEAT))
            self._pump = asyncio.create_task(self._drain())

    async def send_backlog(self, frames: list[tuple[int, bytes]]) -> None:
        for start in range(0, len(frames), _AT_ONCE):
            await self._write(b"".join(text for _, text in frames[start : start + _AT_ONCE]))
        if frames:
            self._sent = max(self._sent, frames[-1][0])
        # The backlog was read after the reader was enrolled, so the two overlap, never gape.
        self._pending = [each for each in self._pending if each[0] > self._sent]
        self.is_live = True
        if self._pending:
            self._pump = asyncio.create_task(self._drain())

    def leave(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        self._pending.clear()

    def end(self) -> None:
        """End the response, which also wakes the server's task that waits for the client."""
        self.leave()
        self.is_live = False
        self._pump = asyncio.create_task(self._write(b"", more=False))

    async def _drain(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            self._sent = batch[-1][0]
            await self._write(b"".join(text for _, text in batch))
        self._pump = None

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        if more and not body:
            return
        # Who has gone is noticed where the server waits for it.
        with suppress(OSError):
            await self._send({"type": "http.response.body", "body": body, "more_body": more})


class Hub:
    """One organisation's readers. Use it as an asynchronous context manager."""

    def __init__(
        self,
        organisation: str,
        views: Views,
        reads: AsyncConnectionPool[AsyncConnection[Row]],
        names: Names,
    ) -> None:
        self._organisation = organisation
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
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._beat())]
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
        self, case_id: CaseId, audience: Audience, after: int, receive: Receive, send: Send
    ) -> None:
        """Stream a case's entries after a position until the client leaves.

        Raises:
            ViewBehind: the database does not answer; nothing has been sent.
        """
        await self._views.known(self._organisation, KNOWN_WITHIN_SECONDS)
        reader = Reader(case_id, audience, send, after)
        self._readers.setdefault(case_id, set()).add(reader)
        try:
            async with self._reads.connection() as db:
                backlog = await timeline.entries(db, case_id, after)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_body(f"retry: {RETRY_MILLISECONDS}\n\n".encode()))
            frames = [(entry.position, frame(entry, audience, self._names)) for entry in backlog]
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
            except (psycopg.Error, OSError) as lost:
                log.warning("live_pull_failed", error=type(lost).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
                self._advanced.set()

    async def _pull(self, up_to: int) -> None:
        async with self._reads.connection() as db:
            entries = await timeline.since(db, self._position, up_to)
        self._position = max(self._position, up_to)
        for entry in entries:
            frames: dict[Audience, bytes] = {}
            for reader in tuple(self._readers.get(entry.case_id, ())):
                text = frames.get(reader.audience)
                if text is None:
                    text = frames[reader.audience] = frame(entry, reader.audience, self._names)
                if not reader.offer(entry.position, text):
                    log.warning("live_reader_dropped", case=str(entry.case_id))
                    self._forget(reader)
                    reader.end()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for reader in self._all():
                reader.beat()

    def _all(self) -> list[Reader]:
        return [reader for readers in self._readers.values() for reader in readers]

    def _forget(self, reader: Reader) -> None:
        of_case = self._readers.get(reader.case_id, set())
        of_case.discard(reader)
        if not of_case:
            self._readers.pop(reader.case_id, None)


def _body(content: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": True}
