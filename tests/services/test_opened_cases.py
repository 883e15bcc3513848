"""Which team has a case is asked of the log, whoever has written there meanwhile."""

import asyncio
from dataclasses import replace

from events.ids import CaseId
from services.clock import SetClock
from services.memory import MemoryEventStore
from services.opened_cases import OpenedCases
from services.ports import Stream
from services.streams import case_stream
from tests.examples import (
    MEETING_CASE,
    OTHER_TEAM,
    TEAM,
    at,
    case_assigned,
    case_transferred,
    meeting_case_opened,
    numbered,
    party_wrote,
)
from tests.services.writes import command, to

STREAM = case_stream(MEETING_CASE)


class CountingStore(MemoryEventStore):
    """`read_events` are how many came back from each reading."""

    def __init__(self) -> None:
        super().__init__(SetClock(at(12, 1)))
        self.read_events: list[int] = []

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream:
        found = super().read(stream, after=after, up_to=up_to)
        self.read_events.append(len(found.events))
        return found


def test_a_transfer_by_another_process_is_seen_at_once() -> None:
    store = CountingStore()
    store.append([command(to(STREAM, 0, meeting_case_opened, case_assigned))])
    here = OpenedCases(store)
    before = asyncio.run(here.find_with_team(MEETING_CASE))
    assert before is not None
    assert (before.team, before.has_moved) == (TEAM, False)

    store.append([command(to(STREAM, 2, case_transferred))])

    after = asyncio.run(here.find_with_team(MEETING_CASE))
    assert after is not None
    assert (after.team, after.has_moved) == (OTHER_TEAM, True)


def test_a_case_that_came_back_has_moved_all_the_same() -> None:
    store = CountingStore()
    back = replace(case_transferred, from_team=OTHER_TEAM, to_team=TEAM)
    store.append([command(to(STREAM, 0, meeting_case_opened, case_transferred, back))])
    found = asyncio.run(OpenedCases(store).find_with_team(MEETING_CASE))
    assert found is not None
    assert (found.team, found.has_moved) == (TEAM, True)


def test_only_what_is_new_is_read_and_for_the_party_nothing() -> None:
    store = CountingStore()
    store.append([command(to(STREAM, 0, meeting_case_opened, *[party_wrote] * 20))])
    here = OpenedCases(store)
    asyncio.run(here.find_with_team(MEETING_CASE))
    store.read_events.clear()

    asyncio.run(here.find_with_team(MEETING_CASE))
    store.append([command(to(STREAM, 21, party_wrote))])
    asyncio.run(here.find_with_team(MEETING_CASE))
    asyncio.run(here.find(MEETING_CASE))

    assert store.read_events == [0, 1]


def test_a_case_that_nobody_opened_is_nobodys() -> None:
    assert asyncio.run(OpenedCases(CountingStore()).find_with_team(CaseId(numbered(9)))) is None
