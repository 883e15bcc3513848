"""Things gone wrong, by the functions that put them on record, and mended again afterwards."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from events.ids import EntryId
from events.journal import Matter, MatterKind
from services.database import connect
from services.ids import new_id
from services.journal.ports import EntryState, Settle
from services.journal.postgres import PostgresJournal
from services.projecting.generations import require_live
from services.projecting.parking import Parked, park
from tests.gateway.running import System
from tests.services.journals import new

ERROR = "UnknownEvent at services/codec.py:120"
LOST = UUID(int=77)
"""What would give away which case it is."""
NUMBER = 4711


def conninfo_of(system: System) -> str:
    assert system.config.database_url is not None
    return system.config.database_url


@contextmanager
def parked(system: System, view: str = "timeline") -> Iterator[None]:
    """Two events of one case that a view could not take in, one for itself, one behind it."""
    stream = f"case-{LOST}"
    with connect(conninfo_of(system), "hjorring") as db:
        generation = require_live(db, view).generation
        facts = [
            Parked(position=1, stream=stream, error=ERROR),
            Parked(position=2, stream=stream, error=None),
        ]
        park(db, view, generation, facts)
        try:
            yield
        finally:
            db.execute("DELETE FROM parked WHERE stream = %s", (stream,))
            db.execute("UPDATE projection SET parked = parked - 2 WHERE name = %s", (view,))


@contextmanager
def refused_filing(system: System) -> Iterator[EntryId]:
    """An entry that the records system has refused."""
    conninfo = conninfo_of(system)
    entry = new(NUMBER, 1)
    # In a thread of its own: where a browser is tested, this one has a loop already.
    with ThreadPoolExecutor(1) as elsewhere:
        refusing = _refuse(conninfo, entry.matter, entry.entry)
        elsewhere.submit(asyncio.run, refusing).result()
    try:
        yield entry.entry
    finally:
        with connect(conninfo, "hjorring") as db:
            db.execute("DELETE FROM journal_entry WHERE entry = %s", (entry.entry,))
            db.execute("DELETE FROM journal_matter WHERE matter = %s", (entry.matter.id,))


async def _refuse(conninfo: str, matter: Matter, entry: EntryId) -> None:
    assert matter.kind is MatterKind.CASE
    async with PostgresJournal(conninfo, "hjorring", size=1) as journal:
        await journal.take_in([new(NUMBER, 1)])
        # Other tests may have left more to file, which is given back.
        claims = await journal.claim(new_id(), limit=1000, lease_seconds=60)
        (claim,) = (each for each in claims if each.matter == matter)
        settled = Settle(
            matter=matter,
            epoch=claim.epoch,
            entry=entry,
            state=EntryState.REFUSED,
            error="template-unknown",
        )
        assert await journal.change([settled]) == [True]
        await journal.release([(each.matter, each.epoch) for each in claims])
