"""The ESDH sync: documents per second beside a plain loop, and the lag of a steady stream."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from commands.journal import RecordJournalised
from events.case import CaseOpened, PartyAddedDocument
from events.ids import HearingId
from gateway.processes import SWITCH_SECONDS
from services.catalogue.loading import load
from services.clock import SystemClock
from services.config import Config
from services.core import Core, open_core
from services.entrusting import Entrusted
from services.esdh.description import Sbsys
from services.ids import new_id
from services.journal import sync
from services.journal.office import esdh_settings, open_office
from services.journal.planning import entries_of
from services.journal.timing import Timing
from services.journal.work import Commands, Office
from services.ports import CommandWrite
from services.request import Answered, Request
from services.workers import Job
from tests.benchmarks import filing, julelys, lag
from tests.benchmarks.julelys_events import ORGANISATION
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.records_system import simulator
from tests.keys import RING

CONNECTIONS: Final = (8, 16)
LANES_EACH: Final = Timing().lanes // Timing().connections
"""How many matters are worked on for each connection, as in earnest."""
DOCUMENTS: Final = 500
"""In a round, each on a case of its own, so that every one of them is a matter by itself."""

RESPONSES: Final = 100
PLAIN: Final = "plain POST loop"


class NotFiled(Exception):
    """Something did not succeed at its first attempt: what was measured is not the work."""


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    switching = sys.getswitchinterval()
    # As the process that files in earnest.
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with simulator(bench.folder / "sync") as organisations:
            return [*_throughput(bench, organisations), lag.measure(bench, organisations)]
    finally:
        sys.setswitchinterval(switching)


def _throughput(bench: Bench, organisations: Path) -> list[Table]:
    conninfo = bench.database("bench_sync")
    julelys.install(conninfo)
    config = _config(bench, organisations)
    described = load(organisations).organisations[ORGANISATION]
    filing.keep_content(config.data, ORGANISATION)
    with ExitStack() as stack:
        core = stack.enter_context(open_core(conninfo, described, RING))
        # One loop for all rounds, for connections and what a session has seen belong to it.
        runner = stack.enter_context(asyncio.Runner())
        opened = AsyncExitStack()
        stack.callback(lambda: runner.run(opened.aclose()))
        desks = runner.run(opened.enter_async_context(_desks(core, config)))

        def in_turn(
            round_: Callable[[int], Awaitable[Sample]], connections: int
        ) -> Callable[[], Sample]:
            async def once() -> Sample:
                return await round_(connections)

            return lambda: runner.run(once())

        tables = []
        for connections in CONNECTIONS:
            runs = {
                PLAIN: in_turn(desks.post, connections),
                "Julelys": in_turn(desks.file, connections),
                "Julelys, first look at each case": in_turn(desks.file_unseen, connections),
            }
            work = f"file uploaded documents, {connections} connections"
            tables.append(table(work, interleaved(bench, runs)))
        connections = CONNECTIONS[0]
        answered = interleaved(bench, {"Julelys": in_turn(desks.file_responses, connections)})
        return [
            *tables,
            table(f"file hearing responses as PDF, {connections} connections", answered),
        ]


def _config(bench: Bench, organisations: Path) -> Config:
    return Config(
        data=bench.folder / "sync",
        database_url=None,
        organisations=organisations,
        host="127.0.0.1",
        port=0,
        demo=True,
    )


@asynccontextmanager
async def _desks(core: Core, config: Config) -> AsyncIterator["_Desks"]:
    settings = esdh_settings(config, ORGANISATION)
    if settings is None or not isinstance(settings.described, Sbsys):
        raise NotFiled("The organisation has no SBSYS.")
    async with (
        filing.plain_client(settings, settings.described) as plain,
        open_office(Entrusted(core, Job.FILING), config, settings, SystemClock()) as office,
    ):
        cases = await filing.linked_cases(core.store, plain, DOCUMENTS)
        hearing = await filing.linked_hearing(core.store, plain)
        yield _Desks(core, office, plain, cases, hearing, core.store.safe_position())


@dataclass(slots=True)
class _Desks:
    """Both contenders. `taken_in` is the position up to which the sync's journal knows all."""

    core: Core
    office: Office
    plain: filing.PlainClient
    cases: Sequence[filing.Linked]
    hearing: HearingId
    taken_in: int

    async def post(self, connections: int) -> Sample:
        """Keep so many connections busy with the like of what the sync sends."""
        uploads = iter([self.plain.upload(each.there.id) for each in self.cases])

        async def one() -> None:
            for upload in uploads:
                await self.plain.post(upload)

        began, own = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one() for _ in range(connections)))
        return _rate(len(self.cases), began, own)

    async def file(self, connections: int) -> Sample:
        return await self._work(filing.documents_added(self.cases), connections)

    async def file_unseen(self, connections: int) -> Sample:
        """As the first of each case's documents in an hour: what lies there is looked up."""
        self.office.session.begin_anew()
        return await self.file(connections)

    async def file_responses(self, connections: int) -> Sample:
        return await self._work(filing.responses(self.hearing, RESPONSES), connections)

    async def _work(self, writes: Sequence[CommandWrite], connections: int) -> Sample:
        entries = await self._take_in(writes)
        stop = asyncio.Event()
        until = _Until(self.office.commands, len(writes), stop)
        timing = replace(
            self.office.timing, lanes=LANES_EACH * connections, connections=connections
        )
        asking = asyncio.Semaphore(connections)
        office = replace(self.office, commands=until, timing=timing, asking=asking)
        began, own = time.perf_counter(), time.process_time()
        async with asyncio.timeout(120):
            await sync.work(office, new_id(), stop, _all_taken_in)
        sample = _rate(len(writes), began, own)
        if await self.office.journal.next_due() is not None:
            raise NotFiled(f"Of {entries} entries some wait for another attempt.")
        return sample

    async def _take_in(self, writes: Sequence[CommandWrite]) -> int:
        julelys.record(self.core.store, writes)
        only = (PartyAddedDocument, CaseOpened)
        facts, self.taken_in = self.core.store.read_log(
            after=self.taken_in, limit=2 * len(writes), only=only
        )
        entries = [each for fact in facts for each in entries_of(fact, self.core.catalogue)]
        return await self.office.journal.take_in(entries)


async def _all_taken_in() -> None:
    """Before the clock was started."""


class _Until:
    """`services.journal.work.Commands` that says when so many facts have been journalised."""

    def __init__(self, commands: Commands, left: int, done: asyncio.Event) -> None:
        self._commands, self._left, self._done = commands, left, done

    async def perform(self, request: Request) -> Answered:
        answered = await self._commands.perform(request)
        if isinstance(request.command, RecordJournalised):
            self._left -= 1
            if not self._left:
                self._done.set()
        return answered


def _rate(done: int, began: float, own: float) -> Sample:
    return {
        "documents/s": done / (time.perf_counter() - began),
        "own CPU ms each": (time.process_time() - own) * 1000 / done,
    }
