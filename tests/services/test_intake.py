"""From the feed to the to-do list: nothing is said to be taken in before it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from aggregates.journal import Journal as JournalState
from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from events.journal import Matter, MatterKind
from services.clock import SetClock
from services.feed.port import FactRef
from services.ids import new_id
from services.journal.intake import matter_of_stream, stream_of, take_in
from services.journal.memory import MemoryJournal
from services.journal.planning import stand_in_for
from services.journal.ports import EntryState, NewEntry, Settle
from services.journal.sync import hear
from services.ports import StoreUnavailable, Undecodable
from services.streams import case_stream, journal_stream, tender_stream
from tests import examples, tender_examples
from tests.services.filing_office import Municipality
from tests.simulation.office import organisation

CASE = Matter(kind=MatterKind.CASE, id=examples.MEETING_CASE)
STREAM = case_stream(examples.MEETING_CASE)


def recorded(event: object, version: int, stream: str = STREAM) -> Recorded:
    return Recorded(
        event=event,  # type: ignore[arg-type]  # the tests below give events only
        stream=stream,
        version=version,
        position=version,
        event_id=UUID(int=version),
        recorded_at=examples.NOW,
        envelope=examples.envelope,
    )


def ref(fact: Recorded) -> FactRef:
    return FactRef(
        event_id=fact.event_id,
        stream=fact.stream,
        version=fact.version,
        position=fact.position,
        name=WIRE_NAMES[type(fact.event)],
    )


@dataclass(slots=True)
class Log:
    """The facts there are; those of `strange` positions cannot be decoded."""

    facts: Sequence[Recorded]
    strange: set[int] = field(default_factory=set)

    async def fact(self, stream: str, version: int) -> Recorded | None:
        found = [f for f in self.facts if (f.stream, f.version) == (stream, version)]
        if found and found[0].position in self.strange:
            raise Undecodable(
                name="case.party-wrote.v9", stream=stream, version=version, position=version
            )
        return found[0] if found else None

    async def history(self, stream: str) -> Sequence[Recorded]:
        return [fact for fact in self.facts if fact.stream == stream]

    async def journal(self, matter: Matter) -> JournalState:
        del matter
        return JournalState()


@dataclass(slots=True)
class Pages:
    """A feed that gives each page once, and stops the listener when all are committed."""

    pages: list[Sequence[FactRef]]
    journal: MemoryJournal
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    rows_at_commit: list[int] = field(default_factory=list)

    async def read(self) -> Sequence[FactRef]:
        return self.pages.pop(0)

    async def commit(self) -> None:
        self.rows_at_commit.append(len(self.journal.rows()))
        if not self.pages:
            self.stop.set()

    async def close(self) -> None:
        self.pages.clear()


class FaintJournal(MemoryJournal):
    """Cannot write the first time it is asked to."""

    def __init__(self) -> None:
        super().__init__(SetClock(examples.NOW))
        self.failures = 1

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable
        return await super().take_in(entries)


def heard(log: Log, journal: MemoryJournal, *pages: Sequence[FactRef]) -> Pages:
    """What a listener did until it had committed everything."""
    municipality = Municipality()
    office = replace(municipality.office, facts=log, journal=journal)
    feed = Pages(list(pages), journal)
    municipality.run(hear(office, feed, SetClock(examples.NOW), feed.stop))
    municipality.loop.close()
    return feed


def taken_in(log: Log, journal: MemoryJournal, refs: Sequence[FactRef] | None = None) -> None:
    given = [ref(f) for f in log.facts] if refs is None else refs
    asyncio.run(take_in(given, log, journal, organisation(), SetClock(examples.NOW)))


def new_journal() -> MemoryJournal:
    return MemoryJournal(SetClock(examples.NOW))


opened = recorded(replace(examples.meeting_case_opened, service_version=2), 1)
wrote = recorded(examples.party_wrote, 2)
assigned_nobody = recorded(examples.things_to_bring_listed, 3)


def test_what_is_read_is_written_down_before_the_feed_hears_of_it() -> None:
    feed = heard(Log([opened, wrote]), new_journal(), [ref(opened)], [], [ref(wrote)])
    assert feed.rows_at_commit == [2, 2, 4]


def test_what_could_not_be_written_down_is_written_before_anything_after_it_is_read() -> None:
    """A feed gives each fact once, and a commit covers all that it has given."""
    feed = heard(Log([opened, wrote]), FaintJournal(), [ref(opened)], [ref(wrote)])
    assert feed.rows_at_commit == [2, 4]


def test_a_fact_that_comes_twice_is_one() -> None:
    journal = new_journal()
    log = Log([opened, wrote])
    taken_in(log, journal)
    taken_in(log, journal)
    assert len(journal.rows()) == 4


def test_a_fact_that_the_log_does_not_know_is_passed_over() -> None:
    """The feed remembers what a restored database has forgotten, or has under another id."""
    journal = new_journal()
    other = replace(ref(wrote), event_id=new_id())
    taken_in(Log([opened]), journal, [ref(wrote), ref(opened)])
    assert {row.new.version for row in journal.rows()} == {1}
    taken_in(Log([opened, wrote]), journal, [other])
    assert {row.new.version for row in journal.rows()} == {1}


def test_a_fact_that_cannot_be_read_parks_its_own_matter() -> None:
    journal = new_journal()
    taken_in(Log([opened, wrote], strange={2}), journal)
    (stand_in,) = [row for row in journal.rows() if row.new.version == 2]
    assert stand_in.new.entry == stand_in_for(wrote.event_id)
    assert stand_in.new.matter == CASE


def test_a_caseworkers_answer_wakes_the_matter() -> None:
    journal = new_journal()
    taken_in(Log([opened]), journal)

    async def park() -> None:
        (claim,) = await journal.claim(new_id(), limit=1, lease_seconds=60)
        first = claim.entries[0].new.entry
        settled = Settle(
            matter=claim.matter, epoch=claim.epoch, entry=first, state=EntryState.CHOICE
        )
        assert await journal.change([settled]) == [True]
        await journal.release([(claim.matter, claim.epoch)])
        assert await journal.claim(new_id(), limit=1, lease_seconds=60) == []

    asyncio.run(park())
    chosen = recorded(replace(examples.case_chosen, matter=CASE), 1, journal_stream(CASE))
    taken_in(Log([chosen]), journal)
    assert {row.state for row in journal.rows()} == {EntryState.WAITING}
    assert asyncio.run(journal.claim(new_id(), limit=1, lease_seconds=60)) != []


@pytest.mark.parametrize("kind", MatterKind)
def test_a_matter_and_its_stream_lead_to_each_other(kind: MatterKind) -> None:
    matter = Matter(kind=kind, id=new_id())
    assert matter_of_stream(stream_of(matter)) == matter


def test_a_day_of_meetings_is_no_matter() -> None:
    assert matter_of_stream("calendar-day-byggeri-natur.2026-12-08") is None


def test_a_tenders_fact_is_found_without_its_version_which_would_count_bids() -> None:
    history = tender_examples.published().history
    stream = tender_stream(tender_examples.TENDER)
    log = Log([recorded(event, number, stream) for number, event in enumerate(history, start=1)])
    journal, told = new_journal(), [replace(ref(fact), version=0) for fact in log.facts]
    taken_in(log, journal, told)
    known = new_journal()
    taken_in(log, known)
    assert journal.rows() == known.rows() != []
    forgotten = replace(told[0], event_id=UUID(int=999))
    lost = new_journal()
    taken_in(log, lost, [forgotten])
    assert lost.rows() == []


def test_a_tenders_fact_that_cannot_be_read_is_found_by_its_place() -> None:
    history = tender_examples.published().history
    stream = tender_stream(tender_examples.TENDER)
    facts = [recorded(event, number, stream) for number, event in enumerate(history, start=1)]
    published = facts[-1]
    log = Log(facts, strange={1, published.position})
    journal = new_journal()
    taken_in(log, journal, [replace(ref(published), version=0)])
    assert [row.new.version for row in journal.rows()] == [published.version]
