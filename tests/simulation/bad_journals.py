"""Journals that forget what must be written down, or let anybody write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from events.journal import Matter
from services.journal.memory import Holding, MemoryJournal
from services.journal.ports import (
    Change,
    Claim,
    Entry,
    EntryState,
    Journal,
    NewEntry,
    Resource,
    Settle,
)
from services.journal.session import Session


class AnotherJournal:
    """Does everything as the journal it is given; those below do one thing otherwise."""

    def __init__(self, journal: Journal, session: Session) -> None:
        self.inner, self.session = journal, session

    @property
    def server(self) -> object:
        return self.inner.server

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        return await self.inner.take_in(entries)

    async def wake(self, matters: Sequence[Matter]) -> None:
        await self.inner.wake(matters)

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        return await self.inner.claim(worker, limit=limit, lease_seconds=lease_seconds)

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        return await self.inner.change(changes)

    async def extend(self, claims: Sequence[tuple[Matter, int]], *, lease_seconds: float) -> None:
        await self.inner.extend(claims, lease_seconds=lease_seconds)

    async def release(self, claims: Sequence[tuple[Matter, int]]) -> None:
        await self.inner.release(claims)

    async def resource(self, name: str) -> Resource:
        return await self.inner.resource(name)

    async def next_due(self) -> float | None:
        return await self.inner.next_due()


class WithoutIntents(AnotherJournal):
    """Says that an intent is written down, and writes nothing."""

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        written = [_waiting(change) for change in changes if isinstance(change, Settle)]
        made = iter(await self.inner.change(written) if written else ())
        return [next(made) if isinstance(change, Settle) else True for change in changes]


class WaitsInMemory(AnotherJournal):
    """Takes an intent for over that this process has not had itself."""

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        claims = await self.inner.claim(worker, limit=limit, lease_seconds=lease_seconds)
        return [
            replace(claim, entries=[self._as_remembered(entry) for entry in claim.entries])
            for claim in claims
        ]

    def _as_remembered(self, entry: Entry) -> Entry:
        if entry.state is EntryState.INTENT and entry.new.entry not in self.session.uncertain:
            return replace(entry, state=EntryState.WAITING)
        return entry


class WithoutLeases(MemoryJournal):
    """Whoever asks gets a matter, and whoever writes is believed, under any epoch."""

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        del lease_seconds
        return await super().claim(worker, limit=limit, lease_seconds=0.0)

    def _held(self, claims: Iterable[tuple[Matter, int]]) -> Iterator[Holding]:
        for matter, _ in claims:
            holding = self._matters.get(matter.id)
            if holding is not None:
                yield holding


class DueWithTheFirst(MemoryJournal):
    """A matter is due when its first unfinished entry is, also if that lies there already."""

    def _due(self, matter: UUID) -> datetime | None:
        first = next(iter(self._unfinished(matter)), None)
        if first is None or first.state in {EntryState.CHOICE, EntryState.REFUSED}:
            return None
        return first.due_at


def _waiting(change: Settle) -> Settle:
    if change.state is EntryState.INTENT:
        return replace(change, state=EntryState.WAITING, retry_in=0.5)
    return change
