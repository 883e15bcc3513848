"""One run of a scenario from a seed, and what came of it."""

import asyncio
import logging
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from typing import Final

import structlog

from events.journal import EsdhCaseChoiceRequested, JournalisingRefused
from services.esdh.memory import MemoryEsdh
from tests.simulation.chaos import Chaos
from tests.simulation.desk import SteppedDesk
from tests.simulation.faults import TIMING, Chances, Scenario
from tests.simulation.invariants import Violation, Wrong, unfinished, violations
from tests.simulation.loop import SimulatedLoop, Stuck
from tests.simulation.office import JumpingClock
from tests.simulation.passage import Outside, Passage
from tests.simulation.people import Caseworker, Desk, Writer, cases_before
from tests.simulation.records import WatchedLedger
from tests.simulation.store import SimulatedStore
from tests.simulation.variants import SHIPPED, Parts
from tests.simulation.world import World

STEPS_AT_MOST: Final = 400_000
PATIENCE_SECONDS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`digest` is the same whenever the run is; `entries` is how much was to be filed."""

    seed: int
    scenario: str
    violations: Sequence[Violation]
    digest: int
    steps: int
    entries: int
    disturbances: int
    trace: Sequence[str]


def run(
    seed: int, scenario: Scenario, parts: Parts = SHIPPED, *, keep_trace: bool = False
) -> Outcome:
    """Play a scenario to its end; the same arguments give the same outcome everywhere."""
    chance = Random(f"{scenario.name} {seed}")
    loop = SimulatedLoop(Random(chance.random()), STEPS_AT_MOST)
    world = _world(loop, chance, scenario, parts, keep_trace=keep_trace)
    stuck: list[Violation] = []
    with _alarms_to(world.alarms):
        try:
            loop.run(_play(world))
        except Stuck as halted:
            stuck = [Violation(Wrong.STUCK, str(halted))]
        found = [*stuck, *(Violation(Wrong.STUCK, what) for what in unfinished(world))]
        found += violations(world)
        loop.close()
    return Outcome(
        seed=seed,
        scenario=scenario.name,
        violations=found,
        digest=hash((loop.digest, loop.steps, world.outside.digest)),
        steps=loop.steps,
        entries=len(world.rows.rows()),
        disturbances=world.outside.disturbances,
        trace=world.outside.trace or (),
    )


def _world(
    loop: SimulatedLoop, chance: Random, scenario: Scenario, parts: Parts, *, keep_trace: bool
) -> World:
    chances = Chances(scenario, chance)
    outside = Outside(loop, chances, nobody=copy_context(), trace=[] if keep_trace else None)
    clock = JumpingClock(loop)
    esdh, ledger = _records(outside)
    world = World(
        scenario=scenario,
        parts=parts,
        loop=loop,
        chance=chance,
        outside=outside,
        clock=clock,
        store=SimulatedStore(clock),
        rows=parts.rows(clock),
        esdh=esdh,
        ledger=ledger,
        relayed=parts.ownership(),
        followed=parts.ownership(),
    )
    outside.crash, outside.stop = world.kill, world.stop
    return world


def _records(outside: Outside) -> tuple[MemoryEsdh, WatchedLedger]:
    """The records system, whose late effects come of themselves, whoever asked for them."""
    loop, chances = outside.loop, outside.chances

    def lateness() -> float:
        seconds = chances.lateness()
        loop.call_at(loop.time() + seconds, settle, context=outside.nobody)
        return seconds

    def settle() -> None:
        outside.note(None, "a late effect")
        esdh.settle_late(loop.time())

    esdh = MemoryEsdh(fault=chances.esdh_fault, now=loop.time, lateness=lateness)
    esdh.ledger = ledger = WatchedLedger()
    return esdh, ledger


async def _play(world: World) -> None:
    scenario = world.scenario
    if scenario.foreign_every is not None or scenario.name == "esdh":
        cases_before(world.ledger, world.chance)
    stepped = SteppedDesk(world.store, Passage(world.outside))
    chaos = Chaos(world)
    for name in world.names:
        world.start(name)
    writer = Writer(Desk("writer", stepped), world.chance, scenario.seconds, poison=scenario.poison)
    writing = asyncio.create_task(writer.write())
    caseworker = Caseworker(Desk("caseworker", stepped), world.store, world.chance)
    attending = asyncio.create_task(_attend(world, caseworker))
    harming = [asyncio.create_task(each) for each in chaos.tasks()]
    await asyncio.sleep(scenario.seconds)
    for task in harming:
        task.cancel()
    chaos.end()
    await writing
    await _until_finished(world)
    # What would be done too much is done within this; what a person asks for meanwhile, after it.
    await asyncio.sleep(TIMING.stranger)
    await _until_finished(world)
    attending.cancel()


async def _until_finished(world: World) -> None:
    for _ in range(PATIENCE_SECONDS):
        if next(unfinished(world), None) is None:
            return
        await asyncio.sleep(1.0)


async def _attend(world: World, caseworker: Caseworker) -> None:
    while True:
        await asyncio.sleep(world.chance.uniform(1.0, 3.0))
        asked = {
            fact.event.matter: None
            for fact in world.store.facts
            if isinstance(fact.event, EsdhCaseChoiceRequested | JournalisingRefused)
        }
        await caseworker.attend(asked)


@contextmanager
def _alarms_to(alarms: list[str]) -> Iterator[None]:
    """What is logged as an error while a run lasts; all else is left unsaid."""
    before = structlog.get_config()

    def note(_: object, __: str, event: MutableMapping[str, object]) -> str:
        alarms.append(f"{event['event']} {event.get('error')} {event.get('exc_info')}")
        raise structlog.DropEvent

    structlog.configure(
        processors=[note], wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    try:
        yield
    finally:
        structlog.configure(**before)
