"""What people and alarms ask of the journal: which entries, how many, and how old."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL

from services.database import Row, connect, pinned
from services.journal import listing
from services.journal.listing import JournalRow
from services.journal.ports import EntryState
from services.journal.postgres import PostgresJournal
from tests.services.journals import claimed, entry_id, intend, matter, new, release, settle

T = TypeVar("T")
OPEN = [state for state in EntryState if state is not EntryState.DONE]


@pytest.fixture
def rows(postgres: str, organisation: str) -> tuple[str, str]:
    """One finished matter, one that a person must look at, and one that waits, in one log."""

    async def fill() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(1, 10), new(2, 20, 0), new(2, 20, 1), new(3, 30)])
            finished, refused, _ = claims = await claimed(journal)
            await journal.change(
                [
                    intend(finished, 10),
                    settle(finished, 10, EntryState.DONE, receipt="4711"),
                    settle(refused, 20, EntryState.REFUSED, error="template-missing"),
                ]
            )
            await release(journal, *claims)

    asyncio.run(fill())
    return postgres, organisation


def ask(rows: tuple[str, str], question: Callable[[AsyncConnection[Row]], Awaitable[T]]) -> T:
    async def answer() -> T:
        async with await AsyncConnection[Row].connect(pinned(*rows)) as db:
            return await question(db)

    return asyncio.run(answer())


def places(
    rows: tuple[str, str],
    *,
    states: Collection[EntryState] | None = None,
    of: UUID | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 10,
) -> list[tuple[int, int]]:
    async def question(db: AsyncConnection[Row]) -> list[JournalRow]:
        return await listing.entries(db, states=states, matter=of, after=after, limit=limit)

    return [(row.position, row.part) for row in ask(rows, question)]


def test_entries_are_listed_in_the_order_of_the_log_page_by_page(rows: tuple[str, str]) -> None:
    assert places(rows) == [(10, 0), (20, 0), (20, 1), (30, 0)]
    assert places(rows, limit=2) == [(10, 0), (20, 0)]
    assert places(rows, limit=2, after=(20, 0)) == [(20, 1), (30, 0)]
    assert places(rows, after=(30, 0)) == []


def test_entries_are_listed_by_state_and_by_matter(rows: tuple[str, str]) -> None:
    assert places(rows, states=[EntryState.REFUSED]) == [(20, 0)]
    assert places(rows, states=[EntryState.DONE, EntryState.WAITING]) == [
        (10, 0),
        (20, 1),
        (30, 0),
    ]
    assert places(rows, states=[]) == []
    assert places(rows, of=matter(2).id) == [(20, 0), (20, 1)]
    assert places(rows, of=matter(2).id, states=[EntryState.WAITING], after=(20, 0)) == [(20, 1)]


def test_a_row_says_all_that_people_need(rows: tuple[str, str]) -> None:
    done, refused, *_ = ask(rows, lambda db: listing.entries(db, limit=2))

    assert done == JournalRow(
        entry=entry_id(1, 10),
        matter=matter(1).id,
        matter_kind="case",
        kind="document",
        event_id=UUID(int=10),
        stream=f"case-{matter(1).id}",
        version=10,
        position=10,
        part=0,
        parts=1,
        recorded_at=new(1, 10).recorded_at,
        resource=None,
        state="done",
        attempts=0,
        due_at=done.due_at,
        failing_since=None,
        error=None,
        receipt="4711",
        changed_at=done.changed_at,
    )
    assert (refused.attempts, refused.error) == (1, "template-missing")
    assert refused.failing_since is not None


def test_what_waits_for_a_person_is_unjournalised(rows: tuple[str, str]) -> None:
    with connect(*rows) as db:
        assert listing.oldest_unjournalised(db) == new(2, 20).recorded_at
    assert ask(rows, listing.oldest_unjournalised_async) == new(2, 20).recorded_at


def test_an_empty_journal_has_no_oldest(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        assert listing.oldest_unjournalised(db) is None
        assert listing.unfinished_counts(db) == dict.fromkeys(OPEN, 0)


def test_unfinished_entries_are_counted_by_state(rows: tuple[str, str]) -> None:
    expected = dict.fromkeys(OPEN, 0) | {EntryState.REFUSED: 1, EntryState.WAITING: 2}

    with connect(*rows) as db:
        assert listing.unfinished_counts(db) == expected
    assert ask(rows, listing.unfinished_counts_async) == expected


@pytest.mark.parametrize(
    ("index", "states", "of", "after"),
    [
        ("journal_entry_log", None, None, None),
        ("journal_entry_log", EntryState, None, (20, 0)),
        ("journal_entry_unfinished_log", OPEN, None, None),
        ("journal_entry_unfinished_log", [EntryState.REFUSED], None, (20, 0)),
        ("journal_entry_matter", None, matter(2).id, (20, 0)),
        ("journal_entry_matter", OPEN, matter(2).id, None),
    ],
)
def test_every_listing_has_an_index(
    rows: tuple[str, str],
    index: str,
    states: Collection[EntryState] | None,
    of: UUID | None,
    after: tuple[int, int] | None,
) -> None:
    page, wanted = listing.page_query(states, of, after)
    with connect(*rows) as db:
        # The table is too small for an index to pay, and a matter's entries are few to sort.
        db.execute("SET enable_seqscan = off")
        db.execute("SET enable_bitmapscan = off")
        db.execute(f"SET enable_sort = {'on' if of else 'off'}")
        plan = db.execute(SQL("EXPLAIN ") + page, {**wanted, "limit": 10}).fetchall()

    assert f"using {index} " in "\n".join(str(line) for (line,) in plan)
