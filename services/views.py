"""How far each view has come, known to a process within milliseconds without asking for it.

One connection per organisation listens to what the projections announce after each batch; while
it is down, and whenever nothing is heard for a second, the positions are read instead, so a
lost notification costs a second and never more.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from services.database import Row

log = structlog.get_logger()

POLL_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 5.0

POSITIONS: Final = "SELECT name, position FROM projection WHERE state = 'live'"
LAST: Final = "SELECT coalesce(max(notification_id), 0) FROM events"


class ViewBehind(Exception):
    """The view did not reach the position in time; ask again a little later."""


class PositionUnknown(Exception):
    """The log does not reach that far: nothing ever answered with this position."""


@dataclass(slots=True)
class _Known:
    """What is known of one organisation's views, and who waits for more."""

    conninfo: str
    positions: dict[str, int] = field(default_factory=dict)
    waiting: set[tuple[str, int, "asyncio.Future[None]"]] = field(default_factory=set)
    listeners: list[Callable[[str, int], None]] = field(default_factory=list)
    is_read: asyncio.Event = field(default_factory=asyncio.Event)

    def advance(self, view: str, position: int) -> None:
        if position <= self.positions.get(view, 0):
            return
        self.positions[view] = position
        for waiter in [each for each in self.waiting if each[0] == view and each[1] <= position]:
            self.waiting.discard(waiter)
            if not waiter[2].done():
                waiter[2].set_result(None)
        for listener in self.listeners:
            listener(view, position)


class Views:
    """The positions of every organisation's views. Use it as an asynchronous context manager."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    def follow(self, organisation: str, conninfo: str) -> None:
        """Begin with an organisation; `conninfo` is pinned to its schema."""
        self._known[organisation] = _Known(conninfo)
        following = self._follow(organisation)
        self._tasks.append(asyncio.create_task(following, name=f"views.{organisation}"))

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def position(self, organisation: str, view: str) -> int:
        return self._known[organisation].positions.get(view, 0)

    async def known(self, organisation: str, seconds: float) -> None:
        """Wait until the positions have been read at least once.

        Raises:
            ViewBehind: the database has not answered within `seconds`.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._known[organisation].is_read.wait()
        except TimeoutError as late:
            raise ViewBehind from late

    def on_advance(self, organisation: str, listener: Callable[[str, int], None]) -> None:
        """Have `listener(view, position)` called on the event loop each time a view advances."""
        self._known[organisation].listeners.append(listener)

    async def wait_for(self, organisation: str, view: str, position: int, seconds: float) -> None:
        """Wait until the view shows everything up to and including `position`.

        Raises:
            PositionUnknown: the log has not come to that position; said at once.
            ViewBehind: it did not get there within `seconds`.
        """
        known = self._known[organisation]
        if known.positions.get(view, 0) >= position:
            return
        future = asyncio.get_running_loop().create_future()
        waiter = (view, position, future)
        known.waiting.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                if position > await self._last(organisation):
                    raise PositionUnknown
                await future
        except TimeoutError as late:
            raise ViewBehind from late
        finally:
            known.waiting.discard(waiter)

    async def _last(self, organisation: str) -> int:
        """The last position that anyone can have been answered with."""
        # A connection of its own: this is rare, and must work while the listener is down.
        async with await _connect(self._known[organisation].conninfo) as db:
            row = await (await db.execute(LAST)).fetchone()
        return 0 if row is None else int(str(row[0]))

    async def _follow(self, organisation: str) -> None:
        pause = 0.1
        while True:
            try:
                async with await _connect(self._known[organisation].conninfo) as db:
                    log.info("views_followed", organisation=organisation)
                    pause = 0.1
                    await self._listen(organisation, db)
            except (psycopg.Error, OSError) as lost:
                log.warning("views_lost", organisation=organisation, error=type(lost).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _listen(self, organisation: str, db: AsyncConnection[Row]) -> None:
        known = self._known[organisation]
        # Listen before reading, so that nothing can fall between the two.
        await db.execute(SQL("LISTEN {}").format(Identifier(f"{organisation}_views")))
        while True:
            for view, position in await (await db.execute(POSITIONS)).fetchall():
                known.advance(str(view), int(str(position)))
            known.is_read.set()
            heard = True
            while heard:
                heard = False
                async for notification in db.notifies(timeout=POLL_SECONDS, stop_after=1):
                    heard = True
                    view_name, _, reached = notification.payload.rpartition(" ")
                    if reached.isdecimal():
                        known.advance(view_name, int(reached))


async def _connect(conninfo: str) -> AsyncConnection[Row]:
    return await AsyncConnection[Row].connect(conninfo, autocommit=True)
