"""Lets a worker sleep until there is something to do, as far as this process knows."""

import asyncio
from contextlib import suppress


class Waking:
    """What rings in another process is not heard here: nobody sleeps without an end."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return when it has rung since somebody last woke, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()
