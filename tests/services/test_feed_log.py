"""What only the feed over the log itself has: facts it cannot read, and one owner at a time."""

from collections.abc import Iterator

import psycopg
import pytest

from events.hearing import HearingCancelled
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.feed.port import FactRef, FeedUnavailable
from services.ids import new_id
from tests.keys import RING
from tests.services.following import Followed, followed, read, run
from tests.services.writes import cancelled


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Followed]:
    with PostgresEventStore(postgres, organisation, RING) as store:
        yield followed(postgres, organisation, store, None)


def append_strange(town: Followed, name: str, state: bytes) -> FactRef:
    """A fact of a later version's making, or one whose bytes were spoilt."""
    ref = FactRef(event_id=new_id(), stream="hearing-1", version=2, position=2, name=name)
    with connect(town.conninfo, town.schema) as db:
        db.execute(
            "INSERT INTO events (originator_id, originator_version, event_id, topic, metadata,"
            " state) SELECT originator_id, 2, %s, %s, metadata, %s FROM events",
            [ref.event_id, name, state],
        )
    return ref


@pytest.mark.parametrize(
    ("name", "state"), [("hearing.of-tomorrow.v1", b"{}"), ("hearing.cancelled.v1", b"?")]
)
def test_a_fact_that_cannot_be_read_is_referred_to_like_any_other(
    town: Followed, name: str, state: bytes
) -> None:
    town.append("hearing-1", cancelled())
    strange = append_strange(town, name, state)
    town.append("hearing-2", cancelled())

    async def work() -> list[FactRef]:
        async with town.following() as feed:
            facts = await read(feed, 3)
            await feed.commit()
        town.append("hearing-3", cancelled())
        async with town.following() as feed:
            return facts + await read(feed, 1)

    facts = run(work())
    assert facts[1] == strange
    assert [fact.stream for fact in facts] == [f"hearing-{n}" for n in (1, 1, 2, 3)]


def test_also_when_only_some_classes_are_wanted(town: Followed) -> None:
    town.append("hearing-1", cancelled())
    strange = append_strange(town, "hearing.cancelled.v1", b"?")

    async def work() -> list[FactRef]:
        async with town.following(only=[HearingCancelled]) as feed:
            return await read(feed, 2)

    assert run(work())[1] == strange


def end_connections(conninfo: str, name: str) -> None:
    query = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s"
    )
    with psycopg.connect(conninfo, autocommit=True) as db:
        assert db.execute(query, [f"julelys-{name}"]).fetchall() == [(True,)]


def test_an_owner_that_lost_its_place_commits_nothing(town: Followed) -> None:
    town.append("hearing-1", cancelled(), cancelled())

    async def work() -> list[list[int]]:
        async with town.following("lost") as zombie, town.following("lost") as heir:
            first = await read(zombie, 2)
            end_connections(town.conninfo, "lost")
            second = await read(heir, 2)
            with pytest.raises(FeedUnavailable):
                await zombie.commit()
            assert list(await zombie.read()) == []
            await heir.commit()
        return [[fact.version for fact in facts] for facts in (first, second)]

    assert run(work()) == [[1, 2], [1, 2]]


def test_a_database_that_is_away_is_said_to_be(town: Followed) -> None:
    async def work() -> None:
        async with town.following("away") as feed:
            town.append("hearing-1", cancelled())
            await read(feed, 1)
            end_connections(town.conninfo, "away")
            with pytest.raises(FeedUnavailable):
                await feed.commit()
            assert [fact.version for fact in await read(feed, 1)] == [1]

    run(work())
