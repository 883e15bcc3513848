"""The journal's rows in memory: a fake, held to the same contract tests as the real ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from events.ids import EntryId
from events.journal import Matter
from services.journal.ports import (
    Change,
    Claim,
    Entry,
    EntryState,
    Intend,
    NewEntry,
    Resource,
    Settle,
)
from services.journal.waking import Waking
from services.ports import Clock

_OF_A_PERSON = (EntryState.CHOICE, EntryState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A matter; `held_until` is None while nobody holds it. `order` is that of its entries."""

    matter: Matter
    epoch: int = 0
    held_until: datetime | None = None
    due_at: datetime | None = None
    order: tuple[tuple[int, int, EntryId], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldResource:
    version: int = 0
    busy: EntryId | None = None
    esdh_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything as it stood; nothing done later changes it."""

    matters: Mapping[UUID, Holding] = field(default_factory=dict)
    entries: Mapping[EntryId, Entry] = field(default_factory=dict)
    resources: Mapping[str, HeldResource] = field(default_factory=dict)


class MemoryJournal:
    """`services.journal.ports.Journal` for as long as the process lives.

    No call gives way to another task before it is done, so each is a transaction.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waking = Waking()
        self.restore(Snapshot())

    @property
    def server(self) -> object:
        return self._server

    def rows(self) -> Sequence[Entry]:
        """Every entry, in the order in which they were taken in."""
        return list(self._entries.values())

    def snapshot(self) -> Snapshot:
        # What is in the three is frozen, so copies of them share nothing that changes.
        return Snapshot(
            matters=dict(self._matters),
            entries=dict(self._entries),
            resources=dict(self._resources),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Everything is as it was then, as after bringing back an older backup."""
        self._server = object()
        self._matters = dict(snapshot.matters)
        self._entries = dict(snapshot.entries)
        self._resources = dict(snapshot.resources)

    async def wait(self, seconds: float) -> None:
        """As `services.journal.postgres.PostgresJournal.wait`."""
        await self._waking.wait(seconds)

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        now = self._clock.now()
        before = len(self._entries)
        for new in entries:
            if new.entry not in self._entries:
                self._add(new, now)
        self._reckon([new.matter for new in entries])
        if entries:
            self._waking.ring()
        return len(self._entries) - before

    async def wake(self, matters: Sequence[Matter]) -> None:
        now = self._clock.now()
        for matter in matters:
            for entry in self._unfinished(matter.id):
                if entry.state in _OF_A_PERSON:
                    self._entries[entry.new.entry] = replace(
                        entry, state=EntryState.WAITING, due_at=now, failing_since=None, error=None
                    )
        self._reckon(matters)
        if matters:
            self._waking.ring()

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        del worker  # The epoch alone tells one holder from the next.
        now = self._clock.now()
        for holding in list(self._matters.values()):
            if holding.held_until is not None and holding.held_until <= now:
                self._free(holding)
        due = sorted(
            (holding.due_at, holding.matter.id)
            for holding in self._matters.values()
            if holding.held_until is None and holding.due_at is not None and holding.due_at <= now
        )
        return [self._hold(matter, now + _seconds(lease_seconds)) for _, matter in due[:limit]]

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        now = self._clock.now()
        return [self._change(change, now) for change in changes]

    async def extend(self, claims: Sequence[tuple[Matter, int]], *, lease_seconds: float) -> None:
        held_until = self._clock.now() + _seconds(lease_seconds)
        for holding in self._held(claims):
            self._matters[holding.matter.id] = replace(holding, held_until=held_until)

    async def release(self, claims: Sequence[tuple[Matter, int]]) -> None:
        for holding in self._held(claims):
            self._free(holding)

    async def resource(self, name: str) -> Resource:
        found = self._resources.get(name, HeldResource())
        return Resource(
            version=found.version, busy=found.busy is not None, esdh_ids=list(found.esdh_ids)
        )

    async def next_due(self) -> float | None:
        now = self._clock.now()
        due = [
            due_at
            for holding in self._matters.values()
            if holding.held_until is None or holding.held_until <= now
            if (due_at := self._due(holding.matter.id)) is not None
        ]
        return max(0.0, (min(due) - now).total_seconds()) if due else None

    def _add(self, new: NewEntry, now: datetime) -> None:
        self._entries[new.entry] = Entry(
            new=new,
            state=EntryState.WAITING,
            attempts=0,
            due_at=now,
            failing_since=None,
            error=None,
            receipt=None,
            intended=0,
        )
        holding = self._matters.get(new.matter.id, Holding(matter=new.matter))
        order = sorted([*holding.order, (new.position, new.part, new.entry)])
        self._matters[new.matter.id] = replace(holding, order=tuple(order))

    def _unfinished(self, matter: UUID) -> list[Entry]:
        holding = self._matters.get(matter)
        ordered = [] if holding is None else [self._entries[entry] for *_, entry in holding.order]
        return [entry for entry in ordered if entry.state is not EntryState.DONE]

    def _due(self, matter: UUID) -> datetime | None:
        # What is filed already waits for the rest of its fact.
        waiting = sorted(self._unfinished(matter), key=lambda e: e.state is EntryState.FILED)
        first = next(iter(waiting), None)
        return None if first is None or first.state in _OF_A_PERSON else first.due_at

    def _reckon(self, matters: Iterable[Matter]) -> None:
        for matter in matters:
            holding = self._matters.get(matter.id)
            if holding is not None and holding.held_until is None:
                self._free(holding)

    def _free(self, holding: Holding) -> None:
        matter = holding.matter.id
        self._matters[matter] = replace(holding, held_until=None, due_at=self._due(matter))

    def _hold(self, matter: UUID, held_until: datetime) -> Claim:
        holding = self._matters[matter]
        held = replace(holding, held_until=held_until, epoch=holding.epoch + 1)
        self._matters[matter] = held
        return Claim(matter=held.matter, epoch=held.epoch, entries=self._unfinished(matter))

    def _held(self, claims: Iterable[tuple[Matter, int]]) -> Iterator[Holding]:
        """The matters that are still held under their epochs."""
        for matter, epoch in claims:
            holding = self._matters.get(matter.id)
            if holding is not None and holding.held_until is not None and holding.epoch == epoch:
                yield holding

    def _change(self, change: Change, now: datetime) -> bool:
        entry = self._entries.get(change.entry)
        is_held = any(self._held([(change.matter, change.epoch)]))
        if not is_held or entry is None or entry.new.matter.id != change.matter.id:
            return False
        if isinstance(change, Settle):
            self._settle(change, entry, now)
            return True
        return self._intend(change, entry)

    def _intend(self, change: Intend, entry: Entry) -> bool:
        if entry.state not in (EntryState.WAITING, EntryState.INTENT):
            return False
        if change.resource is not None:
            found = self._resources.get(change.resource, HeldResource())
            is_free = found.busy is None or found.busy == change.entry
            if not is_free or found.version != change.resource_version:
                return False
            self._resources[change.resource] = replace(found, busy=change.entry)
        self._entries[change.entry] = replace(entry, state=EntryState.INTENT, intended=change.epoch)
        return True

    def _settle(self, change: Settle, entry: Entry, now: datetime) -> None:
        keeps = change.error is None and change.state is EntryState.INTENT
        failing_since = None if change.error is None else entry.failing_since or now
        self._entries[change.entry] = replace(
            entry,
            state=change.state,
            due_at=now + _seconds(change.retry_in),
            error=entry.error if keeps else change.error,
            attempts=entry.attempts + (change.error is not None),
            receipt=entry.receipt if change.receipt is None else change.receipt,
            failing_since=entry.failing_since if keeps else failing_since,
        )
        if change.state is EntryState.INTENT:
            return
        opened = () if change.esdh_id is None else (change.esdh_id,)
        for name, found in self._resources.items():
            if found.busy == change.entry:
                self._resources[name] = replace(
                    found, version=found.version + 1, busy=None, esdh_ids=found.esdh_ids + opened
                )


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
