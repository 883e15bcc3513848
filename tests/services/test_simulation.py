"""The real relay, sync and matching code under every kind of fault, many times over."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import structlog

from tests.simulation.canaries import CANARIES
from tests.simulation.faults import SCENARIOS
from tests.simulation.loop import PROCESS, Process, SimulatedLoop, Stuck
from tests.simulation.many import catches, planned, replay, summarise
from tests.simulation.running import run

ROOT = Path(__file__).parents[2]
SEEDS = 2_000
CANARY_SEEDS = 300

log = structlog.get_logger()

pytestmark = pytest.mark.whole_machine


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


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    simulated = SimulatedLoop(Random(1), step_limit=10_000)
    yield simulated
    simulated.close()


def test_time_jumps_to_whatever_is_next(loop: SimulatedLoop) -> None:
    async def sleep_long() -> float:
        await asyncio.sleep(3_600.0)
        return asyncio.get_running_loop().time()

    assert loop.run(sleep_long()) == 3_600.0


def test_what_asyncio_offers_works_in_simulated_time(loop: SimulatedLoop) -> None:
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

    loop.run(use_everything())

    assert done == ["a", "b", "kept"]


def test_a_run_in_which_too_much_happens_fails_instead_of_hanging(loop: SimulatedLoop) -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110  # it waits for nothing
            await asyncio.sleep(0)

    with pytest.raises(Stuck):
        loop.run(spin())


def test_a_run_in_which_nothing_can_happen_fails_instead_of_hanging(loop: SimulatedLoop) -> None:
    async def wait_for_nothing() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck):
        loop.run(wait_for_nothing())


def test_a_killed_process_does_nothing_more_and_a_stopped_one_goes_on(loop: SimulatedLoop) -> None:
    killed, stopped = Process("killed", 1), Process("stopped", 1)
    done: list[str] = []

    async def count(process: Process) -> None:
        PROCESS.set(process)
        try:
            for number in range(4):
                await asyncio.sleep(1.0)
                done.append(f"{process.name} {number}")
        finally:
            done.append(f"{process.name} ends")

    async def disturb() -> None:
        tasks = [asyncio.create_task(count(each)) for each in (killed, stopped)]
        await asyncio.sleep(1.5)
        killed.alive, stopped.stopped = False, True
        await asyncio.sleep(10.0)
        assert sorted(done) == ["killed 0", "stopped 0"]
        loop.resume(stopped)
        await tasks[1]

    loop.run(disturb())

    assert done[2:] == ["stopped 1", "stopped 2", "stopped 3", "stopped ends"]
