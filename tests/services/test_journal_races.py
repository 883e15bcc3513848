"""The journal's rows in PostgreSQL under several workers at once, and without an answer."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from services.database import Row, connect
from services.journal.gathering import Gathering
from services.journal.ports import Claim, EntryState
from services.journal.postgres import PostgresJournal
from services.journal.rows import taken_in
from services.ports import StoreUnavailable
from tests.services.journals import (
    ANNA,
    HOUR,
    claimed,
    intend,
    new,
    numbers,
    only_claim,
    places,
    release,
    settle,
    settled,
)

T = TypeVar("T")
WORKERS = 8


async def workers(
    stack: AsyncExitStack, conninfo: str, organisation: str, count: int
) -> list[PostgresJournal]:
    """Each with connections of its own, as in a process of its own."""
    return [
        await stack.enter_async_context(PostgresJournal(conninfo, organisation, size=2))
        for _ in range(count)
    ]


def test_workers_at_once_never_share_a_matter(postgres: str, organisation: str) -> None:
    matters = 60

    async def work(journal: PostgresJournal, worker: UUID) -> list[Claim]:
        held: list[Claim] = []
        while claims := await journal.claim(worker, limit=3, lease_seconds=HOUR):
            held += claims
        return held

    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            crowd = await workers(stack, postgres, organisation, WORKERS)
            await crowd[0].take_in([new(number, number) for number in range(1, matters + 1)])
            held = await asyncio.gather(
                *[work(journal, UUID(int=n)) for n, journal in enumerate(crowd)]
            )
            # One that was looked at while another was taking it is left for the next round.
            held.append(await work(crowd[0], ANNA))

        taken = sorted(number for claims in held for number in numbers(claims))
        assert taken == list(range(1, matters + 1))

    asyncio.run(scenario())


def test_of_intents_at_once_on_one_resource_exactly_one_wins(
    postgres: str, organisation: str
) -> None:
    rounds = 15

    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            crowd = await workers(stack, postgres, organisation, WORKERS)
            await crowd[0].take_in([new(n, n) for n in range(1, WORKERS + 1)])
            claims = await claimed(crowd[0])
            for number in range(rounds):
                made = await asyncio.gather(
                    *[
                        journal.change([intend(claim, n, f"property {number}")])
                        for n, (journal, claim) in enumerate(zip(crowd, claims, strict=True), 1)
                    ]
                )
                assert sorted(won for (won,) in made) == [False] * (WORKERS - 1) + [True]

    asyncio.run(scenario())


def test_what_comes_in_while_its_matter_is_let_go_is_never_stuck(
    postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            worker, intake = await workers(stack, postgres, organisation, 2)
            await intake.take_in([new(1, 1)])
            for position in range(1, 40):
                claim = await only_claim(worker)
                assert places(claim.entries) == [(position, 0)]
                await settled(worker, claim, position, EntryState.DONE)
                await asyncio.gather(release(worker, claim), intake.take_in([new(1, position + 1)]))

    asyncio.run(scenario())


async def blocked(db: Connection[Row], call: asyncio.Task[T]) -> None:
    """Until somebody waits for a lock that `db` holds, and the call is not done yet."""
    waiting = """SELECT 1 FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"""
    await asyncio.sleep(0)
    while not db.execute(waiting).fetchall():
        assert not call.done(), "it did not wait"
        await asyncio.sleep(0.01)


def test_a_change_that_waits_for_a_claim_comes_too_late(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(1, 10)])
            late = await only_claim(journal, lease=0)
            with connect(postgres, organisation) as other, other.transaction():
                other.execute("SELECT journal_claim(%s, 1, interval '1 hour')", [ANNA])
                change = asyncio.create_task(journal.change([intend(late, 10)]))
                await blocked(other, change)
            assert await change == [False]

    asyncio.run(scenario())


def test_a_release_that_waits_for_new_entries_sees_them(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(1, 10)])
            claim = await only_claim(journal)
            await settled(journal, claim, 10, EntryState.DONE)
            with connect(postgres, organisation) as other, other.transaction():
                marks = ", ".join(["%s"] * 12)
                other.execute(f"SELECT journal_take_in({marks})".encode(), taken_in([new(1, 11)]))
                letting_go = asyncio.create_task(release(journal, claim))
                await blocked(other, letting_go)
            await letting_go
            assert places((await only_claim(journal)).entries) == [(11, 0)]

    asyncio.run(scenario())


def test_waking_that_waits_for_a_release_is_not_lost(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(1, 10)])
            claim = await only_claim(journal)
            await settled(journal, claim, 10, EntryState.CHOICE)
            with connect(postgres, organisation) as other, other.transaction():
                held_by = ([claim.matter.id], [claim.epoch])
                other.execute("SELECT journal_release(%s::uuid[], %s::bigint[])", held_by)
                waking = asyncio.create_task(journal.wake([claim.matter]))
                await blocked(other, waking)
            await waking
            assert numbers(await claimed(journal)) == [1]

    asyncio.run(scenario())


def test_a_call_holds_no_resource_while_it_waits_for_an_earlier_one(
    postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(1, 10), new(2, 20)])
            one, two = await claimed(journal)
            intents = [intend(one, 10, "p 2"), intend(two, 20, "p 1")]
            assert await journal.change(intents) == [True, True]
            with connect(postgres, organisation) as other, other.transaction():
                lock = "SELECT 1 FROM journal_resource WHERE name = %s FOR UPDATE NOWAIT"
                other.execute(lock, ["p 1"])
                change = asyncio.create_task(journal.change(intents))
                await blocked(other, change)
                other.execute(lock, ["p 2"])
            assert await change == [True, True]

    asyncio.run(scenario())


def test_workers_that_touch_the_same_matters_in_any_order_do_not_block_each_other(
    postgres: str, organisation: str
) -> None:
    rounds = 20

    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            one, two = await workers(stack, postgres, organisation, 2)
            await one.take_in([new(n, n) for n in range(1, WORKERS + 1)])
            claims = await claimed(one)
            intents = [intend(claim, n, f"p {n}") for n, claim in enumerate(claims, 1)]
            held = [(claim.matter, claim.epoch) for claim in claims]
            for _ in range(rounds):
                there, back, *_ = await asyncio.gather(
                    one.change(intents),
                    two.change(intents[::-1]),
                    two.extend(held[::-1], lease_seconds=HOUR),
                    one.take_in([new(n, n + 100) for n in range(WORKERS, 0, -1)]),
                    two.wake([claim.matter for claim in claims]),
                )
                assert there == back == [True] * WORKERS

    asyncio.run(scenario())


def test_a_database_that_does_not_answer_is_said_to_be_away(
    postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation, deadline_seconds=1.0) as journal:
            with connect(postgres, organisation) as other, other.transaction():
                other.execute("LOCK TABLE journal_matter")
                with pytest.raises(StoreUnavailable):
                    await journal.take_in([new(1, 10)])
                with pytest.raises(StoreUnavailable):
                    await journal.claim(ANNA, limit=1, lease_seconds=HOUR)
            assert await journal.take_in([new(1, 10)]) == 1

    asyncio.run(scenario())


def test_a_broken_connection_is_replaced(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation, size=1) as journal:
            await journal.take_in([new(1, 10)])
            with connect(postgres, organisation) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'journal' AND datname = current_database()"
                )
            assert places((await only_claim(journal)).entries) == [(10, 0)]

    asyncio.run(scenario())


def test_changes_asked_for_at_once_each_get_their_own_answer(
    postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with PostgresJournal(postgres, organisation) as journal:
            await journal.take_in([new(n, n) for n in range(1, WORKERS + 1)])
            claims = await claimed(journal)
            strange = settle(claims[0], 1, EntryState.FILED, receipt="\0")

            answers = await asyncio.gather(
                *[
                    journal.change([intend(claim, n), intend(claim, 99)])
                    for n, claim in enumerate(claims, 1)
                ],
                journal.change([strange]),
                return_exceptions=True,
            )

            assert answers[:-1] == [[True, False]] * WORKERS
            assert isinstance(answers[-1], psycopg.DataError)

    asyncio.run(scenario())


def test_calls_that_come_while_one_is_under_way_go_together() -> None:
    sent: list[Sequence[int]] = []

    async def double(things: Sequence[int]) -> list[int]:
        sent.append(things)
        await asyncio.sleep(0)
        if 13 in things:
            raise StoreUnavailable("away")
        return [2 * thing for thing in things]

    async def scenario() -> None:
        gathering = Gathering(double)
        assert await asyncio.gather(*[gathering.ask([n, n + 1]) for n in range(3)]) == [
            [0, 2],
            [2, 4],
            [4, 6],
        ]
        calls = [asyncio.create_task(gathering.ask([n])) for n in range(12, 15)]
        await asyncio.sleep(0)
        calls[2].cancel()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [
            StoreUnavailable,
            StoreUnavailable,
            asyncio.CancelledError,
        ]
        assert await gathering.ask([5]) == [10]

    asyncio.run(scenario())

    assert sent == [[0, 1, 1, 2, 2, 3], [12, 13, 14], [5]]
