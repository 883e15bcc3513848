"""The real relay, sync and matching code under every kind of fault, many times over."""

import asyncio
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import structlog

from tests.simulation.canaries import CANARIES
from tests.simulation.faults import SCENARIOS
from tests.simulation.loop import SimulatedLoop, Stuck
from tests.simulation.many import catches, planned, replay, summarise
from tests.simulation.running import run

ROOT = Path(__file__).parents[2]
SEEDS = 2_000
CANARY_SEEDS = 300

log = structlog.get_logger()


@pytest.mark.timeout(1_800)
def test_nothing_is_lost_or_filed_twice_or_stuck_under_any_fault() -> None:
    summary = summarise(list(planned(0, SEEDS)))
    log.info("simulated", summary=str(summary))

    assert not summary.failed, "\n\n".join(replay(each) for each in summary.failed[:3])
    assert summary.seeds.total() == SEEDS
    assert set(summary.seeds) == set(SCENARIOS)
    assert summary.entries > 10 * SEEDS
    assert summary.disturbances > 2 * SEEDS


@pytest.mark.timeout(1_800)
def test_every_known_bad_way_is_caught_and_for_what_it_does() -> None:
    caught = catches(list(CANARIES), first=0, at_most=CANARY_SEEDS)
    log.info("canaries_caught", **caught)

    assert [name for name, seeds in caught.items() if seeds is None] == []


@pytest.mark.parametrize("scenario", ["zombies", "restore", "people"])
def test_a_seed_gives_the_same_run_again_in_another_process(scenario: str) -> None:
    """Whatever the hash of a string is there, and whatever ran before."""
    here = run(7, SCENARIOS[scenario])
    again = run(7, SCENARIOS[scenario])
    command = ["-m", "tests.simulation", "--scenario", scenario, "--seed", "7"]
    told = [
        subprocess.run(
            [sys.executable, *command],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]

    assert again.digest == here.digest
    assert all(f"digest {here.digest}" in each for each in told)


def test_another_seed_gives_another_run() -> None:
    assert run(1, SCENARIOS["calm"]).digest != run(2, SCENARIOS["calm"]).digest


def test_a_failing_run_tells_how_to_play_it_again() -> None:
    canary = CANARIES["unlocked-relay"]
    outcome = run(0, SCENARIOS["calm"], canary.parts)

    assert outcome.violations
    assert replay(outcome).startswith(
        "python -m tests.simulation --scenario calm --seed 0 --trace\n  relay: "
    )


def loop() -> SimulatedLoop:
    return SimulatedLoop(Random(1), step_limit=10_000)


def test_time_jumps_to_whatever_is_next() -> None:
    simulated = loop()

    async def sleep_long() -> float:
        await asyncio.sleep(3_600.0)
        return asyncio.get_running_loop().time()

    assert simulated.run(sleep_long()) == 3_600.0
    simulated.close()


def test_what_asyncio_offers_works_in_simulated_time() -> None:
    simulated = loop()
    done: list[str] = []

    async def note(name: str, seconds: float) -> str:
        await asyncio.sleep(seconds)
        done.append(name)
        return name

    async def use_everything() -> None:
        assert list(await asyncio.gather(note("b", 2), note("a", 1))) == ["b", "a"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await note("never", 5)
        kept = asyncio.create_task(note("kept", 3))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(kept), 1)
        rung = asyncio.Event()
        asyncio.get_running_loop().call_later(1, rung.set)
        await rung.wait()
        first, later = await asyncio.wait({kept}, timeout=10)
        assert (first, later) == ({kept}, set())
        assert await asyncio.to_thread(str.upper, "thread") == "THREAD"

    simulated.run(use_everything())
    simulated.close()

    assert done == ["a", "b", "kept"]


def test_a_run_that_gets_nowhere_fails_instead_of_hanging() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110  # it waits for nothing
            await asyncio.sleep(0)

    async def wait_for_nothing() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck):
        loop().run(spin())
    with pytest.raises(Stuck):
        loop().run(wait_for_nothing())
