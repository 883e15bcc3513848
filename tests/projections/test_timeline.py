import json
from dataclasses import replace

import pytest
from psycopg import DataError

from events.case import CaseEvent, PartyWrote
from events.journal import JournalEvent
from projections import timeline
from projections.timeline import Entry
from tests.examples import (
    ANNA,
    FIRST_SLOT,
    HEARING_MATTER,
    MEETING_CASE,
    MESSAGE,
    OTHER_ENTRY,
    RESPONSE_CASE,
    case_chosen,
    case_linked,
    case_renumbered,
    caseworker_wrote,
    choice_requested,
    difference_found,
    difference_settled,
    hearing_published,
    journalised,
    journalising_refused,
    journalising_retried,
    meeting_booked,
    meeting_case_opened,
    next_steps_announced,
    party_added_document,
    party_wrote,
    response_case_opened,
    slot_booked,
    slot_held,
)
from tests.post_examples import notification_queued, notification_sent
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


def states(views: Views) -> list[tuple[str, str | None]]:
    """How far the entries that are to be journalised have come, with the number of the case."""
    return [
        (entry.journal["state"], entry.journal["number"])
        for entry in entries(views)
        if entry.journal is not None
    ]


def test_only_what_is_to_be_journalised_is_marked(views: Views) -> None:
    views.show(
        timeline.projection, meeting_case_opened, next_steps_announced, party_wrote, case_linked
    )

    marks = [(entry.kind, entry.journal) for entry in entries(views)]

    on_its_way: object = {"state": "on-its-way", "number": None, "refused": []}
    assert marks == [
        ("opened", on_its_way),
        ("next-steps-announced", None),
        ("party-wrote", on_its_way),
        ("esdh-case-linked", None),
    ]


def test_everything_that_the_journal_tells_is_an_entry_of_the_case(views: Views) -> None:
    views.show(
        timeline.projection,
        meeting_case_opened,
        choice_requested,
        case_chosen,
        case_linked,
        case_renumbered,
        journalising_refused,
        journalising_retried,
        journalised,
        difference_found,
        difference_settled,
    )

    assert [entry.kind for entry in entries(views)] == [
        "opened",
        "esdh-case-choice-requested",
        "esdh-case-chosen",
        "esdh-case-linked",
        "esdh-case-renumbered",
        "journalising-refused",
        "journalising-retried",
        "journalised",
        "difference-found",
        "difference-settled",
    ]


def test_an_entry_of_the_journal_says_on_which_case_but_not_whose_it_is(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, journalised)

    assert entries(views)[1].facts == {
        "fact": "case.opened.v1",
        "about": "019a0000-0000-7000-8000-000000001001",
        "position": 1,
        "esdh_case": {"id": "4711", "number": "02.34.02-P19-12-26"},
        "receipts": ["90", "91"],
    }


def test_the_journal_of_a_hearing_is_on_no_timeline(views: Views) -> None:
    views.show(timeline.projection, replace(case_linked, matter=HEARING_MATTER))

    assert views.ask(lambda db: timeline.since(db, 0, 10)) == []


other_refused = replace(journalising_refused, entry=OTHER_ENTRY)
other_retried = replace(journalising_retried, entry=OTHER_ENTRY)
document_refused = replace(other_refused, position=2)
ON_ITS_WAY, WAITS = ("on-its-way", None), ("waits-for-caseworker", None)
THERE = ("journalised", "02.34.02-P19-12-26")


@pytest.mark.parametrize("batches", [1, 2])
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([journalised], [THERE, ON_ITS_WAY]),
        ([replace(journalised, position=2)], [ON_ITS_WAY, THERE]),
        ([journalising_refused], [WAITS, ON_ITS_WAY]),
        ([document_refused], [ON_ITS_WAY, WAITS]),
        ([journalising_refused, document_refused], [WAITS, WAITS]),
        ([journalising_refused, journalising_retried], [ON_ITS_WAY, ON_ITS_WAY]),
        ([journalising_refused, journalising_retried, journalised], [THERE, ON_ITS_WAY]),
        ([journalising_refused, other_refused, journalising_retried], [WAITS, ON_ITS_WAY]),
        (
            [journalising_refused, other_refused, journalising_retried, other_retried],
            [ON_ITS_WAY, ON_ITS_WAY],
        ),
        ([journalising_refused, document_refused, other_retried], [WAITS, ON_ITS_WAY]),
        ([journalising_refused, journalised, journalising_retried], [THERE, ON_ITS_WAY]),
    ],
)
def test_the_journal_marks_the_entry_that_it_is_about(
    views: Views, told: list[JournalEvent], expected: list[object], batches: int
) -> None:
    facts: list[CaseEvent] = [meeting_case_opened, party_added_document]
    if batches == 1:
        views.show(timeline.projection, *facts, *told)
    else:
        views.show(timeline.projection, *facts)
        for event in told:
            views.show(timeline.projection, event)

    assert states(views) == expected


def test_an_entry_keeps_the_number_that_its_case_had(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, case_linked, journalised)
    views.show(timeline.projection, case_renumbered)

    assert states(views) == [("journalised", "02.34.02-P19-12-26")]


def test_what_was_refused_elsewhere_is_not_tried_again_here(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, response_case_opened)
    views.show(timeline.projection, journalising_refused)
    stranger = replace(journalising_retried, matter=HEARING_MATTER)
    views.show(timeline.projection, stranger)

    assert states(views) == [("waits-for-caseworker", None)]


def test_a_journal_whose_case_is_not_there_is_an_error(views: Views) -> None:
    """So that it is parked beside its case, and taken in after it."""
    with pytest.raises(LookupError):
        views.show(timeline.projection, replace(journalised, position=17))


def test_what_became_of_the_post_is_told_among_the_cases_own_facts(views: Views) -> None:
    views.show(timeline.projection, meeting_case_opened, notification_queued)
    views.show(timeline.projection, notification_sent)

    told = views.ask(lambda db: timeline.entries(db, MEETING_CASE))

    assert [each.kind for each in told] == ["opened", "notification-queued", "notification-sent"]
    assert told[2].facts["attempt"] == 1
    assert told[2].journal is None
