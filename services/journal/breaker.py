"""Stops asking a records system that does not answer, and asks again now and then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

TROUBLES: Final = 5
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0


def loop_seconds() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Breaker:
    """Opens at the fifth trouble in a row; `seconds` is the clock, by default the loop's.

    While it is open nothing is asked until its pause is over, and then one matter alone; each
    further trouble doubles the pause, up to a minute.
    """

    troubles: int = 0
    pause: float = FIRST_PAUSE
    closed_again_at: float = 0.0
    seconds: Callable[[], float] = loop_seconds

    def trouble(self) -> None:
        self.troubles += 1
        if self.troubles >= TROUBLES:
            self.closed_again_at = self.seconds() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def success(self) -> None:
        self.troubles = 0
        self.pause = FIRST_PAUSE
        self.closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is asked less often now, as it does not answer."""
        return self.troubles >= TROUBLES

    def lets_through(self, lanes: int) -> int:
        """How many matters may be begun, of so many free lanes."""
        if not self.is_open:
            return lanes
        over = self.seconds() >= self.closed_again_at
        return min(lanes, 1) if over else 0
