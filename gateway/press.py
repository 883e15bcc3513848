"""Turns at the typesetting of letters that anybody may cause, logged in or not."""

import asyncio
from asyncio import Semaphore
from collections.abc import Callable, Coroutine
from typing import Final

from services.journal.work import Typeset

PATIENCE_SECONDS: Final = 3.0
"""Nearly every letter takes some hundredths; one made to take long may take a quarter minute."""


class Press:
    """One letter at a time: a second thread would only wait for the first, and all threads are
    everybody's.
    """

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience = patience_seconds
        self._turn = Semaphore(1)

    async def letter(
        self, typeset: Callable[[], Coroutine[None, None, Typeset | None]]
    ) -> Typeset | None:
        """None when it would take too long, or the turn does not come in time.

        What has begun is not given up, for no thread can be stopped: its turn lasts until its end.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
                setting = asyncio.create_task(typeset())
                setting.add_done_callback(lambda _: self._turn.release())
                return await asyncio.shield(setting)
        except TimeoutError:
            return None
