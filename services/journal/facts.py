"""The log as the sync reads it, from the event store."""

import asyncio
from collections.abc import Sequence
from typing import Protocol, TypeAlias, cast

from aggregates import journal
from events.envelope import Recorded
from events.journal import JournalEvent, Matter
from services.journal.gathering import Gathering
from services.streams import journal_stream

_Stretch: TypeAlias = tuple[str, int, int | None]
"""A stream, the version after which it is read, and the last wanted."""


class Histories(Protocol):
    """What it takes of `services.ports.EventStore`."""

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]: ...


class StoreFacts:
    """`services.journal.ports.Facts` of one organisation, for one event loop.

    Reads that are asked for while others are under way are done together, on one thread: to go
    there and back takes longer than to read. Every call may raise `Undecodable`, for a fact that
    this version of the code cannot read, and `StoreUnavailable`.
    """

    def __init__(self, store: Histories) -> None:
        self._store = store
        self._reads: Gathering[_Stretch, Sequence[Recorded]] = Gathering(self._read)

    async def fact(self, stream: str, version: int) -> Recorded | None:
        """One fact, None when the stream does not reach so far."""
        (found,) = await self._reads.ask([(stream, version - 1, version)])
        return found[0] if found else None

    async def history(self, stream: str) -> Sequence[Recorded]:
        """A whole stream, oldest first."""
        (found,) = await self._reads.ask([(stream, 0, None)])
        return found

    async def journal(self, matter: Matter) -> journal.Journal:
        """What the matter's journal has come to, as the rules see it."""
        history = await self.history(journal_stream(matter))
        # The stream of a journal holds nothing but journal events.
        return journal.decider.replay(cast("JournalEvent", fact.event) for fact in history)

    async def _read(self, stretches: Sequence[_Stretch]) -> Sequence[Sequence[Recorded]]:
        return await asyncio.to_thread(self._read_all, stretches)

    def _read_all(self, stretches: Sequence[_Stretch]) -> Sequence[Sequence[Recorded]]:
        read = self._store.read_recorded
        return [read(stream, after=after, up_to=up_to) for stream, after, up_to in stretches]
