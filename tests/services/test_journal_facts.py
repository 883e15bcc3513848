"""The log as the sync reads it: one fact, a history, and what a journal has come to."""

import asyncio
from collections.abc import Iterator

import pytest

from aggregates.journal import Journal
from events.journal import EsdhCase, EsdhCaseLinked, JournalEvent, LinkedBy
from services.clock import SetClock
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.journal.facts import StoreFacts
from services.memory import MemoryEventStore
from services.ports import EventStore, Undecodable
from services.streams import journal_stream
from tests.keys import RING
from tests.services.journals import matter
from tests.services.writes import NOON, cancelled, command, reasons, to

MATTER = matter(1)
CASE = EsdhCase(id="4711", number="02.34.02-P19-12-26")
LINKED: JournalEvent = EsdhCaseLinked(matter=MATTER, esdh_case=CASE, by=LinkedBy.CREATED)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[EventStore]:
    if request.param == "memory":
        yield MemoryEventStore(SetClock(NOON))
        return
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")
    with PostgresEventStore(conninfo, organisation, RING) as found:
        yield found


def test_one_fact_is_read_by_its_place_in_its_stream(store: EventStore) -> None:
    store.append([command(to("hearing-1", 0, *map(cancelled, "abc")))])
    facts = StoreFacts(store)

    found = asyncio.run(facts.fact("hearing-1", 2))

    assert found == store.read_recorded("hearing-1")[1]
    assert asyncio.run(facts.fact("hearing-1", 4)) is None
    assert asyncio.run(facts.fact("hearing-2", 1)) is None


def test_a_history_is_the_whole_stream(store: EventStore) -> None:
    store.append([command(to("hearing-1", 0, *map(cancelled, "abc")))])

    found = asyncio.run(StoreFacts(store).history("hearing-1"))

    assert reasons([fact.event for fact in found]) == ["a", "b", "c"]


def test_a_journal_is_what_its_stream_has_come_to(store: EventStore) -> None:
    facts = StoreFacts(store)
    assert asyncio.run(facts.journal(MATTER)) == Journal()

    store.append([command(to(journal_stream(MATTER), 0, LINKED))])

    assert asyncio.run(facts.journal(MATTER)) == Journal(linked=CASE, linked_by=LinkedBy.CREATED)


def test_a_fact_that_cannot_be_read_is_never_taken_for_none(
    postgres: str, organisation: str
) -> None:
    with PostgresEventStore(postgres, organisation, RING) as store:
        store.append([command(to(journal_stream(MATTER), 0, LINKED, LINKED))])
        with connect(postgres, organisation) as db:
            # As a later version of the program would have written it.
            db.execute("ALTER TABLE events DISABLE TRIGGER USER")
            db.execute(
                "UPDATE events SET topic = 'journal.unheard.v9' WHERE originator_version = 2"
            )
        facts = StoreFacts(store)

        assert asyncio.run(facts.fact(journal_stream(MATTER), 1)) is not None
        with pytest.raises(Undecodable) as caught:
            asyncio.run(facts.fact(journal_stream(MATTER), 2))
        with pytest.raises(Undecodable):
            asyncio.run(facts.history(journal_stream(MATTER)))
        with pytest.raises(Undecodable):
            asyncio.run(facts.journal(MATTER))

    assert (caught.value.name, caught.value.version) == ("journal.unheard.v9", 2)
