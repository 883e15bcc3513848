"""What the journal's rows promise, asked of the real ones and of the fake."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from services.journal.memory import MemoryJournal
from services.journal.ports import Change, Entry, EntryState, Resource
from services.journal.postgres import PostgresJournal
from tests.services.journals import (
    BO,
    HOUR,
    NOON,
    Rows,
    TickingClock,
    claimed,
    intend,
    matter,
    new,
    numbers,
    only_claim,
    places,
    reclaimed,
    release,
    settle,
    settled,
)

Scenario: TypeAlias = Callable[[Rows], Awaitable[None]]
Play: TypeAlias = Callable[[Scenario], None]

PERSONS = [EntryState.CHOICE, EntryState.REFUSED]
ROOF = "property 100063828"


@pytest.fixture(params=["memory", "postgres"])
def play(request: pytest.FixtureRequest) -> Play:
    """Acts a scenario out on rows of its own."""
    if request.param == "memory":

        async def in_memory(scenario: Scenario) -> None:
            await scenario(MemoryJournal(TickingClock(NOON)))

        return lambda scenario: asyncio.run(in_memory(scenario))
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")

    async def in_postgres(scenario: Scenario) -> None:
        async with PostgresJournal(conninfo, organisation) as journal:
            await scenario(journal)

    return lambda scenario: asyncio.run(in_postgres(scenario))


def test_what_is_taken_in_twice_is_there_once(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        assert await journal.take_in([new(1, 10), new(1, 11), new(1, 11)]) == 2
        assert await journal.take_in([new(1, 11), new(1, 12)]) == 1
        assert await journal.take_in([new(1, 11)]) == 0
        assert await journal.take_in([]) == 0

        claim = await only_claim(journal)

        assert places(claim.entries) == [(10, 0), (11, 0), (12, 0)]

    play(scenario)


def test_a_new_entry_is_kept_as_it_was_given_and_waits(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10, resource=ROOF)])

        (entry,) = (await only_claim(journal)).entries

        assert entry == Entry(
            new=new(1, 10, resource=ROOF),
            state=EntryState.WAITING,
            attempts=0,
            due_at=entry.due_at,
            failing_since=None,
            error=None,
            receipt=None,
            intended=0,
        )

    play(scenario)


def test_an_entry_says_under_which_epoch_its_latest_intent_was_written(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        seen: list[int] = []
        claim = await only_claim(journal)
        for _ in range(2):
            assert await journal.change([intend(claim, 10)]) == [True]
            asked = claim.epoch
            put_off = settle(claim, 10, EntryState.INTENT, error="timeout")
            assert await journal.change([put_off]) == [True]
            claim = await reclaimed(journal, claim)
            claim = await reclaimed(journal, claim)
            seen.append(claim.entries[0].intended - asked)

        assert seen == [0, 0]

    play(scenario)


def test_entries_come_in_the_order_of_the_log_however_they_arrived(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 30), new(1, 10, 1)])
        await journal.take_in([new(1, 10, 0), new(1, 30, -1)])

        claim = await only_claim(journal)

        assert places(claim.entries) == [(10, 0), (10, 1), (30, -1), (30, 0)]

    play(scenario)


def test_a_matter_is_held_by_one_and_the_first_due_comes_first(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(2, 10)])
        await journal.take_in([new(1, 20), new(3, 21)])

        first = await claimed(journal, limit=1)
        rest = await journal.claim(BO, limit=3, lease_seconds=HOUR)

        assert numbers(first) == [2]
        assert numbers(rest) == [1, 3]
        assert await claimed(journal) == []
        assert await claimed(journal, limit=0) == []

    play(scenario)


def test_every_claim_raises_the_epoch(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])

        first = await only_claim(journal)
        second = await reclaimed(journal, first)

        assert second.epoch == first.epoch + 1

    play(scenario)


def test_whoever_has_been_overtaken_changes_nothing(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10, resource=ROOF)])
        vanished = await only_claim(journal, lease=0)
        holder = await only_claim(journal)

        changes: list[Change] = [
            intend(vanished, 10),
            intend(vanished, 10, ROOF),
            settle(vanished, 10, EntryState.DONE, receipt="lost", esdh_id="lost"),
        ]

        assert await journal.change(changes) == [False, False, False]
        await release(journal, vanished)
        await journal.extend([(vanished.matter, vanished.epoch)], lease_seconds=0)
        assert await claimed(journal) == []
        assert (await reclaimed(journal, holder)).entries == holder.entries
        assert await journal.resource(ROOF) == Resource(version=0, busy=False, esdh_ids=[])

    play(scenario)


def test_a_lease_that_has_run_out_holds_until_somebody_takes_over(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        late = await only_claim(journal, lease=0)

        assert await journal.change([intend(late, 10)]) == [True]
        await journal.extend([(late.matter, late.epoch)], lease_seconds=HOUR)

        assert await claimed(journal) == []

    play(scenario)


def test_whoever_has_let_go_changes_nothing(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await release(journal, claim)

        assert await journal.change([intend(claim, 10)]) == [False]

    play(scenario)


def test_a_change_that_fails_hinders_no_other(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)
        await release(journal, one)

        made = await journal.change(
            [
                intend(one, 10),
                intend(two, 20),
                settle(two, 99, EntryState.DONE),
                settle(two, 20, EntryState.FILED, receipt="7"),
            ]
        )

        assert made == [False, True, False, True]
        assert await journal.change([]) == []

    play(scenario)


def test_an_entry_is_changed_by_whoever_holds_its_own_matter(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)
        crossed = replace(settle(one, 10, EntryState.DONE), entry=intend(two, 20).entry)

        assert await journal.change([crossed]) == [False]

        assert places((await reclaimed(journal, two)).entries) == [(20, 0)]

    play(scenario)


def test_an_intent_is_written_only_for_what_waits_or_has_one(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)

        assert await journal.change([intend(claim, 10), intend(claim, 10)]) == [True, True]
        for state in EntryState:
            await settled(journal, claim, 10, state)
            may = state in (EntryState.WAITING, EntryState.INTENT)
            version = (await journal.resource(ROOF)).version
            intents = [intend(claim, 10), intend(claim, 10, ROOF, version)]
            assert await journal.change(intents) == [may, may]
            assert (await journal.resource(ROOF)).busy is may

        assert await journal.change([settle(claim, 10, EntryState.WAITING)]) == [True]
        (entry,) = (await reclaimed(journal, claim)).entries
        assert entry.attempts == 0

    play(scenario)


def test_an_attempt_is_one_that_went_wrong(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        for error in ("timeout", None, "timeout"):
            change = settle(claim, 10, EntryState.WAITING, error=error)
            assert await journal.change([intend(claim, 10), change]) == [True, True]
        (entry,) = (await reclaimed(journal, claim)).entries
        assert entry.attempts == 2

    play(scenario)


def test_an_intent_that_is_only_waited_for_is_no_attempt(play: Play) -> None:
    """Nor is it forgotten what went wrong, and since when."""

    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        failed = settle(claim, 10, EntryState.INTENT, error="timeout")
        assert await journal.change([intend(claim, 10), failed]) == [True, True]
        claim = await reclaimed(journal, claim)
        (before,) = claim.entries
        for _ in range(3):
            claim = await reclaimed(journal, claim)
            assert await journal.change([settle(claim, 10, EntryState.INTENT)]) == [True]
            claim = await reclaimed(journal, claim)
            (entry,) = claim.entries
            assert (entry.attempts, entry.error) == (1, "timeout")
            assert entry.failing_since == before.failing_since
        assert before.failing_since is not None

    play(scenario)


def test_a_receipt_stays_and_an_error_goes(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        seen: list[Entry] = []
        for state, error, receipt in (
            (EntryState.WAITING, "http-500", None),
            (EntryState.INTENT, "timeout", None),
            (EntryState.FILED, None, "4711"),
            (EntryState.FILED, "store-away", None),
        ):
            change = settle(claim, 10, state, error=error, receipt=receipt)
            assert await journal.change([change]) == [True]
            claim = await reclaimed(journal, claim)
            seen += claim.entries

        assert [entry.error for entry in seen] == ["http-500", "timeout", None, "store-away"]
        assert [entry.receipt for entry in seen] == [None, None, "4711", "4711"]
        first, still, mended, again = [entry.failing_since for entry in seen]
        assert first is not None
        assert still == first
        assert mended is None
        assert again is not None
        assert again > first

    play(scenario)


def test_a_matter_is_due_when_its_first_unfinished_entry_is(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 11)])
        claim = await only_claim(journal)
        await journal.change([settle(claim, 10, EntryState.WAITING, retry_in=HOUR)])
        await release(journal, claim)

        assert await claimed(journal) == []
        assert HOUR - 60 < (await journal.next_due() or 0) <= HOUR

    play(scenario)


def test_what_is_filed_already_makes_nothing_due_before_the_rest(play: Play) -> None:
    """Its due time is long past, and taking the matter up before the rest's would do nothing."""

    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 10, 1)])
        claim = await only_claim(journal)
        rest = claim.entries[1].new.entry
        put_off = replace(settle(claim, 10, EntryState.WAITING, retry_in=HOUR), entry=rest)
        await journal.change([settle(claim, 10, EntryState.FILED, receipt="4711"), put_off])
        await release(journal, claim)

        assert await claimed(journal) == []
        assert HOUR - 60 < (await journal.next_due() or 0) <= HOUR

    play(scenario)


@pytest.mark.parametrize("state", PERSONS)
def test_what_is_filed_already_waits_with_the_rest_for_a_person(
    play: Play, state: EntryState
) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 11)])
        claim = await only_claim(journal)
        await journal.change([settle(claim, 10, EntryState.FILED), settle(claim, 11, state)])
        await release(journal, claim)

        assert await claimed(journal) == []
        assert await journal.next_due() is None

    play(scenario)


def test_what_is_filed_already_is_due_when_it_is_all_there_is(play: Play) -> None:
    """The matter's timeline has not been told of it."""

    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await journal.change([settle(claim, 10, EntryState.FILED, receipt="4711")])

        (entry,) = (await reclaimed(journal, claim)).entries
        assert entry.state is EntryState.FILED

    play(scenario)


def test_what_is_put_off_by_nothing_is_due_at_once(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 11)])
        claim = await only_claim(journal)
        await journal.change(
            [
                settle(claim, 10, EntryState.DONE),
                settle(claim, 11, EntryState.INTENT, error="timeout"),
            ]
        )

        claim = await reclaimed(journal, claim)

        assert places(claim.entries) == [(11, 0)]
        assert claim.entries[0].state is EntryState.INTENT

    play(scenario)


@pytest.mark.parametrize("state", PERSONS)
def test_later_entries_wait_behind_one_that_is_a_persons(play: Play, state: EntryState) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 11)])
        claim = await only_claim(journal)
        await journal.change([settle(claim, 10, state, error="several")])
        await release(journal, claim)

        assert await journal.take_in([new(1, 12)]) == 1

        assert await claimed(journal) == []
        assert await journal.next_due() is None

    play(scenario)


@pytest.mark.parametrize("state", PERSONS)
def test_what_a_person_has_acted_on_waits_again_and_is_due(play: Play, state: EntryState) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(1, 11), new(2, 20)])
        one, two = await claimed(journal)
        await journal.change(
            [
                intend(one, 10),
                settle(one, 10, state, error="several", retry_in=HOUR),
                settle(one, 11, EntryState.FILED, receipt="8"),
                settle(two, 20, state),
            ]
        )
        await release(journal, one, two)

        await journal.wake([one.matter, matter(9)])

        first, second = (await only_claim(journal)).entries
        assert (first.state, first.error, first.failing_since) == (EntryState.WAITING, None, None)
        assert first.attempts == 1
        assert second.state is EntryState.FILED

    play(scenario)


def test_taking_in_more_never_shortens_a_back_off(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await journal.change([settle(claim, 10, EntryState.WAITING, retry_in=HOUR)])
        await release(journal, claim)

        assert await journal.take_in([new(1, 11)]) == 1
        await journal.wake([claim.matter])

        assert await claimed(journal) == []

    play(scenario)


def test_an_earlier_entry_goes_before_one_that_is_a_persons(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await settled(journal, claim, 10, EntryState.REFUSED)
        await release(journal, claim)

        await journal.take_in([new(1, 10, -1)])

        assert places((await only_claim(journal)).entries) == [(10, -1), (10, 0)]

    play(scenario)


def test_what_comes_while_a_matter_is_held_is_due_when_it_is_let_go(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await settled(journal, claim, 10, EntryState.DONE)

        assert await journal.take_in([new(1, 11)]) == 1
        assert await claimed(journal) == []

        assert places((await reclaimed(journal, claim)).entries) == [(11, 0)]

    play(scenario)


def test_waking_a_held_matter_counts_when_it_is_let_go(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await settled(journal, claim, 10, EntryState.CHOICE)

        await journal.wake([claim.matter])
        assert await claimed(journal) == []

        (entry,) = (await reclaimed(journal, claim)).entries
        assert entry.state is EntryState.WAITING

    play(scenario)


def test_what_a_vanished_worker_has_put_off_stays_put_off(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20), new(3, 30)])
        off, asked, due = await claimed(journal, lease=0)
        await journal.change(
            [
                settle(off, 10, EntryState.WAITING, retry_in=HOUR),
                settle(asked, 20, EntryState.CHOICE),
                intend(due, 30),
            ]
        )

        assert await journal.next_due() == 0
        assert numbers(await claimed(journal)) == [3]
        assert HOUR - 60 < (await journal.next_due() or 0) <= HOUR

    play(scenario)


def test_a_finished_matter_is_not_due_until_there_is_more(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        assert await journal.next_due() is None
        await journal.take_in([new(1, 10)])
        assert await journal.next_due() == 0
        claim = await only_claim(journal)
        assert await journal.next_due() is None
        await settled(journal, claim, 10, EntryState.DONE)
        await release(journal, claim)
        assert await journal.next_due() is None
        assert await claimed(journal) == []

        await journal.take_in([new(1, 11)])

        assert places((await only_claim(journal)).entries) == [(11, 0)]

    play(scenario)


def test_of_two_intents_on_one_resource_the_first_wins(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)

        assert await journal.change([intend(one, 10, ROOF), intend(two, 20, ROOF)]) == [True, False]

        assert await journal.resource(ROOF) == Resource(version=0, busy=True, esdh_ids=[])
        assert await journal.change([intend(one, 10, ROOF)]) == [True]
        await release(journal, two)
        (loser,) = (await only_claim(journal)).entries
        assert (loser.state, loser.attempts) == (EntryState.WAITING, 0)

    play(scenario)


def test_whoever_opened_a_case_meanwhile_is_seen_first(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)
        await journal.change([intend(one, 10, ROOF)])
        await journal.change([settle(one, 10, EntryState.FILED, esdh_id="sag-1")])

        assert await journal.change([intend(two, 20, ROOF, version=0)]) == [False]
        standing = await journal.resource(ROOF)
        assert standing == Resource(version=1, busy=False, esdh_ids=["sag-1"])
        assert await journal.change([intend(two, 20, ROOF, standing.version)]) == [True]
        await journal.change([settle(two, 20, EntryState.DONE, esdh_id="sag-2")])

        assert await journal.resource(ROOF) == Resource(
            version=2, busy=False, esdh_ids=["sag-1", "sag-2"]
        )

    play(scenario)


def test_an_uncertain_intent_keeps_its_resource(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)
        await journal.change([intend(one, 10, ROOF)])
        await journal.change([settle(one, 10, EntryState.INTENT, error="timeout", retry_in=HOUR)])
        await release(journal, one)

        assert await journal.resource(ROOF) == Resource(version=0, busy=True, esdh_ids=[])
        assert await journal.change([intend(two, 20, ROOF)]) == [False]

    play(scenario)


@pytest.mark.parametrize("state", [s for s in EntryState if s is not EntryState.INTENT])
def test_any_other_outcome_gives_the_resource_free_once(play: Play, state: EntryState) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10)])
        claim = await only_claim(journal)
        await journal.change([intend(claim, 10, ROOF), intend(claim, 10, "another")])
        await journal.change([settle(claim, 10, state, esdh_id="sag-1")])
        await journal.change([settle(claim, 10, state, esdh_id="sag-1")])

        free = Resource(version=1, busy=False, esdh_ids=["sag-1"])
        assert [await journal.resource(ROOF), await journal.resource("another")] == [free, free]

    play(scenario)


def test_a_later_change_of_a_call_sees_what_an_earlier_one_did(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.take_in([new(1, 10), new(2, 20)])
        one, two = await claimed(journal)

        made = await journal.change(
            [
                intend(one, 10, ROOF),
                settle(one, 10, EntryState.DONE, esdh_id="sag-1"),
                intend(one, 10),
                intend(two, 20, ROOF, version=1),
            ]
        )

        assert made == [True, True, False, True]

    play(scenario)


def test_whoever_waits_is_woken_by_what_comes_in_and_by_a_person(play: Play) -> None:
    async def scenario(journal: Rows) -> None:
        await journal.wait(0)
        await journal.take_in([new(1, 10)])
        await journal.wait(HOUR)
        waiting = asyncio.create_task(journal.wait(HOUR))
        await asyncio.sleep(0)
        await journal.wake([matter(1)])
        await waiting

    play(scenario)


def test_the_fake_can_be_put_back_to_an_earlier_day() -> None:
    async def scenario() -> None:
        journal = MemoryJournal(TickingClock(NOON))
        await journal.take_in([new(1, 10)])
        before, rows = journal.snapshot(), journal.rows()
        claim = await only_claim(journal)
        await journal.change([intend(claim, 10, ROOF)])
        await journal.take_in([new(1, 11)])
        later, more = journal.snapshot(), journal.rows()
        assert more != rows

        journal.restore(before)
        assert journal.rows() == rows
        assert not (await journal.resource(ROOF)).busy
        assert places((await only_claim(journal)).entries) == [(10, 0)]
        journal.restore(later)

        assert journal.rows() == more
        assert await claimed(journal) == []

    asyncio.run(scenario())
