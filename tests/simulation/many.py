"""Many runs on all cores, and what they came to."""

import gc
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final

from tests.simulation.canaries import CANARIES
from tests.simulation.faults import SCENARIOS
from tests.simulation.office import organisation
from tests.simulation.running import Outcome, run
from tests.simulation.variants import SHIPPED

WEIGHTS: Final = {"outage": 1, "calm": 1}
"""How often a scenario is played, beside `COMMON_WEIGHT` for the others: an outage takes long."""
COMMON_WEIGHT: Final = 8
IN_ONE_GO: Final = 8


@dataclass(slots=True)
class Summary:
    """`seconds` on the clock of whoever waited."""

    seeds: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    steps: int = 0
    disturbances: int = 0
    failed: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.seeds[outcome.scenario] += 1
        self.entries += outcome.entries
        self.steps += outcome.steps
        self.disturbances += outcome.disturbances
        if outcome.violations:
            self.failed.append(outcome)

    def __str__(self) -> str:
        count = self.seeds.total()
        spread = ", ".join(f"{name} {number}" for name, number in sorted(self.seeds.items()))
        pace = count / max(self.seconds, 0.01)
        return (
            f"{count} seeds in {self.seconds:.0f} s ({pace:.1f} a second),"
            f" {len(self.failed)} failed; {self.entries} entries,"
            f" {self.steps} steps, {self.disturbances} disturbances\n{spread}"
        )


def planned(first: int, count: int, scenario: str | None = None) -> Iterator[tuple[str, int]]:
    """Which scenario is played with which seed; every seed belongs to one of them."""
    names = [n for n in SCENARIOS for _ in range(WEIGHTS.get(n, COMMON_WEIGHT))]
    for seed in range(first, first + count):
        yield scenario or Random(seed).choice(names), seed


def play(work: Sequence[tuple[str, int]]) -> Iterator[Outcome]:
    """The outcomes, in any order, from as many processes as there are cores."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(os.cpu_count(), _settle_in) as pool:
        yield from pool.imap_unordered(_play, work, chunksize=IN_ONE_GO)


def summarise(work: Sequence[tuple[str, int]]) -> Summary:
    began, summary = time.monotonic(), Summary()
    for outcome in play(work):
        summary.add(outcome)
    summary.seconds = time.monotonic() - began
    return summary


def replay(outcome: Outcome) -> str:
    """The command that plays a run again, what was wrong with it, and how it went."""
    again = run(outcome.seed, SCENARIOS[outcome.scenario], keep_trace=True)
    wrong = [f"  {each.wrong.value}: {each.what}" for each in outcome.violations]
    return "\n".join([command(outcome), *wrong, *again.trace])


def command(outcome: Outcome) -> str:
    return f"python -m tests.simulation --scenario {outcome.scenario} --seed {outcome.seed} --trace"


def seeds_to_catch(name: str, first: int, at_most: int) -> int | None:
    """How many runs it takes until a canary is caught for what it does, None if they all pass."""
    canary = CANARIES[name]
    for number in range(at_most):
        scenario = SCENARIOS[canary.scenarios[number % len(canary.scenarios)]]
        found = run(first + number, scenario, canary.parts).violations
        if any(each.wrong is canary.as_ for each in found):
            return number + 1
    return None


def catches(names: Sequence[str], first: int, at_most: int) -> dict[str, int | None]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(os.cpu_count()) as pool:
        caught = pool.map(partial(seeds_to_catch, first=first, at_most=at_most), names, chunksize=1)
    return dict(zip(names, caught, strict=True))


def _settle_in() -> None:
    """What was imported stays, so that looking for garbage looks at a run's alone."""
    organisation()
    gc.collect()
    gc.freeze()
    gc.disable()


def _play(planned_run: tuple[str, int]) -> Outcome:
    scenario, seed = planned_run
    outcome = run(seed, SCENARIOS[scenario], SHIPPED)
    gc.collect()
    return outcome
