"""python -m tests.simulation: as many seeds as one likes, or one of them with all that happened."""

import argparse
import sys
import time
from typing import Final

from tests.simulation.canaries import CANARIES
from tests.simulation.faults import SCENARIOS
from tests.simulation.many import Summary, catches, command, planned, play, replay
from tests.simulation.running import run

TELL_EVERY_SECONDS: Final = 10.0
FAILURES_SHOWN: Final = 3
CANARY_ROUNDS: Final = 5
CANARY_SEEDS: Final = 400


def main() -> int:
    asked = _asked()
    if asked.canaries:
        return _canaries(asked.first)
    if asked.seed is not None:
        return _one(asked.scenario or "kafka", asked.seed, trace=asked.trace)
    return _many(asked.first, asked.seeds, asked.scenario)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2_000, help="how many runs (2000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--scenario", choices=SCENARIOS, help="only this one")
    parser.add_argument("--seed", type=int, help="play this one alone")
    parser.add_argument("--trace", action="store_true", help="print all that happens in it")
    parser.add_argument("--canaries", action="store_true", help="how soon each is caught")
    return parser.parse_args()


def _one(scenario: str, seed: int, *, trace: bool) -> int:
    outcome = run(seed, SCENARIOS[scenario], keep_trace=trace)
    for line in outcome.trace:
        _say(line)
    for each in outcome.violations:
        _say(f"{each.wrong.value}: {each.what}")
    _say(f"{scenario} {seed}: {len(outcome.violations)} violations, digest {outcome.digest}")
    return 1 if outcome.violations else 0


def _many(first: int, seeds: int, scenario: str | None) -> int:
    began = told = time.monotonic()
    summary = Summary()
    for outcome in play(list(planned(first, seeds, scenario))):
        summary.add(outcome)
        summary.seconds = time.monotonic() - began
        if outcome.violations:
            _say(replay(outcome) if len(summary.failed) <= FAILURES_SHOWN else command(outcome))
        if time.monotonic() - told > TELL_EVERY_SECONDS:
            told = time.monotonic()
            _say(f"{summary.seeds.total()} of {seeds}, {len(summary.failed)} failed")
    _say(str(summary))
    return 1 if summary.failed else 0


def _canaries(first: int) -> int:
    """The mean number of runs until each is caught, over several beginnings."""
    rounds = [
        catches(list(CANARIES), first + 10_000 * number, CANARY_SEEDS)
        for number in range(CANARY_ROUNDS)
    ]
    missed = 0
    for name, canary in CANARIES.items():
        caught = [found for found in (each[name] for each in rounds) if found is not None]
        missed += len(rounds) - len(caught)
        mean = sum(caught) / max(len(caught), 1)
        how = f"caught {len(caught)} of {len(rounds)}, mean {mean:.1f}"
        _say(f"{name:22} {canary.as_.value:6} {how}")
    return 1 if missed else 0


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
