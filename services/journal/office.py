"""One organisation's ESDH sync, put together: the ports meet their adapters here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from events.ids import ActorId
from services.actions import Action
from services.config import Config, secrets_now
from services.entrusting import Entrusted
from services.esdh.description import Timings
from services.esdh.opening import open_esdh
from services.esdh.settings import FILE, EsdhSettings
from services.journal.facts import StoreFacts
from services.journal.postgres import PostgresJournal
from services.journal.timing import Timing
from services.journal.work import Office
from services.journal.writing import LetterWriter
from services.parties import known_colleagues, known_parties
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
    by: Entrusted, config: Config, settings: EsdhSettings, clock: Clock
) -> AsyncIterator[Office]:
    """Everything filing needs, for as long as the block lasts."""
    facts = StoreFacts(by.facts(Action.READ_CASE))
    timing = timing_of(settings.described.timings, config)
    people = by.people()
    async with (
        PostgresJournal(by.conninfo, by.name) as journal,
        open_esdh(settings, clock=clock) as esdh,
    ):
        yield Office(
            name=by.name,
            organisation=by.catalogue,
            journal=journal,
            facts=facts,
            esdh=esdh,
            commands=by.desk(Action.RECORD_FILING),
            contents=by.documents(config.data / "documents"),
            typesetter=LetterWriter(by.catalogue, facts),
            parties=known_parties(config, people),
            colleague=known_colleagues(config, people),
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
        longest_retry=float(timings.longest_retry_seconds),
    )
