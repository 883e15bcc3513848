"""An event loop without a clock, threads or sockets: all that happens in it follows from a seed."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

THREAD_SECONDS: Final = 0.002
"""What is handed to a thread is done this much later, at the longest."""


class Stuck(Exception):
    """Nothing will ever happen again, or too much has happened."""


@dataclass(slots=True)
class Process:
    """A group of tasks that live and die together.

    `parked` is what came due while the process was stopped; `since` is when it was stopped or
    killed.
    """

    name: str
    life: int
    alive: bool = True
    stopped: bool = False
    since: float = 0.0
    parked: list["Turn"] = field(default_factory=list)


PROCESS: Final[ContextVar[Process | None]] = ContextVar("process", default=None)


class Turn(asyncio.TimerHandle):
    """A callback that waits for its turn, and whose it is.

    There are thousands in a run; the library's own handles keep more, for debugging.
    """

    __slots__ = ("args", "at", "callback", "context", "is_off", "process")

    def __init__(
        self, at: float, callback: Callable[..., object], args: tuple[object, ...], context: Context
    ) -> None:
        # What the library's would set up besides, nobody looks at.
        self.at = at
        self.callback = callback
        self.args = args
        self.context = context
        self.process = context.get(PROCESS)
        self.is_off = False

    def when(self) -> float:
        return self.at

    def cancel(self) -> None:
        self.is_off = True

    def cancelled(self) -> bool:
        return self.is_off


class SimulatedLoop(asyncio.BaseEventLoop):
    """Whatever is ready runs in an order drawn from `chance`; when nothing is, time jumps ahead.

    `step_limit` bounds how much may happen in a run. `digest` follows from everything that did.
    `tasks` are all that ever began: nothing may depend on when the garbage collector finds those
    that a crash has ended.
    """

    def __init__(self, chance: Random, step_limit: int) -> None:
        super().__init__()
        self._chance = chance
        self._step_limit = step_limit
        self._now = 0.0
        self._numbered = 0
        self._runnable: list[Turn] = []
        self._timers: list[tuple[float, int, Turn]] = []
        self.steps = 0
        self.digest = 0
        self.tasks: list[asyncio.Task[object]] = []

    def time(self) -> float:
        """Seconds since the run began."""
        return self._now

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        turn = Turn(self._now, callback, args, context or copy_context())
        self._runnable.append(turn)
        return turn

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        turn = Turn(when, callback, args, context or copy_context())
        self._numbered += 1
        heapq.heappush(self._timers, (when, self._numbered, turn))
        return turn

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def create_task(
        self,
        coro: Generator[object, None, T] | Coroutine[object, object, T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        del name
        # As the library's own, which looks at its settings for each.
        task: asyncio.Task[T] = asyncio.Task(coro, loop=self, context=context)  # type: ignore[arg-type]  # a coroutine
        self.tasks.append(task)
        return task

    def run_in_executor(
        self,
        executor: object,
        func: Callable[[*Ts], T],
        *args: *Ts,
    ) -> asyncio.Future[T]:
        """Done in one piece somewhat later, as by a thread that is never interrupted."""
        del executor
        done: asyncio.Future[T] = self.create_future()
        self.call_later(self._chance.random() * THREAD_SECONDS, _do, done, func, args)
        return done

    def call_exception_handler(self, context: object) -> None:
        """Tasks that a crash has ended are pending for ever, which is meant."""

    def run(self, main: Coroutine[object, object, T]) -> T:
        """Run until `main` is done.

        Raises:
            Stuck: it never will be, or not within the step limit.
        """
        before = asyncio._get_running_loop()  # noqa: SLF001  # for those who implement loops
        asyncio._set_running_loop(self)  # noqa: SLF001  # likewise
        try:
            task = self.create_task(main)
            while not task.done():
                self._step()
            return task.result()
        finally:
            asyncio._set_running_loop(before)  # noqa: SLF001  # likewise

    def close(self) -> None:
        """End what is still suspended now, and not when its memory is wanted."""
        for task in self.tasks:
            if not task.done():
                with suppress(BaseException):
                    task.get_coro().close()
        super().close()

    def resume(self, process: Process) -> None:
        """Let a stopped process go on with whatever came due meanwhile."""
        process.stopped = False
        self._runnable += process.parked
        process.parked.clear()

    def _step(self) -> None:
        runnable = self._runnable
        if not runnable or (self._timers and self._timers[0][0] <= self._now):
            self._take_due()
        index = int(self._chance.random() * len(runnable))
        chosen, runnable[index] = runnable[index], runnable[-1]
        runnable.pop()
        self.steps += 1
        self.digest = hash((self.digest, self._now, index, len(runnable)))
        if self.steps > self._step_limit:
            raise Stuck(f"After {self.steps} steps, at {self._now:.1f} s.")
        process = chosen.process
        if chosen.is_off or (process is not None and not process.alive):
            return
        if process is not None and process.stopped:
            process.parked.append(chosen)
            return
        chosen.context.run(chosen.callback, *chosen.args)

    def _take_due(self) -> None:
        timers = self._timers
        while timers and timers[0][2].is_off:
            heapq.heappop(timers)
        if not self._runnable:
            if not timers:
                raise Stuck("Nothing will ever happen again.")
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            self._runnable.append(heapq.heappop(timers)[2])


def _do(done: asyncio.Future[T], func: Callable[[*Ts], T], args: tuple[*Ts]) -> None:
    try:
        result = func(*args)
    except Exception as error:  # noqa: BLE001  # it belongs to whoever waits
        if not done.done():
            done.set_exception(error)
    else:
        if not done.done():
            done.set_result(result)
