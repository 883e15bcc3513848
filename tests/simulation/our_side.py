"""What reconciliation reads of our own side, from memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from events.catalogue import WIRE_NAMES
from events.ids import EntryId
from events.journal import Matter
from services.feed.port import FactRef
from services.journal.comparing import Difference, FiledEntry
from services.journal.memory import MemoryJournal
from services.journal.ports import EntryState
from services.ports import Clock
from tests.simulation.broker import ref_of
from tests.simulation.passage import Passage
from tests.simulation.store import SimulatedStore


class MemoryOurSide:
    """`services.journal.reconciliation_rows.OurSide` as far as mending asks it.

    Comparing with the records system is not simulated: that list is the invariants' own.
    """

    def __init__(
        self,
        store: SimulatedStore,
        rows: MemoryJournal,
        passage: Passage,
        clock: Clock,
        *,
        finds_facts: bool,
    ) -> None:
        self._store, self._rows, self._passage, self._clock = store, rows, passage, clock
        self._finds_facts = finds_facts

    async def facts_without_entry(
        self, names: Collection[str], *, older_than: timedelta
    ) -> Sequence[FactRef]:
        self._passage.require_database()
        if not self._finds_facts:
            return ()
        there = {row.new.event_id for row in self._rows.rows()}
        facts, _ = self._store.read_log(after=0, limit=10_000)
        return [
            ref_of(fact)
            for fact in facts
            if WIRE_NAMES[type(fact.event)] in names
            and fact.event_id not in there
            and fact.recorded_at <= self._clock.now() - older_than
        ]

    async def blocked(self) -> Sequence[tuple[Matter, EntryId, EntryState]]:
        self._passage.require_database()
        return [
            (row.new.matter, row.new.entry, row.state)
            for row in self._rows.rows()
            if row.state in {EntryState.CHOICE, EntryState.REFUSED}
        ]

    async def cases(self, after: str) -> Sequence[str]:
        raise NotImplementedError(after)

    async def filed_on(self, esdh_id: str) -> Sequence[FiledEntry]:
        raise NotImplementedError(esdh_id)

    async def owner_of(self, esdh_id: str) -> Matter | None:
        raise NotImplementedError(esdh_id)

    async def known(self, entries: Collection[EntryId]) -> Mapping[EntryId, FiledEntry | None]:
        raise NotImplementedError(entries)

    async def differences_on(self, esdh_id: str) -> Sequence[Difference]:
        raise NotImplementedError(esdh_id)

    async def keep(self, difference: Difference) -> None:
        raise NotImplementedError(difference)

    async def drop(self, difference: Difference) -> None:
        raise NotImplementedError(difference)
