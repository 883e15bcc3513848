"""One organisation's ESDH sync, put together: the ports meet their adapters here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from events.ids import ActorId
from services.bootstrap import Core
from services.config import Config, secrets_now
from services.esdh.description import Timings
from services.esdh.opening import open_esdh
from services.esdh.settings import FILE, EsdhSettings
from services.journal.facts import StoreFacts
from services.journal.postgres import PostgresJournal
from services.journal.timing import Timing
from services.journal.work import Office
from services.journal.writing import FolderContents, LetterWriter
from services.parties import known_parties
from services.ports import Clock
from services.registers.configuring import finds_properties

DEMO_SECRET: Final = "julelys-demo"  # noqa: S105 - what the simulator takes, and no secret


def esdh_settings(config: Config, organisation: str) -> EsdhSettings | None:
    """What the organisation says of its records system; None where it has none.

    Raises:
        CatalogueInvalid: with every mistake.
    """
    folder = config.organisations / organisation
    # The demo's records system is the simulator, which has this word for every secret.
    demo = dict.fromkeys(FILE.named(folder), DEMO_SECRET) if config.demo else {}
    return FILE.load(folder, {**demo, **secrets_now(config)})


@asynccontextmanager
async def open_office(
    core: Core, config: Config, settings: EsdhSettings, clock: Clock
) -> AsyncIterator[Office]:
    """Everything filing needs, for as long as the block lasts."""
    facts = StoreFacts(core.store)
    timing = timing_of(settings.described.timings, config)
    async with (
        PostgresJournal(core.conninfo, core.name) as journal,
        open_esdh(settings, clock=clock) as esdh,
    ):
        yield Office(
            name=core.name,
            organisation=core.catalogue,
            journal=journal,
            facts=facts,
            esdh=esdh,
            commands=core.desk,
            contents=FolderContents(config.data / "documents" / core.name),
            typesetter=LetterWriter(core.catalogue, facts),
            parties=known_parties(config, core.people),
            users={ActorId(staff): user for staff, user in settings.described.users.items()},
            timing=timing,
            asking=asyncio.Semaphore(timing.connections),
            wait=journal.wait,
        )


def timing_of(timings: Timings, config: Config) -> Timing:
    return Timing(
        kept_back=float(timings.property_seconds) if finds_properties(config) else 0.0,
        request=float(timings.request_seconds),
        longest_processing=float(timings.longest_processing_seconds),
        lease=float(timings.lease_seconds),
    )
