"""What may go wrong, how often, and in which combination: the scenarios."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from services.esdh.memory import Fault
from services.journal.timing import Timing

TIMING: Final = Timing(
    request=2.0,
    longest_processing=8.0,
    send_window=1.0,
    lease=4.0,
    first_retry=0.5,
    longest_retry=8.0,
    dependency=0.5,
    lanes=3,
    connections=2,
)

SESSION_SECONDS: Final = 3.0
"""The broker gives a consumer's partitions to others when it has been silent for so long."""


class Restore(StrEnum):
    """An older backup of the database is brought back: with every process stopped, or without."""

    COLD = "cold"
    WARM = "warm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Chances are per call; `..._every` are mean seconds between two, None for never.

    `crash` is of the process that calls, in the middle of the call; `stop` of one that has just
    written something down.

    Things go wrong for `seconds`, and then no more. `foreign_every` is what people do in the
    records system by hand. `outage` is how many seconds the broker is down.
    """

    name: str
    kafka: bool = True
    seconds: float = 16.0
    held_up: float = 0.06
    unanswered: float = 0.01
    crash: float = 0.002
    stop: float = 0.0
    esdh_fault: float = 0.12
    kill_every: float | None = 8.0
    stop_every: float | None = None
    clock_every: float | None = None
    foreign_every: float | None = None
    outage: float | None = None
    restore: Restore | None = None
    poison: bool = False


SCENARIOS: Final = {
    each.name: each
    for each in (
        Scenario(
            name="calm", held_up=0.0, unanswered=0.0, crash=0.0, esdh_fault=0.0, kill_every=None
        ),
        Scenario(name="kafka"),
        Scenario(name="log", kafka=False),
        Scenario(name="crashes", crash=0.01, kill_every=3.0, esdh_fault=0.2),
        Scenario(name="esdh", esdh_fault=0.35),
        Scenario(
            name="zombies",
            stop_every=8.0,
            stop=0.03,
            kill_every=15.0,
            seconds=60.0,
        ),
        Scenario(
            name="log-zombies",
            kafka=False,
            stop_every=8.0,
            stop=0.03,
            kill_every=15.0,
            seconds=60.0,
        ),
        Scenario(name="clock", clock_every=1.5),
        Scenario(name="people", foreign_every=1.5),
        Scenario(name="outage", outage=600.0, kill_every=60.0, seconds=620.0),
        Scenario(name="poison", poison=True),
        Scenario(name="restore", restore=Restore.COLD, seconds=40.0),
        Scenario(name="log-restore", kafka=False, restore=Restore.COLD, seconds=40.0),
        Scenario(name="warm-restore", restore=Restore.WARM, seconds=45.0, kill_every=None),
    )
}


class Chances:
    """Draws for one run what goes wrong next. Quiet once `active` is false."""

    def __init__(self, scenario: Scenario, chance: Random) -> None:
        self._scenario = scenario
        self._chance = chance
        self.active = True

    def crashes(self) -> bool:
        return self._happens(self._scenario.crash)

    def stops(self) -> bool:
        return self._happens(self._scenario.stop)

    def stopped_for(self) -> float:
        """Seconds, sometimes longer than everybody waits for a process that has vanished."""
        if self._chance.random() < 0.5:
            return self._chance.uniform(0.1, TIMING.lease)
        return self._chance.uniform(TIMING.stranger + TIMING.lease, 3 * TIMING.stranger)

    def goes_unanswered(self) -> bool:
        return self._happens(self._scenario.unanswered)

    def happens(self, probability: float) -> bool:
        """Whether something happens in a run where anything goes wrong in this way."""
        return self._scenario.esdh_fault > 0 and self._happens(probability)

    def held_up(self) -> float:
        """For how many seconds, mostly none and seldom long."""
        if not self._happens(self._scenario.held_up):
            return 0.0
        return min(self._chance.expovariate(3.0), 20.0) if self._happens(0.9) else 2.5

    def left_open(self) -> float:
        """For how many seconds a transaction is open."""
        if not self._happens(4 * self._scenario.held_up):
            return 0.0
        return self._chance.expovariate(2.0)

    def esdh_fault(self, operation: str) -> Fault | None:
        del operation
        if not self._happens(self._scenario.esdh_fault):
            return None
        kinds = (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.LATE, Fault.UNAVAILABLE)
        return self._chance.choice(kinds)

    def lateness(self) -> float:
        """Seconds until a late effect; often just within what is promised."""
        longest = TIMING.longest_processing
        if self._happens(0.4):
            return longest * (0.9 + 0.0999 * self._chance.random())
        return longest * self._chance.random()

    def among(self, count: int) -> int:
        """Any number below the count."""
        return int(self._chance.random() * count)

    def _happens(self, probability: float) -> bool:
        return self.active and probability > 0 and self._chance.random() < probability
