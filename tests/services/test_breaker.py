"""A records system that does not answer is not asked all the time."""

import asyncio
from collections.abc import Coroutine
from random import Random

from services.journal.breaker import LONGEST_PAUSE, TROUBLES, Breaker
from tests.simulation.loop import SimulatedLoop

LANES = 8


def play(scenario: Coroutine[object, object, None]) -> None:
    loop = SimulatedLoop(Random(1), 100_000)
    try:
        loop.run(scenario)
    finally:
        loop.close()


def test_a_few_troubles_hold_nobody_back() -> None:
    async def scenario() -> None:
        breaker = Breaker()
        for _ in range(TROUBLES - 1):
            breaker.trouble()
        assert breaker.lets_through(LANES) == LANES

    play(scenario())


def test_after_five_in_a_row_nobody_goes_and_then_one_alone() -> None:
    async def scenario() -> None:
        breaker = Breaker()
        for _ in range(TROUBLES):
            breaker.trouble()
        assert breaker.lets_through(LANES) == 0
        await asyncio.sleep(1.0)
        assert breaker.lets_through(LANES) == 1
        breaker.success()
        assert breaker.lets_through(LANES) == LANES

    play(scenario())


def test_each_further_trouble_makes_the_pause_longer_up_to_a_minute() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        breaker = Breaker()
        pauses = []
        for _ in range(TROUBLES + 10):
            breaker.trouble()
            began = loop.time()
            while breaker.lets_through(LANES) == 0:  # noqa: ASYNC110  # it is asked, it does not tell
                await asyncio.sleep(0.5)
            pauses.append(loop.time() - began)
        assert pauses[TROUBLES - 1 : TROUBLES + 2] == [1.0, 2.0, 4.0]
        assert pauses[-1] == LONGEST_PAUSE

    play(scenario())


def test_troubles_that_are_not_in_a_row_are_no_outage() -> None:
    async def scenario() -> None:
        breaker = Breaker()
        for _ in range(20):
            breaker.trouble()
            breaker.success()
        assert breaker.lets_through(LANES) == LANES

    play(scenario())
