"""Everything outside the processes, the processes, and how they begin and end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final
from uuid import NAMESPACE_OID, UUID

from services.esdh.memory import MemoryEsdh
from services.feed.port import Feed
from services.ids import derived_id
from services.journal.facts import StoreFacts
from services.journal.memory import MemoryJournal
from services.journal.ports import NewEntry
from services.journal.reconciling import mend, take_in_missed
from services.journal.sync import hear, work
from services.journal.work import Office
from services.ports import StoreUnavailable
from services.relay.relay import run as relay
from tests import examples
from tests.simulation.broker import SimulatedFeed, SimulatedPublisher, Topic
from tests.simulation.desk import SteppedDesk
from tests.simulation.faults import Scenario
from tests.simulation.feeds import SimulatedLogFeed
from tests.simulation.loop import PROCESS, Process, SimulatedLoop
from tests.simulation.office import (
    USERS,
    AnnaOnly,
    FactsOnTheWay,
    JournalOnTheWay,
    JumpingClock,
    PlainLetters,
    SameContents,
    organisation,
)
from tests.simulation.our_side import MemoryOurSide
from tests.simulation.owners import Ownership, Page, SimulatedPositions, SimulatedReader
from tests.simulation.passage import Outside, Passage
from tests.simulation.records import SimulatedEsdh, WatchedLedger
from tests.simulation.store import SimulatedStore
from tests.simulation.variants import Parts

RELAYED_AT_ONCE: Final = 7
IDLE_SECONDS: Final = 1.0
MEND_SECONDS: Final = 3.0
LONGEST_DOWN_SECONDS: Final = 4.0
CONNECTION_BREAKS: Final = 0.5

RELAYS: Final = ("relay-1", "relay-2")
SYNCS: Final = ("sync-1", "sync-2")


@dataclass(slots=True)
class World:
    """`alarms` are the errors that were logged, `restored` whether a backup was brought back.

    `bugs` are processes that ended as they should not. `halted` keeps processes from starting.
    `planned` is what each fact asks to be filed, once somebody has looked.
    """

    scenario: Scenario
    parts: Parts
    loop: SimulatedLoop
    chance: Random
    outside: Outside
    clock: JumpingClock
    store: SimulatedStore
    rows: MemoryJournal
    esdh: MemoryEsdh
    ledger: WatchedLedger
    relayed: Ownership
    followed: Ownership
    topic: Topic = field(default_factory=Topic)
    alarms: list[str] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    processes: dict[str, Process] = field(default_factory=dict)
    dead: list[Process] = field(default_factory=list)
    stops: dict[str, asyncio.Event] = field(default_factory=dict)
    planned: dict[UUID, Sequence[NewEntry]] = field(default_factory=dict)
    halted: bool = False
    restored: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*RELAYS, *SYNCS) if self.scenario.kafka else SYNCS

    def start(self, name: str) -> None:
        """Begin a process anew, with nothing in its memory."""
        before = self.processes.get(name)
        process = Process(name, life=1 if before is None else before.life + 1)
        self.processes[name] = process
        self.outside.note(process, "starts")
        outside = PROCESS.set(process)
        try:
            self.loop.create_task(self._live(process))
        finally:
            PROCESS.reset(outside)

    def kill(self, process: Process) -> None:
        """As by SIGKILL: nothing of it runs on, its locks fall free, and it is started again."""
        if not process.alive:
            return
        process.alive = False
        process.since = self.loop.time()
        self.dead.append(process)
        self.outside.disturbances += 1
        self.store.roll_back(process)
        self.relayed.let_go(process)
        self.followed.let_go(process)
        down = self.chance.random() ** 2 * LONGEST_DOWN_SECONDS
        self.outside.nobody.run(self.loop.call_later, down, self._start_again, process)

    def stop(self, process: Process) -> None:
        """As by SIGSTOP: it gets no time at all, for a while. Its connection may break meanwhile,
        and its locks fall free; it does not know.
        """
        if not process.alive or process.stopped:
            return
        seconds = self.outside.chances.stopped_for()
        process.stopped, process.since = True, self.loop.time()
        self.outside.disturbances += 1
        self.outside.note(process, f"is stopped for {seconds:.1f} s")
        if self.chance.random() < CONNECTION_BREAKS:
            self.relayed.let_go(process)
            self.followed.let_go(process)
        self.outside.nobody.run(self.loop.call_later, seconds, self.loop.resume, process)

    def _start_again(self, process: Process) -> None:
        if not self.halted and self.processes[process.name] is process:
            self.start(process.name)

    async def _live(self, process: Process) -> None:
        stop = self.stops[process.name] = asyncio.Event()
        passage = Passage(self.outside, process)
        try:
            if process.name in RELAYS:
                await self._relay(passage, stop)
            else:
                await self._sync(process, passage, stop)
        except Exception as bug:  # noqa: BLE001  # told as what it is: a process that ended
            self.bugs.append(f"{process.name} ended with {type(bug).__name__}: {bug}")
        self.kill(process)

    async def _relay(self, passage: Passage, stop: asyncio.Event) -> None:
        positions = SimulatedPositions(self.relayed, passage)
        publisher = SimulatedPublisher(self.topic, passage)
        await relay(positions, publisher, self._reader(passage), stop, RELAYED_AT_ONCE)

    async def _sync(self, process: Process, passage: Passage, stop: asyncio.Event) -> None:
        office = self._office(passage)
        feed = self.parts.feed(self._feed(process, passage))
        worker = derived_id(NAMESPACE_OID, f"{process.name} {process.life}")

        async def catch_up() -> None:
            await take_in_missed(office, self._our_side(passage), self.clock, timedelta(0))

        tasks = [
            asyncio.create_task(hear(office, feed, self.clock, stop)),
            asyncio.create_task(work(office, worker, stop, self.parts.catch_up(catch_up))),
        ]
        if process.name == SYNCS[0]:
            tasks.append(asyncio.create_task(self._mend(office, passage, stop)))
        await asyncio.gather(*tasks)

    async def _mend(self, office: Office, passage: Passage, stop: asyncio.Event) -> None:
        """As `services.journal.reconciling.reconcile_now_and_then`, more often."""
        while not stop.is_set():
            try:
                await mend(office, self._our_side(passage), self.clock)
            except StoreUnavailable:
                passage.note("mending interrupted")
            await asyncio.sleep(MEND_SECONDS)

    def _our_side(self, passage: Passage) -> MemoryOurSide:
        """Finds facts without entries only when a backup was brought back: otherwise the feed must
        not have lost any, and mending would hide it.
        """
        return MemoryOurSide(self.store, self.rows, passage, self.clock, finds_facts=self.restored)

    def _office(self, passage: Passage) -> Office:
        session = self.parts.session()
        return Office(
            name=examples.ORGANISATION,
            organisation=organisation(),
            journal=self.parts.journal(JournalOnTheWay(self.rows, passage), session),
            facts=FactsOnTheWay(StoreFacts(self.store), passage),
            esdh=self.parts.esdh(SimulatedEsdh(self.esdh, passage)),
            commands=SteppedDesk(self.store, passage),
            contents=SameContents(),
            typesetter=PlainLetters(),
            parties=AnnaOnly(),
            users=USERS,
            timing=self.parts.timing,
            asking=asyncio.Semaphore(self.parts.timing.connections),
            wait=_wait,
            session=session,
        )

    def _feed(self, process: Process, passage: Passage) -> Feed:
        if self.scenario.kafka:
            return SimulatedFeed(self.topic, passage, process)
        return SimulatedLogFeed(SimulatedPositions(self.followed, passage), self._reader(passage))

    def _reader(self, passage: Passage) -> SimulatedReader:
        def page(after: int, limit: int) -> Page:
            return self.parts.page(self.store, after, limit)

        return SimulatedReader(page, passage)


async def _wait(seconds: float) -> None:
    """Idle workers look less often than in production, so that a run takes fewer steps."""
    await asyncio.sleep(max(seconds, IDLE_SECONDS))
