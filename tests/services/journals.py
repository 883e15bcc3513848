"""Matters and entries for the tests of the journal's rows, as short as they can be."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from events.ids import EntryId
from events.journal import Matter, MatterKind
from services.clock import SetClock
from services.journal.memory import MemoryJournal
from services.journal.ports import Claim, Entry, EntryKind, EntryState, Intend, NewEntry, Settle
from services.journal.postgres import PostgresJournal

Rows: TypeAlias = MemoryJournal | PostgresJournal

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANNA = UUID(int=1)
BO = UUID(int=2)
HOUR = 3600.0


class TickingClock(SetClock):
    """Moves a microsecond each time it is read, as no two calls come at the same time."""

    def now(self) -> datetime:
        self.set(super().now() + timedelta(microseconds=1))
        return super().now()


def matter(number: int) -> Matter:
    return Matter(kind=MatterKind.CASE, id=UUID(int=number << 64))


def new(of: int, position: int, part: int = 0, *, resource: str | None = None) -> NewEntry:
    """An entry of the matter with that number, whose id follows from where it comes from."""
    return NewEntry(
        entry=entry_id(of, position, part),
        matter=matter(of),
        kind=EntryKind.DOCUMENT,
        event_id=UUID(int=position),
        stream=f"case-{matter(of).id}",
        version=position,
        position=position,
        recorded_at=NOON + timedelta(seconds=position),
        part=part,
        parts=1,
        resource=resource,
    )


def entry_id(of: int, position: int, part: int = 0) -> EntryId:
    return EntryId(UUID(int=(of << 64) + (position << 8) + part + 1))


def intend(claim: Claim, position: int, resource: str | None = None, version: int = 0) -> Intend:
    return Intend(
        matter=claim.matter,
        epoch=claim.epoch,
        entry=entry_id(claim.matter.id.int >> 64, position),
        resource=resource,
        resource_version=version,
    )


def settle(
    claim: Claim,
    position: int,
    state: EntryState,
    *,
    receipt: str | None = None,
    error: str | None = None,
    retry_in: float = 0.0,
    esdh_id: str | None = None,
) -> Settle:
    return Settle(
        matter=claim.matter,
        epoch=claim.epoch,
        entry=entry_id(claim.matter.id.int >> 64, position),
        state=state,
        receipt=receipt,
        error=error,
        retry_in=retry_in,
        esdh_id=esdh_id,
    )


async def claimed(journal: Rows, *, limit: int = 100, lease: float = HOUR) -> Sequence[Claim]:
    return await journal.claim(ANNA, limit=limit, lease_seconds=lease)


async def only_claim(journal: Rows, *, lease: float = HOUR) -> Claim:
    (claim,) = await claimed(journal, lease=lease)
    return claim


async def release(journal: Rows, *claims: Claim) -> None:
    await journal.release([(claim.matter, claim.epoch) for claim in claims])


async def reclaimed(journal: Rows, claim: Claim) -> Claim:
    """The same matter let go and taken again."""
    await release(journal, claim)
    return await only_claim(journal)


async def settled(journal: Rows, claim: Claim, position: int, state: EntryState) -> None:
    assert await journal.change([settle(claim, position, state)]) == [True]


def numbers(claims: Sequence[Claim]) -> list[int]:
    return [claim.matter.id.int >> 64 for claim in claims]


def places(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    return [(entry.new.position, entry.new.part) for entry in entries]
