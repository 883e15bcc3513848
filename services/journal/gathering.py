"""Lets calls that come while one is under way go together in the next: one commit for many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from services.ports import StoreUnavailable

T = TypeVar("T")
R = TypeVar("R")

_Call: TypeAlias = tuple[Sequence[T], asyncio.Future[Sequence[R]]]


class Gathering(Generic[T, R]):
    """`send` gives one answer for each thing sent, in order. One event loop uses it.

    Whoever is cancelled leaves what was asked for to be done, as a database would.
    """

    def __init__(self, send: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._send = send
        self._calls: list[_Call[T, R]] = []
        self._sending: asyncio.Task[None] | None = None

    async def ask(self, things: Sequence[T]) -> Sequence[R]:
        """The answers to these, asked together with whatever others ask meanwhile.

        Raises:
            StoreUnavailable: whatever was asked together was done, or was not.
        """
        answers: asyncio.Future[Sequence[R]] = asyncio.get_running_loop().create_future()
        self._calls.append((things, answers))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        return await answers

    async def _send_all(self) -> None:
        calls: list[_Call[T, R]] = []
        try:
            while self._calls:
                calls, self._calls = self._calls, []
                await self._send_together(calls)
        finally:
            self._sending = None
            # All are answered, unless this task was ended.
            for _, answers in [*calls, *self._calls]:
                answers.cancel()

    async def _send_together(self, calls: Sequence[_Call[T, R]]) -> None:
        try:
            found = await self._send([thing for things, _ in calls for thing in things])
        except StoreUnavailable as away:
            _fail(calls, away)
        except Exception as error:  # noqa: BLE001  # it is for whoever asked for what cannot be
            if len(calls) == 1:
                _fail(calls, error)
            else:
                for call in calls:
                    await self._send_together([call])
        else:
            first = 0
            for things, answers in calls:
                if not answers.done():
                    answers.set_result(found[first : first + len(things)])
                first += len(things)


def _fail(calls: Sequence[_Call[T, R]], error: Exception) -> None:
    for _, answers in calls:
        if not answers.done():
            answers.set_exception(error)
