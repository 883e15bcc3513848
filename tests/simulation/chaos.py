"""What befalls the processes and what they stand on, at any moment, until the faults are over."""

import asyncio
from collections.abc import Coroutine
from typing import Final

from tests.simulation.faults import TIMING, Restore
from tests.simulation.loop import Process
from tests.simulation.people import act_by_hand
from tests.simulation.world import World

HOUR: Final = 3600.0
DOWN_SECONDS: Final = TIMING.stranger + TIMING.longest_processing
"""How long all processes are stopped, or without a database, around a restore."""


class Chaos:
    """Each of its tasks does one kind of harm now and then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance

    def tasks(self) -> list[Coroutine[object, object, None]]:
        scenario = self._world.scenario
        wanted: list[Coroutine[object, object, None]] = []
        if scenario.kill_every is not None:
            wanted.append(self._kill(scenario.kill_every))
            wanted.append(self._end_in_good_order(3 * scenario.kill_every))
        if scenario.stop_every is not None:
            wanted.append(self._stop(scenario.stop_every))
        if scenario.clock_every is not None:
            wanted.append(self._set_clock(scenario.clock_every))
        if scenario.foreign_every is not None:
            wanted.append(self._work_by_hand(scenario.foreign_every))
        if scenario.outage is not None:
            wanted.append(self._broker_down(scenario.outage))
        if scenario.restore is not None:
            wanted.append(self._restore(scenario.restore))
        if scenario.kafka and scenario.esdh_fault > 0:
            wanted.append(self._balance())
        return wanted

    def end(self) -> None:
        """No more harm, and everything that was stopped goes on.

        The database's clock ends as far ahead as it has ever been: what was put off by it while
        it was wrong would else wait for hours.
        """
        world = self._world
        world.outside.chances.active = False
        world.outside.broker_up = world.outside.database_up = True
        world.clock.set_ahead(world.clock.furthest)
        for process in world.processes.values():
            world.loop.resume(process)

    async def _kill(self, every: float) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            process = self._any()
            self._world.outside.note(process, "is killed")
            self._world.kill(process)

    async def _end_in_good_order(self, every: float) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            process = self._any()
            self._world.outside.disturbances += 1
            self._world.outside.note(process, "is told to end")
            if process.alive and process.name in self._world.stops:
                self._world.stops[process.name].set()

    async def _stop(self, every: float) -> None:
        """A process that gets no time at all, sometimes for longer than everybody waits for it."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            self._world.stop(self._any())

    async def _set_clock(self, every: float) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            ahead = self._chance.choice([-2 * HOUR, -5.0, -1.0, 0.0, 0.0, 1.0, 5.0, HOUR])
            self._world.outside.note(None, f"the clock is {ahead} s ahead")
            self._world.clock.set_ahead(ahead)

    async def _work_by_hand(self, every: float) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            done = act_by_hand(self._world.ledger, self._chance)
            self._world.outside.note(None, f"by hand: {done}")

    async def _broker_down(self, seconds: float) -> None:
        await asyncio.sleep(self._chance.uniform(0.5, 8.0))
        self._world.outside.note(None, "the broker is down")
        self._world.outside.broker_up = False
        await asyncio.sleep(seconds)
        self._world.outside.note(None, "the broker is up")
        self._world.outside.broker_up = True

    async def _balance(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(0.2))
            self._world.topic.turn += 1

    async def _restore(self, kind: Restore) -> None:
        """Only the database is as it was: what was submitted since is lost, and nothing else."""
        world = self._world
        await asyncio.sleep(self._chance.uniform(2.0, 10.0))
        log, rows = world.store.backup(), world.rows.snapshot()
        relayed, followed = world.relayed.position, world.followed.position
        world.outside.note(None, f"a backup, at {log.drawn}")
        await asyncio.sleep(self._chance.uniform(1.0, 8.0))
        world.outside.note(None, "the database is lost")
        world.outside.database_up = False
        if kind is Restore.COLD:
            world.halted = True
            for process in list(world.processes.values()):
                world.kill(process)
        await asyncio.sleep(DOWN_SECONDS)
        world.store.restore(log)
        world.rows.restore(rows)
        world.relayed.restore(relayed)
        world.followed.restore(followed)
        world.restored = True
        world.outside.disturbances += 1
        world.outside.database_up = True
        world.outside.note(None, "the backup is restored")
        if kind is Restore.COLD:
            world.halted = False
            for name in world.names:
                world.start(name)

    def _any(self) -> Process:
        return self._world.processes[self._chance.choice(self._world.names)]
