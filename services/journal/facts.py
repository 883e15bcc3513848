"""The log as the sync reads it, from the event store."""

import asyncio
from collections.abc import Sequence
from typing import cast

from aggregates import journal
from events.envelope import Recorded
from events.journal import JournalEvent, Matter
from services.ports import EventStore
from services.streams import journal_stream


class StoreFacts:
    """`services.journal.ports.Facts` of one organisation, each read in a thread of its own.

    Every call may raise `Undecodable`, for a fact that this version of the code cannot read, and
    `StoreUnavailable`.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def fact(self, stream: str, version: int) -> Recorded | None:
        """One fact, None when the stream does not reach so far."""
        found = await asyncio.to_thread(
            self._store.read_recorded, stream, after=version - 1, up_to=version
        )
        return found[0] if found else None

    async def history(self, stream: str) -> Sequence[Recorded]:
        """A whole stream, oldest first."""
        return await asyncio.to_thread(self._store.read_recorded, stream)

    async def journal(self, matter: Matter) -> journal.Journal:
        """What the matter's journal has come to, as the rules see it."""
        history = await self.history(journal_stream(matter))
        # The stream of a journal holds nothing but journal events.
        return journal.decider.replay(cast("JournalEvent", fact.event) for fact in history)
