"""What every feed promises, asked of the log itself and of Kafka on each broker."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import pytest

from events.hearing import HearingCancelled, HearingExtended
from services.eventstore.store import PostgresEventStore
from services.feed.port import FactRef, Feed, FeedUnavailable
from tests.keys import RING
from tests.services.following import Followed, commit_patiently, followed, read, read_until, run
from tests.services.writes import cancelled, extended

# The library does not close a socket on which it could not connect; Python does, and tells.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.usefixtures("forgotten_sockets"),
]

STREAMS = [f"hearing-{number}" for number in range(8)]


@pytest.fixture(params=["log", "apache", "tansu"])
def town(request: pytest.FixtureRequest, postgres: str, organisation: str) -> Iterator[Followed]:
    broker = None if request.param == "log" else request.getfixturevalue(f"{request.param}_broker")
    with PostgresEventStore(postgres, organisation, RING) as store:
        yield followed(postgres, organisation, store, broker)


def versions(facts: Iterable[FactRef]) -> dict[str, list[int]]:
    """Each stream's versions in the order in which they came."""
    found: dict[str, list[int]] = defaultdict(list)
    for fact in facts:
        found[fact.stream].append(fact.version)
    return found


def first_times(facts: Iterable[FactRef]) -> list[FactRef]:
    return list({fact.event_id: fact for fact in facts}.values())


def everything(each: int, streams: Sequence[str] = STREAMS) -> dict[str, list[int]]:
    return {stream: list(range(1, each + 1)) for stream in streams}


def test_every_fact_comes_and_each_streams_in_order(town: Followed) -> None:
    town.append_many(STREAMS, 5)

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as feed:
            return await read(feed, 40)

    assert versions(run(work())) == everything(5)


def test_a_reference_says_which_fact_it_is(town: Followed) -> None:
    town.append("hearing-1", cancelled("personal"), extended())
    [_, fact] = town.store.read_recorded("hearing-1")

    async def work() -> FactRef:
        await town.spread()
        async with town.following() as feed:
            return (await read(feed, 2))[1]

    assert run(work()) == FactRef(
        event_id=fact.event_id,
        stream="hearing-1",
        version=2,
        position=fact.position,
        name="hearing.extended.v1",
    )


def test_what_is_appended_later_comes_later(town: Followed) -> None:
    async def work() -> list[list[int]]:
        heard = []
        async with town.following() as feed:
            for _ in range(3):
                town.append("hearing-1", cancelled())
                await town.spread()
                heard.append([fact.version for fact in await read(feed, 1)])
        return heard

    assert run(work()) == [[1], [2], [3]]


def test_without_news_a_read_gives_nothing_and_ends(town: Followed) -> None:
    async def work() -> Sequence[FactRef]:
        async with town.following() as feed:
            return await feed.read()

    assert list(run(work())) == []


def test_what_was_committed_does_not_come_again(town: Followed) -> None:
    town.append_many(STREAMS, 3)

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as feed:
            await read(feed, 24)
            await commit_patiently(feed)
        town.append("hearing-new", cancelled())
        await town.spread()
        async with town.following() as feed:
            return await read(feed, 1)

    assert versions(run(work())) == {"hearing-new": [1]}


def test_what_was_not_committed_comes_again(town: Followed) -> None:
    town.append_many(STREAMS, 2)

    async def work() -> tuple[list[FactRef], list[FactRef]]:
        await town.spread()
        async with town.following() as feed:
            first = await read(feed, 16)
        async with town.following() as feed:
            return first, await read(feed, 16)

    first, second = run(work())
    assert {fact.event_id for fact in first} == {fact.event_id for fact in second}
    assert versions(second) == everything(2)


def test_a_commit_covers_what_was_read_and_nothing_after_it(town: Followed) -> None:
    town.append("hearing-1", cancelled(), cancelled())

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as feed:
            await read(feed, 2)
            await commit_patiently(feed)
            town.append("hearing-1", cancelled(), cancelled())
            await town.spread()
            await read(feed, 2)
        async with town.following() as feed:
            return await read(feed, 2)

    assert versions(run(work())) == {"hearing-1": [3, 4]}


def test_a_cancelled_read_has_given_nothing(town: Followed) -> None:
    town.append("hearing-1", cancelled())

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as feed:
            await read(feed, 1)
            reading = asyncio.create_task(read(feed, 1))
            await asyncio.sleep(0)
            reading.cancel()
            town.append("hearing-1", cancelled())
            await town.spread()
            await asyncio.wait([reading])
            await commit_patiently(feed)
        async with town.following() as feed:
            return await read_until(feed, lambda facts: any(fact.version == 2 for fact in facts))

    # The first may come again where the group had to be put in order before the commit.
    assert versions(run(work())) in ({"hearing-1": [2]}, {"hearing-1": [1, 2]})


def test_consumers_of_different_names_each_hear_everything(town: Followed) -> None:
    town.append_many(STREAMS, 2)

    async def work() -> list[list[FactRef]]:
        await town.spread()
        heard = []
        for consumer in ("sync", "index"):
            async with town.following(consumer) as feed:
                heard.append(await read(feed, 16))
                await commit_patiently(feed)
        return heard

    assert [versions(facts) for facts in run(work())] == [everything(2), everything(2)]


def test_facts_of_other_classes_are_left_out(town: Followed) -> None:
    town.append("hearing-1", cancelled(), extended(), cancelled(), extended())

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following(only=[HearingExtended]) as feed:
            return await read(feed, 2)

    assert [(fact.version, fact.name) for fact in run(work())] == [
        (2, "hearing.extended.v1"),
        (4, "hearing.extended.v1"),
    ]


def test_what_is_left_out_is_passed_for_good(town: Followed) -> None:
    town.append("hearing-1", extended())

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following(only=[HearingExtended]) as feed:
            await read(feed, 1)
            await commit_patiently(feed)
            town.append("hearing-1", cancelled(), cancelled(), cancelled())
            await town.spread()
            for _ in range(6):
                assert list(await feed.read()) == []
        # Whoever asks for more under that name later finds the place where the other was.
        town.append("hearing-new", cancelled())
        await town.spread()
        async with town.following(only=[HearingCancelled]) as feed:
            return await read(feed, 1)

    assert versions(run(work())) == {"hearing-new": [1]}


def test_two_members_lose_nothing_when_one_joins_and_one_goes(town: Followed) -> None:
    town.append_many(STREAMS, 10)

    async def drain(feed: Feed, taken_in: list[FactRef], enough: int) -> None:
        while len(first_times(taken_in)) < enough:
            facts = await feed.read()
            await asyncio.sleep(0.001)
            taken_in.extend(facts)
            # While members come and go a commit may be refused; the next one has its offsets too.
            with suppress(FeedUnavailable):
                await feed.commit()

    async def work() -> list[FactRef]:
        await town.spread()
        taken_in: list[FactRef] = []
        async with town.following() as stays:
            taken_in.extend(await read(stays, 1))
            await commit_patiently(stays)
            async with town.following() as goes:
                both = [asyncio.create_task(drain(feed, taken_in, 80)) for feed in (stays, goes)]
                await asyncio.gather(*both)
                town.append_many(STREAMS, 10)
                await town.spread()
                both = [asyncio.create_task(drain(feed, taken_in, 160)) for feed in (stays, goes)]
                await asyncio.gather(*both)
                town.append_many(STREAMS, 10)
            await town.spread()
            await drain(stays, taken_in, 240)
        return taken_in

    assert versions(first_times(run(work()))) == everything(30)


def test_a_closed_member_leaves_its_work_to_the_other_at_once(town: Followed) -> None:
    town.append_many(STREAMS, 2)

    async def work() -> list[FactRef]:
        await town.spread()
        async with town.following() as stays:
            async with town.following() as goes:
                await read_until(goes, lambda facts: len(facts) >= 1)
                # Given, not committed: the other must get it.
            return await read_until(stays, lambda facts: len(first_times(facts)) == 16)

    assert versions(first_times(run(work()))) == everything(2)
