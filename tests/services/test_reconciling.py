"""Submissions, journal and records system are compared, and what differs is told."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest

from commands.journal import RequestEsdhCaseChoice
from commands.refusal import Refused
from events.case import Answer, PartyWrote
from events.ids import ActorId, CaseId, EntryId, MessageId
from events.journal import (
    ChoiceReason,
    DifferenceKind,
    JournalDifferenceFound,
    JournalDifferenceSettled,
    Matter,
    MatterKind,
)
from services.clock import SystemClock
from services.command_handling import Command
from services.database import pinned
from services.desk import Desk
from services.esdh.memory import Fault, MemoryEsdh
from services.esdh.port import EsdhUnavailable
from services.eventstore.store import PostgresEventStore
from services.feed.port import FactRef
from services.ids import new_id
from services.journal import sync
from services.journal.comparing import FiledEntry, differences
from services.journal.facts import StoreFacts
from services.journal.postgres import PostgresJournal
from services.journal.reconciliation_rows import OurSide, PostgresOurSide, our_side
from services.journal.reconciling import AWAY_AFTER, Report, catch_up, compare, mend
from services.journal.references import entry_of, reference_of
from services.journal.timing import Timing
from services.journal.work import Office
from services.request import unattended
from services.streams import journal_stream
from tests import examples
from tests.keys import RING
from tests.services.filing_office import Hashes, Letters, Register
from tests.simulation.office import organisation as hjorring

MATTER = Matter(kind=MatterKind.CASE, id=examples.MEETING_CASE)
TIMING = Timing(request=5, longest_processing=1, lease=30, first_retry=0.1)

T = TypeVar("T")


@dataclass(slots=True)
class Town:
    """One organisation on a real database, with a records system in memory."""

    conninfo: str
    name: str
    store: PostgresEventStore
    desk: Desk
    memory: MemoryEsdh

    def run(self, work: Callable[[Office, OurSide], Awaitable[T]]) -> T:
        async def main() -> T:
            async with PostgresJournal(self.conninfo, self.name) as journal:
                office = Office(
                    name=self.name,
                    organisation=hjorring(),
                    journal=journal,
                    facts=StoreFacts(self.store),
                    esdh=self.memory,
                    commands=self.desk,
                    contents=Hashes(),
                    typesetter=Letters(),
                    parties=Register({}),
                    users={},
                    timing=TIMING,
                    asking=asyncio.Semaphore(TIMING.connections),
                )
                async with our_side(self.conninfo, self.name) as ours:
                    assert ours is not None
                    return await work(office, ours)

        return asyncio.run(main())

    def file_everything(self) -> None:
        """Mend and work until all is done: what the log holds is taken in by mending alone."""

        async def work(office: Office, ours: OurSide) -> None:
            await mend(office, ours, SystemClock())
            stop = asyncio.Event()
            caught_up = partial(catch_up, office, self.conninfo, SystemClock())
            working = asyncio.create_task(sync.work(office, new_id(), stop, caught_up))
            async with asyncio.timeout(60):
                while await self.unfinished():  # noqa: ASYNC110  # the database tells nobody
                    await asyncio.sleep(0.05)
            stop.set()
            await working

        self.run(work)

    async def unfinished(self) -> bool:
        wanted = pinned(self.conninfo, self.name)
        async with await psycopg.AsyncConnection.connect(wanted) as db:
            found = await db.execute("SELECT 1 FROM journal_entry WHERE NOT done LIMIT 1")
            return await found.fetchone() is not None

    def compare(self) -> Report:
        return self.run(compare)

    def told(self) -> list[object]:
        return list(self.store.read(journal_stream(MATTER)).events)


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with PostgresEventStore(postgres, organisation, RING) as store:
        desk = Desk(store)
        desk.start()
        try:
            yield Town(postgres, organisation, store, desk, MemoryEsdh())
        finally:
            desk.stop()


@pytest.fixture
def filed(town: Town) -> Town:
    """A meeting's case with a message, filed, and the facts made old enough to be looked at."""
    opened = replace(
        examples.open_meeting_case,
        service_version=2,
        answers=(Answer(field="bfe", value=100063828),),
        documents=(),
    )
    for command in (opened, examples.write_to_authority):
        _perform(town, command)
    _age(town)
    town.file_everything()
    return town


def test_a_fact_that_nobody_took_in_is_taken_in(filed: Town) -> None:
    assert [document.title for document in filed.memory.ledger.documents] == [
        "CaseOpened",
        "PartyWrote",
        "carport.jpg",
    ]


def test_a_fact_is_left_to_the_feed_for_its_first_minute(filed: Town) -> None:
    _perform(filed, replace(examples.write_to_authority, message=MessageId(new_id()), documents=()))
    report = filed.run(lambda office, ours: mend(office, ours, SystemClock()))
    assert report.healed == 0
    _age(filed)
    assert filed.run(lambda office, ours: mend(office, ours, SystemClock())).healed == 1


def test_before_work_begins_the_youngest_fact_is_taken_in_too(filed: Town) -> None:
    """Whoever else reconciles meanwhile."""
    _perform(filed, replace(examples.write_to_authority, message=MessageId(new_id()), documents=()))

    async def begin(office: Office, ours: OurSide) -> int:
        del ours  # for as long as it is open, another process is said to reconcile
        await catch_up(office, filed.conninfo, SystemClock())
        return len(await office.journal.claim(new_id(), limit=8, lease_seconds=30))

    assert filed.run(begin) == 1


def test_mending_ends_though_facts_go_on_growing_old(filed: Town) -> None:
    """As while the broker is away: those who wait for an answer must have their turn too."""

    class GoesOn(PostgresOurSide):
        asked = 0

        async def facts_without_entry(
            self, names: Collection[str], *, older_than: timedelta
        ) -> Sequence[FactRef]:
            self.asked += 1
            assert self.asked < 5, "It does not end."
            wrote = replace(examples.write_to_authority, message=MessageId(new_id()), documents=())
            _perform(filed, wrote)
            _age(filed)
            return await super().facts_without_entry(names, older_than=older_than)

    async def work(office: Office, _: OurSide) -> Report:
        wanted = pinned(filed.conninfo, filed.name)
        async with await psycopg.AsyncConnection.connect(wanted, autocommit=True) as db:
            return await mend(office, GoesOn(db), SystemClock())

    assert filed.run(work).healed == 1


def test_where_all_agree_nothing_is_told(filed: Town) -> None:
    before = filed.told()
    report = filed.compare()
    assert (report.cases, report.found, report.standing) == (1, 0, 0)
    assert filed.told() == before


def test_what_is_missing_there_is_told_once_and_settled_when_it_is_back(filed: Town) -> None:
    items = filed.memory.ledger.items
    lost = items.pop()
    assert (filed.compare().found, filed.compare().found) == (1, 0)
    (found,) = [e for e in filed.told() if isinstance(e, JournalDifferenceFound)]
    assert found.difference is DifferenceKind.MISSING_THERE
    assert found.reference == lost.item.reference
    items.append(lost)
    assert filed.compare().settled == 1
    assert isinstance(filed.told()[-1], JournalDifferenceSettled)
    items.pop()
    assert filed.compare().found == 1


def test_what_lies_there_unknown_to_us_is_told(filed: Town) -> None:
    (esdh_id,) = filed.memory.ledger.cases
    stranger = reference_of(EntryId(new_id()))
    item = replace(filed.memory.ledger.documents[0], reference=stranger)
    filed.memory.ledger.file(esdh_id, item)
    assert filed.compare().found == 1
    (found,) = [e for e in filed.told() if isinstance(e, JournalDifferenceFound)]
    assert (found.difference, found.reference) == (DifferenceKind.UNKNOWN_HERE, stranger)


def test_what_lies_there_twice_is_told(filed: Town) -> None:
    (esdh_id,) = filed.memory.ledger.cases
    filed.memory.ledger.file(esdh_id, filed.memory.ledger.documents[0])
    assert filed.compare().found == 1
    (found,) = [e for e in filed.told() if isinstance(e, JournalDifferenceFound)]
    assert found.difference is DifferenceKind.FILED_TWICE


class Silent:
    """Answers nothing about the first cases that are asked for."""

    def __init__(self, cases: int) -> None:
        self.left = cases

    def __call__(self, operation: str) -> Fault | None:
        if operation != "case" or self.left == 0:
            return None
        self.left -= 1
        return Fault.UNAVAILABLE


def _file_two_more(filed: Town) -> None:
    for bfe in (100063829, 100063830):
        opened = replace(
            examples.open_meeting_case,
            case_id=CaseId(new_id()),
            reference=f"HJ-2026-{bfe}",
            service_version=2,
            answers=(Answer(field="bfe", value=bfe),),
            documents=(),
        )
        _perform(filed, opened)
    _age(filed)
    filed.file_everything()


def test_a_case_that_is_not_answered_for_keeps_none_behind_it_from_being_compared(
    filed: Town,
) -> None:
    _file_two_more(filed)
    filed.memory.fault = Silent(1)
    report = filed.compare()
    assert (report.cases, report.unanswered) == (2, 1)
    assert filed.compare().cases == 3


def test_a_records_system_that_answers_for_no_case_is_not_asked_for_all(filed: Town) -> None:
    _file_two_more(filed)
    silent = filed.memory.fault = Silent(10)
    with pytest.raises(EsdhUnavailable):
        filed.compare()
    assert silent.left == 10 - AWAY_AFTER


def test_a_case_that_is_gone_lacks_everything(filed: Town) -> None:
    (esdh_id,) = filed.memory.ledger.cases
    filed.memory.ledger.delete(esdh_id)
    assert filed.compare().standing == len(filed.memory.ledger.items)


def test_a_matter_whose_answer_was_missed_goes_on(filed: Town) -> None:
    """The worker crashed between the choice's two writes, and the answer woke nobody."""
    _perform(filed, replace(examples.write_to_authority, message=MessageId(new_id()), documents=()))
    _age(filed)
    filed.run(lambda office, ours: mend(office, ours, SystemClock()))
    with psycopg.connect(pinned(filed.conninfo, filed.name), autocommit=True) as db:
        db.execute("UPDATE journal_entry SET state = 'choice' WHERE NOT done")
        db.execute("UPDATE journal_matter SET due_at = NULL")
    report = filed.run(lambda office, ours: mend(office, ours, SystemClock()))
    assert report.woken == 1
    filed.file_everything()
    assert filed.memory.ledger.documents[-1].title == PartyWrote.__name__


def test_a_matter_that_still_waits_for_an_answer_is_left_waiting(filed: Town) -> None:
    asked = RequestEsdhCaseChoice(matter=MATTER, reason=ChoiceReason.GONE, candidates=())
    _perform(filed, asked)
    _perform(filed, replace(examples.write_to_authority, message=MessageId(new_id()), documents=()))
    _age(filed)
    filed.run(lambda office, ours: mend(office, ours, SystemClock()))
    with psycopg.connect(pinned(filed.conninfo, filed.name), autocommit=True) as db:
        db.execute("UPDATE journal_entry SET state = 'choice' WHERE NOT done")
    assert filed.run(lambda office, ours: mend(office, ours, SystemClock())).woken == 0


def test_one_process_reconciles_at_a_time(town: Town) -> None:
    async def both() -> tuple[bool, bool]:
        async with (
            our_side(town.conninfo, town.name) as first,
            our_side(town.conninfo, town.name) as second,
        ):
            return first is not None, second is not None

    assert asyncio.run(both()) == (True, False)


def test_whoever_comes_right_after_another_is_not_sent_away(town: Town) -> None:
    """A server ends a closed connection in its own time: one in twenty met its lock."""

    async def one_after_another() -> list[bool]:
        alone = []
        for _ in range(100):
            async with our_side(town.conninfo, town.name) as ours:
                alone.append(ours is not None)
        return alone

    assert all(asyncio.run(one_after_another()))


def test_what_is_filed_while_we_look_is_no_difference() -> None:
    entry = EntryId(UUID(int=7))
    theirs = {reference_of(entry): "90"}
    assert differences("guid", theirs, [], {reference_of(entry): None}, MATTER) == []


def test_what_lies_on_another_case_is_told() -> None:
    filed = FiledEntry(entry=EntryId(UUID(int=7)), matter=MATTER, esdh_id="right")
    reference = reference_of(filed.entry)
    (found,) = differences("wrong", {reference: "90"}, [], {reference: filed}, MATTER)
    assert (found.kind, found.esdh_id) == (DifferenceKind.OTHER_CASE, "wrong")


def test_a_reference_leads_back_to_its_entry() -> None:
    entry = EntryId(new_id())
    assert entry_of(reference_of(entry)) == entry
    for strange in ("", "JL-", "JL-ZZZZZZZZZZZZZZZZZZZZZZZZZZ", reference_of(entry)[:-1]):
        with pytest.raises(ValueError, match="reference"):
            entry_of(strange)


def _perform(town: Town, command: Command) -> None:
    request = unattended(
        command,
        command_id=new_id(),
        organisation=town.name,
        actor=ActorId("person:anna"),
    )
    try:
        town.desk.hand_in(request).result()
    except Refused as refusal:
        raise AssertionError(refusal.code) from refusal


def _age(town: Town) -> None:
    """Let two minutes pass for what the log holds."""
    with psycopg.connect(pinned(town.conninfo, town.name), autocommit=True) as db:
        db.execute("ALTER TABLE events DISABLE TRIGGER USER")
        db.execute("UPDATE events SET recorded_at = recorded_at - interval '2 minutes'")
        db.execute("ALTER TABLE events ENABLE TRIGGER USER")
