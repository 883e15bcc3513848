import json

import pytest
from psycopg import DataError

from events.case import PartyWrote
from projections import timeline
from projections.timeline import Entry
from tests.examples import (
    ANNA,
    FIRST_SLOT,
    MEETING_CASE,
    MESSAGE,
    RESPONSE_CASE,
    caseworker_wrote,
    hearing_published,
    meeting_booked,
    meeting_case_opened,
    party_added_document,
    party_wrote,
    response_case_opened,
    slot_booked,
    slot_held,
)
from tests.projections.views import Views


def entries(views: Views) -> list[Entry]:
    return views.ask(lambda db: timeline.entries(db, MEETING_CASE))


def test_there_is_an_entry_for_each_event_of_the_case_in_order(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, party_wrote, response_case_opened)
    views.show(timeline.projection, caseworker_wrote)

    found = [(entry.position, entry.kind) for entry in entries(views)]

    assert found == [(1, "opened"), (2, "party-wrote"), (4, "caseworker-wrote")]


def test_an_entry_says_what_happened_when_and_who_did_it(views: Views) -> None:
    views.show(timeline.projection, meeting_booked)

    (entry,) = entries(views)

    assert entry.at.isoformat() == "2026-12-01T08:01:00+00:00"
    assert entry.actor == "person:anna"
    assert entry.documents == []
    assert entry.facts == {
        "meeting": {
            "slot": FIRST_SLOT,
            "starts_at": "2026-12-08T09:00:00+01:00",
            "ends_at": "2026-12-08T10:00:00+01:00",
            "place": "Rådhuset, lokale 2",
        }
    }


def test_the_facts_keep_the_types_of_the_answers(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened)

    (entry,) = entries(views)

    assert entry.facts["received_on"] == "2026-12-01"
    assert entry.facts["party"] == ANNA
    assert entry.facts["answers"] == [
        {"field": "property", "value": "Nørregade 1"},
        {"field": "area", "value": 35},
        {"field": "integrated", "value": False},
        {"field": "topics", "value": ["distance", "height"]},
    ]
    assert "case_id" not in entry.facts


def test_an_entry_names_the_documents_that_came_with_it(views: Views) -> None:
    views.show(timeline.projection, party_added_document, party_wrote)

    names = [[document["name"] for document in entry.documents] for entry in entries(views)]

    assert names == [["tegning.pdf"], ["carport.jpg"]]


@pytest.mark.parametrize(
    "text",
    ["tab\tline\nreturn\r", "back\\slash \\N \\. \\t", 'quote " and {brace}', "æøå 🏠", "\\."],
)
def test_any_text_comes_through_as_it_was_written(views: Views, text: str) -> None:
    wrote = PartyWrote(case_id=MEETING_CASE, message=MESSAGE, text=text, documents=())

    views.show(timeline.projection, wrote)

    assert entries(views)[0].facts["text"] == text


def test_what_a_database_cannot_hold_is_refused_and_not_mended(views: Views) -> None:
    wrote = PartyWrote(case_id=MEETING_CASE, message=MESSAGE, text="\x00", documents=())

    with pytest.raises(DataError):
        views.show(timeline.projection, wrote)


def test_calendars_and_hearings_leave_no_entries(views: Views) -> None:
    views.show(timeline.projection, slot_held, slot_booked, hearing_published)

    assert views.ask(lambda db: timeline.since(db, 0, 10)) == []


def test_since_gives_every_case_between_two_positions(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, response_case_opened, party_wrote)

    found = views.ask(lambda db: timeline.since(db, 1, 3))

    assert [(entry.case_id, entry.position) for entry in found] == [
        (RESPONSE_CASE, 2),
        (MEETING_CASE, 3),
    ]


def test_entries_after_a_position_leave_out_what_was_seen(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, party_wrote)

    later = views.ask(lambda db: timeline.entries(db, MEETING_CASE, after=1))

    assert [entry.position for entry in later] == [2]
    assert json.loads(json.dumps(later[0].facts)) == later[0].facts
