"""Events in, rows out: the views of an empty organisation, and what they answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import TypeAlias, TypeVar

import pytest
from psycopg import AsyncConnection, Connection
from psycopg.sql import SQL

from events.calendar_day import CalendarDayEvent
from events.catalogue import Event
from events.colleague import ColleagueEvent
from events.contact import ContactPreferencesSet
from events.envelope import Recorded
from events.hearing import HearingEvent
from events.journal import JournalEvent
from events.note import NoteEvent
from events.post import PostEvent
from events.tender import TenderEvent
from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.database import connect, pinned
from services.projecting.generations import ensure, table
from services.streams import (
    calendar_day_stream,
    case_stream,
    colleague_stream,
    contact_stream,
    hearing_stream,
    journal_stream,
    note_stream,
    post_stream,
    tender_stream,
)
from tests.examples import at, envelope, numbered
from tests.postgres import migrated_organisation

T = TypeVar("T")
Row = tuple[object, ...]
PersonEvent: TypeAlias = ContactPreferencesSet | ColleagueEvent


def recorded(*history: Event, first: int = 1) -> list[Recorded]:
    """The events as they would lie in the log, one a minute from nine o'clock."""
    versions: Counter[str] = Counter()
    facts = []
    for position, event in enumerate(history, start=first):
        stream = _stream(event)
        versions[stream] += 1
        facts.append(
            Recorded(
                event=event,
                stream=stream,
                version=versions[stream],
                position=position,
                event_id=numbered(1000 + position),
                recorded_at=at(12, 1) + timedelta(minutes=position),
                envelope=envelope,
            )
        )
    return facts


def _stream(event: Event) -> str:
    if isinstance(event, CalendarDayEvent):
        return calendar_day_stream(event.day)
    if isinstance(event, HearingEvent):
        return hearing_stream(event.hearing_id)
    if isinstance(event, TenderEvent):
        return tender_stream(event.tender_id)
    if isinstance(event, JournalEvent):
        return journal_stream(event.matter)
    if isinstance(event, PostEvent | NoteEvent):
        return _beside_the_case(event)
    return _of_person(event) if isinstance(event, PersonEvent) else case_stream(event.case_id)


def _beside_the_case(event: PostEvent | NoteEvent) -> str:
    if isinstance(event, NoteEvent):
        return note_stream(event.case_id)
    return post_stream(event.matter)


def _of_person(event: PersonEvent) -> str:
    if isinstance(event, ColleagueEvent):
        return colleague_stream(event.colleague)
    return contact_stream(event.party)


class Views:
    """The tables of one organisation. `show` is one batch, and every call the next of the log."""

    def __init__(self, conninfo: str, organisation: str) -> None:
        self._conninfo = pinned(conninfo, organisation)
        self.db: Connection[Row] = connect(conninfo, organisation)
        self._history: list[Event] = []

    def show(self, projection: Projection, *history: Event) -> None:
        before = len(self._history)
        self._history += history
        self.take_in(projection, recorded(*self._history)[before:])

    def take_in(self, projection: Projection, facts: Sequence[Recorded]) -> None:
        with self.db.cursor() as cursor:
            projection.project(facts, cursor, table(projection.name, 1))

    def ask(self, question: Callable[[AsyncConnection[Row]], Awaitable[T]]) -> T:
        async def asked() -> T:
            async with await AsyncConnection[Row].connect(self._conninfo) as db:
                return await question(db)

        return asyncio.run(asked())


@pytest.fixture(scope="session")
def shown(postgres: str) -> Iterator[str]:
    """One organisation for all tests of projections; a migration for each would take longest."""
    with migrated_organisation(postgres) as organisation:
        ensure(postgres, organisation)
        yield organisation


@pytest.fixture
def views(postgres: str, shown: str) -> Iterator[Views]:
    found = Views(postgres, shown)
    with found.db:
        for projection in PROJECTIONS:
            found.db.execute(SQL("DELETE FROM {}").format(table(projection.name, 1)))
        yield found
