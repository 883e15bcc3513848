"""The journal of a case has a stream of its own, and its place beside the case's in a view."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from events.ids import EntryId
from events.journal import JournalEvent, Matter, MatterKind
from projections import caseload, timeline
from projections.projection import Projection
from services.database import connect
from services.ids import new_id
from services.projecting.retrying import Retried
from services.streams import journal_stream
from tests.examples import (
    case_linked,
    difference_found,
    journalised,
    journalising_refused,
    journalising_retried,
)
from tests.services.projecting import POISON, Case, Fault, Town, open_town, write


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation) as found:
        yield found


def told(town: Town, case: Case, *events: JournalEvent) -> None:
    matter = Matter(kind=MatterKind.CASE, id=case.case_id)
    history = [replace(event, matter=matter) for event in events]
    write(town.store, journal_stream(matter), 0, *history)


def marks(town: Town, case: Case) -> list[str | None]:
    with connect(town.conninfo, town.schema) as db:
        found = db.execute(
            "SELECT journal->>'state' FROM timeline WHERE case_id = %s AND kind = 'party-wrote'"
            " ORDER BY position",
            (case.case_id,),
        )
        return [state if state is None else str(state) for (state,) in found]


def test_the_journal_of_a_parked_case_is_parked_and_taken_in_after_it(town: Town) -> None:
    """Else an entry that came late would say for ever that it is on its way."""
    case, fault = Case(town.store), Fault()
    case.opens()
    case.says("before")
    position = case.says(POISON)
    told(town, case, case_linked, replace(journalised, position=position))

    town.catch_up(fault.projection)

    parked = [(each.stream.partition("-")[0], each.error is None) for each in town.parked()]
    assert parked == [("case", False), ("journal", False)]
    assert marks(town, case) == ["on-its-way"]
    fault.error = None
    assert town.retry(fault.projection) == Retried(taken_in=2, parked=0)
    assert marks(town, case) == ["on-its-way", "journalised"]
    assert town.differing(timeline.projection) == 0


@pytest.mark.parametrize("projection", [timeline.projection, caseload.projection])
def test_a_view_with_a_journal_is_the_same_when_it_is_built_anew(
    town: Town, projection: Projection
) -> None:
    case, other = Case(town.store), EntryId(new_id())
    first = case.opens()
    town.catch_up(projection)
    second = case.says("Hej")
    refused = replace(journalising_refused, position=second)
    told(
        town,
        case,
        case_linked,
        replace(journalised, position=first),
        refused,
        replace(refused, entry=other),
        journalising_retried,
        difference_found,
    )
    town.catch_up(projection)

    assert town.parked(projection.name) == []
    assert town.differing(projection) == 0
