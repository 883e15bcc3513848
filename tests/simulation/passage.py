"""The way of one process to everything outside it, where each call may go wrong."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from typing import TypeVar

from services.ports import StoreUnavailable
from tests.simulation.faults import Chances
from tests.simulation.loop import Process, SimulatedLoop

T = TypeVar("T")


class Dead(BaseException):
    """A process that was killed tries to do something: the simulation itself is wrong."""


@dataclass(slots=True)
class Outside:
    """What all processes have in common.

    `nobody` is the context of what belongs to no process. `trace` is kept where somebody wants to
    read it.
    """

    loop: SimulatedLoop
    chances: Chances
    nobody: Context
    crash: Callable[[Process], None] = lambda _: None
    stop: Callable[[Process], None] = lambda _: None
    database_up: bool = True
    broker_up: bool = True
    disturbances: int = 0
    digest: int = 0
    trace: list[str] | None = None

    def note(self, process: Process | None, what: str) -> None:
        name = "outside" if process is None else f"{process.name}.{process.life}"
        line = f"{self.loop.time():9.3f} {name:10} {what}"
        self.digest = zlib.crc32(line.encode(), self.digest)
        if self.trace is not None:
            self.trace.append(line)


@dataclass(slots=True)
class Passage:
    """`process` None is somebody outside, who is never killed."""

    outside: Outside
    process: Process | None = None

    async def through(
        self,
        what: str,
        effect: Callable[[], Awaitable[T]],
        failure: Callable[[], Exception],
        *,
        database: bool = True,
    ) -> T:
        """Do it, unless something goes wrong before; and answer, unless it does after."""
        chances = self.outside.chances
        await self.hold()
        if database and not self.outside.database_up:
            raise failure()
        if chances.goes_unanswered():
            self.note(f"{what}: not done, not answered")
            raise failure()
        result = await effect()
        self.note(what)
        await self.hold()
        if chances.goes_unanswered():
            self.note(f"{what}: done, not answered")
            raise failure()
        return result

    async def hold(self) -> None:
        """Where a process may be held up, or may be killed."""
        self.require_alive()
        chances, process = self.outside.chances, self.process
        if process is not None and chances.crashes():
            self.note("crashes")
            self.outside.crash(process)
            await asyncio.get_running_loop().create_future()
        seconds = chances.held_up()
        if seconds:
            await asyncio.sleep(seconds)
            self.require_alive()

    async def sleep_over(self) -> None:
        """Where it hurts most to get no time: something is written down and not yet acted on."""
        if self.process is not None and self.outside.chances.stops():
            self.outside.stop(self.process)
            await asyncio.sleep(0)

    async def leave_open(self) -> None:
        """Where a transaction may take its time."""
        await self.hold()
        seconds = self.outside.chances.left_open()
        if seconds:
            await asyncio.sleep(seconds)

    def require_alive(self) -> None:
        if self.process is not None and not self.process.alive:
            raise Dead

    def require_database(self) -> None:
        """Raises:
        StoreUnavailable: it is down.
        """
        self.require_alive()
        if not self.outside.database_up:
            raise StoreUnavailable

    def note(self, what: str) -> None:
        self.outside.note(self.process, what)
