from collections.abc import Sequence
from dataclasses import replace

import pytest

from events.case import CaseEvent
from events.property import BfeNumber
from projections import properties
from projections.properties import CaseProperty
from tests.examples import (
    MEETING_CASE,
    case_closed,
    case_reopened,
    case_withdrawn,
    estate,
    meeting_case_opened,
    property_identified,
    property_not_identified,
    property_stated,
    response_case_opened,
)
from tests.projections.views import Views


def unknown(views: Views, after: int = 0) -> list[int]:
    return [each.position for each in properties.unknown(views.db, after=after, limit=10)]


def found(views: Views) -> CaseProperty | None:
    return views.ask(lambda db: properties.of_case(db, MEETING_CASE))


def test_cases_wait_in_the_order_they_were_opened(views: Views) -> None:
    views.show(properties.projection, meeting_case_opened, response_case_opened)

    assert unknown(views) == [1, 2]
    assert unknown(views, after=1) == [2]
    assert found(views) == CaseProperty(
        case_id=MEETING_CASE, property=None, register=None, unclear=None
    )


@pytest.mark.parametrize(
    ("history", "waiting"),
    [
        ([property_identified], []),
        ([property_not_identified], []),
        ([case_closed], []),
        ([case_closed, case_reopened], [3]),
        ([case_withdrawn], []),
        ([property_stated], [2]),
        ([property_identified, property_stated], [3]),
        ([case_closed, property_stated], [3]),
        ([property_stated, case_closed], [2]),
        ([property_stated, property_identified], []),
        ([property_stated, property_not_identified], []),
    ],
    ids=[
        *("identified", "unclear", "closed", "reopened", "withdrawn"),
        *("stated", "corrected", "stated later", "closed later", "verified", "not verified"),
    ],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_what_is_settled_or_over_does_not_wait(
    views: Views, history: Sequence[CaseEvent], waiting: list[int], batches: int
) -> None:
    if batches == 1:
        views.show(properties.projection, meeting_case_opened, *history)
    else:
        views.show(properties.projection, meeting_case_opened)
        views.show(properties.projection, *history)

    assert unknown(views) == waiting


def test_the_last_identification_counts(views: Views) -> None:
    other = replace(property_identified, property=replace(estate, bfe=BfeNumber(5)))
    views.show(properties.projection, meeting_case_opened, property_not_identified)
    views.show(properties.projection, property_identified, other)

    last = found(views)

    assert last is not None
    assert last.property == {
        "text": "Nørregade 1",
        "bfe": 5,
        "parcels": [{"district": 1260453, "number": "11ba"}],
        "address": str(estate.address),
        "municipality": "0860",
    }
    assert (last.register, last.unclear) == ("adressevaelger", None)


def test_what_is_stated_stands_without_a_register_until_one_has_answered(views: Views) -> None:
    views.show(properties.projection, meeting_case_opened, property_identified, property_stated)

    last = found(views)

    assert last is not None
    assert last.property == {
        "text": "Nørregade 1",
        "bfe": 100063828,
        "parcels": [],
        "address": None,
        "municipality": None,
    }
    assert (last.register, last.unclear) == (None, None)

    views.show(properties.projection, property_not_identified)

    again = found(views)
    assert again is not None
    assert again.property == last.property
    assert (again.register, again.unclear) == ("adressevaelger", "several")
