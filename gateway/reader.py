"""One open stream: what it has been sent, what waits, and what it may be sent at all."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias
from uuid import UUID

from starlette.types import Send

from events.ids import CaseId, TeamId
from gateway.entries import Audience

BEHIND_AT_MOST: Final = 256
"""A reader this many entries behind is let go, and resumes from what it has by Last-Event-ID."""
_AT_ONCE: Final = 64
_HEARTBEAT: Final = b": still here\n\n"

Seat: TypeAlias = Callable[[], Awaitable[Audience | None]]
"""Who somebody is to what is told as the log stands now; None when they may look no longer."""


class Reader:
    """One open stream. What comes in while the backlog is sent waits in `_pending`.

    `about` is the case whose timeline, or the team whose queue it tells of; `session` is the
    browser session that it belongs to, if to one.
    """

    __slots__ = (
        "_has_ended",
        "_looks",
        "_pending",
        "_pump",
        "_seat",
        "_send",
        "_sent",
        "about",
        "audience",
        "is_live",
        "session",
    )

    def __init__(
        self,
        about: CaseId | TeamId,
        seat: Seat,
        send: Send,
        after: int,
        session: UUID | None = None,
    ) -> None:
        self.about = about
        self.session = session
        self.audience: Audience | None = None
        self._seat = seat
        self._looks = 0
        self._has_ended = False
        self.is_live = False
        self._send = send
        self._sent = after
        self._pending: list[tuple[int, bytes]] = []
        self._pump: asyncio.Task[None] | None = None

    async def look_again(self) -> Audience | None:
        """Who the reader is by now. Of two looks at once the one begun last has the last word."""
        while True:
            self._looks += 1
            look = self._looks
            found = await self._seat()
            if look == self._looks:
                self.audience = found
                return found

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
        self.is_live = not self._has_ended
        if self.is_live and self._pending:
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
        self._has_ended = True

    async def _drain(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            self._sent = batch[-1][0]
            await self._write(b"".join(text for _, text in batch))
        self._pump = None

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        if more and (self._has_ended or not body):
            return
        # Who has gone is noticed where the server waits for it.
        with suppress(OSError):
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
