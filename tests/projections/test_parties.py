from dataclasses import replace

import pytest

from events.case_party import PartyEvent
from events.ids import CaseId, PartyId
from projections import parties
from tests.examples import (
    BO,
    MEETING_CASE,
    OTHER_CASE,
    TOMRER,
    party_joined,
    party_left,
    representation_ended,
    representative_appointed,
    representative_declined,
    representative_proposed,
)
from tests.projections.views import Views


def cases_of(views: Views, who: PartyId) -> list[CaseId]:
    return views.ask(lambda db: parties.cases_of(db, who))


def test_a_case_is_found_by_whoever_joined_it_and_whoever_acts_for_one(views: Views) -> None:
    views.show(parties.projection, party_joined, representative_appointed)
    views.show(parties.projection, replace(party_joined, case_id=OTHER_CASE))

    assert cases_of(views, BO) == [MEETING_CASE, OTHER_CASE]
    assert cases_of(views, TOMRER) == [MEETING_CASE]


@pytest.mark.parametrize(
    ("history", "who"),
    [
        ([party_joined, party_left], BO),
        ([representative_proposed], TOMRER),
        ([representative_appointed, representation_ended], TOMRER),
        ([representative_proposed, representative_declined], TOMRER),
    ],
    ids=["left", "proposed", "ended", "declined"],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_it_is_not_found_by_others(
    views: Views, history: list[PartyEvent], who: PartyId, batches: int
) -> None:
    if batches == 1:
        views.show(parties.projection, *history)
    else:
        for event in history:
            views.show(parties.projection, event)

    assert cases_of(views, who) == []


def test_whoever_comes_back_finds_it_again(views: Views) -> None:
    views.show(parties.projection, party_joined, party_left, party_joined)

    assert cases_of(views, BO) == [MEETING_CASE]
