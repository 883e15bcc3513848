"""From the commit of a fact to its being journalised, while submissions come in steadily."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from commands.submission import SubmitHearingResponse
from events.case import CaseOpened
from events.case_deadline import DeadlineSet
from events.ids import HearingId
from events.journal import Journalised
from services.catalogue.loading import load
from services.config import from_environment
from services.core import Core, open_core
from services.esdh.description import Sbsys
from services.ids import new_id
from services.journal.office import esdh_settings
from services.request import unattended
from tests import examples
from tests.benchmarks import filing
from tests.benchmarks.julelys_events import ACTOR, ORGANISATION
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, quantiles, table
from tests.benchmarks.processes import output, python, running
from tests.keys import ENVIRONMENT, RING

PER_SECOND: Final = 20
STEADY: Final = 10
"""A round lasts this many times longer than those of other benchmarks: half a minute."""

WORK: Final = f"from commit to journalised, {PER_SECOND} submissions/s"
PATIENCE_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.25
LOOKED_AT: Final = 1_000


class NotJournalised(Exception):
    """Something submitted was not in the records system two minutes after the last of them."""


def measure(bench: Bench, organisations: Path) -> Table:
    """Worker and sync as processes, the log as feed; commands come from this one."""
    conninfo = bench.database("bench_lag")
    settings = {
        "JULELYS_DATABASE_URL": conninfo,
        "JULELYS_DATA": str(bench.folder / "sync"),
        "JULELYS_ORGANISATIONS": str(organisations),
        "JULELYS_DEMO": "1",
        "JULELYS_LIMITS": "off",
        **ENVIRONMENT,
    }
    output(python("gateway", "migrate", settings=settings))
    described = load(organisations).organisations[ORGANISATION]
    with ExitStack() as stack:
        core = stack.enter_context(open_core(conninfo, described, RING))
        hearing = asyncio.run(_linked_hearing(core, settings))
        for name in ("work", "esdh-sync"):
            stack.enter_context(running(python("gateway", name, settings=settings)))
        steady = _Steady(core, hearing, seconds=STEADY * bench.seconds)
        return table(WORK, interleaved(bench, {"Julelys": steady.round}))


async def _linked_hearing(core: Core, settings: Mapping[str, str]) -> HearingId:
    found = esdh_settings(from_environment(settings), ORGANISATION)
    if found is None or not isinstance(found.described, Sbsys):
        raise NotJournalised("The organisation has no SBSYS.")
    async with filing.plain_client(found, found.described) as plain:
        return await filing.linked_hearing(core.store, plain)


@dataclass(slots=True)
class _Steady:
    """Submits, and looks in the log for what has become of it; times are the database's."""

    core: Core
    hearing: HearingId
    seconds: float
    looked_until: int = 0
    recorded: dict[UUID, datetime] = field(default_factory=dict)
    journalised: dict[UUID, datetime] = field(default_factory=dict)

    def round(self) -> Sample:
        self._look()
        self.recorded.clear()
        self.journalised.clear()
        self._submit(round(PER_SECOND * self.seconds))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.recorded.keys() - self.journalised.keys():
            if time.monotonic() > deadline:
                raise NotJournalised
            time.sleep(LOOK_SECONDS)
            self._look()
        waited = [
            (self.journalised[each] - at).total_seconds() for each, at in self.recorded.items()
        ]
        return {**quantiles(waited), "slowest ms": max(waited) * 1000}

    def _submit(self, count: int) -> None:
        """One after the other at even times, without waiting for answers."""
        began = time.monotonic()
        handed_in = []
        for number in range(count):
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            submit = SubmitHearingResponse(
                case=filing.response(self.hearing), now=examples.submit_hearing_response.now
            )
            handed_in.append(
                self.core.desk.hand_in(
                    unattended(submit, command_id=new_id(), organisation=ORGANISATION, actor=ACTOR)
                )
            )
        for answer in handed_in:
            answer.result()
        self._look()

    def _look(self) -> None:
        only = (CaseOpened, DeadlineSet, Journalised)
        while True:
            facts, reached = self.core.store.read_log(
                after=self.looked_until, limit=LOOKED_AT, only=only
            )
            self.looked_until = reached
            for fact in facts:
                if isinstance(fact.event, Journalised):
                    self.journalised[fact.event.about] = fact.recorded_at
                else:
                    self.recorded[fact.event_id] = fact.recorded_at
            if len(facts) < LOOKED_AT:
                return
