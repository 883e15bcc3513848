"""How far a case has come by the rules of the law, and what its party is asked for."""

from dataclasses import replace
from datetime import date

import pytest

from events.case import CaseEvent
from events.case_information import InformationDelivered, RequestEnd
from events.ids import MessageId
from projections import messages, notes, procedure
from projections.messages import Message
from projections.notes import Note
from projections.procedure import Procedure
from tests.examples import (
    BO,
    MEETING_CASE,
    caseworker_wrote,
    envelope,
    numbered,
    party_wrote,
)
from tests.procedure_examples import (
    APPLICATION,
    CILLE,
    COMPLAINT,
    NOTICE,
    application_completed,
    application_reopened,
    board_decided,
    complaint_answered,
    complaint_forwarded,
    complaint_over_decision,
    completion_accepted,
    completion_notified,
    decision_corrected,
    decision_upheld,
    dispatched,
    information_delivered,
    information_requested,
    inspection_held,
    inspection_scheduled,
    message_read,
    neighbour_left,
    note_written,
    party_hearing_answered,
    party_hearing_closed,
    party_hearing_exempted,
    party_hearing_opened,
    refused,
    related_case_named,
    request_ended,
    retention_began,
    retention_classed,
    tacitly_accepted,
)
from tests.projections.views import Views

floor_plan_only = replace(information_delivered, items=("floor-plan",))


def shown(views: Views, *history: CaseEvent) -> Procedure:
    views.show(procedure.projection, *history)
    case_id = history[0].case_id
    return views.ask(lambda db: procedure.of_case(db, case_id))


def test_a_case_that_nothing_was_done_to_is_not_begun(views: Views) -> None:
    found = views.ask(lambda db: procedure.of_case(db, MEETING_CASE))
    assert (found.requests, found.rounds, found.decisions, found.complaint) == ([], [], [], None)


@pytest.mark.parametrize(
    ("delivered", "left"), [(floor_plan_only, ["drainage"]), (information_delivered, [])]
)
def test_the_to_do_list_shows_what_is_still_to_come(
    views: Views, delivered: InformationDelivered, left: list[str]
) -> None:
    (asked,) = shown(views, information_requested, delivered).requests
    assert [item["item"] for item in asked["items"] if not item["is_delivered"]] == left
    assert (asked["state"], asked["due_on"], asked["ended_on"]) == ("open", "2026-12-23", None)


@pytest.mark.parametrize("because", RequestEnd)
def test_an_ended_request_stays_on_the_list(views: Views, because: RequestEnd) -> None:
    ended = replace(request_ended, because=because)
    (asked,) = shown(views, information_requested, ended).requests
    assert (asked["state"], asked["ended_on"]) == (because.value, "2026-12-14")


def test_a_round_of_party_hearing_has_its_answers(views: Views) -> None:
    first = shown(views, party_hearing_exempted, party_hearing_opened)
    assert first.exemptions == []
    assert first.rounds[0]["state"] == "open"
    (running,) = shown(views, party_hearing_answered, party_hearing_closed).rounds
    assert running["state"] == "answered"
    assert [answer["text"] for answer in running["answers"]] == ["Det er 50 cm."]
    again = shown(views, party_hearing_exempted)
    assert again.exemptions == [
        {
            "party": None,
            "ground": "nothing-new",
            "reason": "Alle oplysninger er ansøgerens egne.",
        }
    ]


def test_each_party_has_a_part_of_its_own_in_a_round(views: Views) -> None:
    of_bo = replace(party_hearing_opened, party=BO)
    shown(views, party_hearing_opened, of_bo, replace(party_hearing_answered, party=BO))
    found = shown(views, replace(party_hearing_closed, party=BO)).rounds
    parts = [(part["party"], part["state"], len(part["answers"])) for part in found]
    assert parts == [(None, "open", 0), (BO, "answered", 1)]
    shown(views, replace(party_hearing_exempted, party=CILLE))
    exempted = shown(views, replace(party_hearing_exempted, party=BO)).exemptions
    assert [each["party"] for each in exempted] == [CILLE, BO]

    left = shown(views, neighbour_left)
    assert [part["stands"] for part in left.rounds] == [True, False]
    assert [each["party"] for each in left.exemptions] == [CILLE]
    reopened = shown(views, application_reopened)
    assert [part["stands"] for part in reopened.rounds] == [False, False]
    assert reopened.exemptions == []


def test_a_decision_tells_when_it_was_sent_and_which_corrections_the_party_has(
    views: Views,
) -> None:
    (made,) = shown(views, refused).decisions
    assert (made["dispatched_on"], made["appeal_until"], made["stands"]) == (None, None, True)
    (sent,) = shown(views, dispatched).decisions
    assert (sent["channel"], sent["dispatched_on"]) == ("digital-post", "2026-12-22")
    assert sent["appeal_until"] == "2027-01-19"
    (corrected,) = shown(views, decision_corrected).decisions
    assert corrected["corrections"][0]["dispatched_on"] is None
    (anew,) = shown(views, replace(dispatched, dispatched_on=date(2026, 12, 30))).decisions
    assert anew["corrections"][0]["dispatched_on"] == "2026-12-30"


def test_a_reopened_case_keeps_what_was_decided_and_begins_anew(views: Views) -> None:
    shown(views, application_completed, inspection_scheduled, inspection_held)
    before = shown(views, completion_notified, completion_accepted, refused, retention_began)
    assert before.works["inspections"][0]["is_approved"] is True
    assert before.works["accepted_on"] == "2027-03-08"
    after = shown(views, application_reopened)
    assert [decision["stands"] for decision in after.decisions] == [False]
    assert after.works == {
        "complete_on": "2026-12-07",
        "inspections": [],
        "notices": [],
        "accepted_on": None,
    }
    assert after.retention is not None
    assert after.retention["kept_until"] is None


def test_a_complaint_is_followed_to_the_board(views: Views) -> None:
    found = shown(
        views, complaint_over_decision, decision_upheld, complaint_forwarded, board_decided
    ).complaint
    assert found is not None
    assert found["is_late"] is False
    assert found["reassessment"] == {
        "outcome": "upheld",
        "text": "Afstanden er målt igen.",
        "reassessed_on": "2027-01-25",
    }
    assert found["forwarded"] is not None
    assert found["forwarded"]["board"] == "Byggeklageenheden"
    assert found["board_decision"] is not None
    assert found["board_decision"]["outcome"] == "upheld"
    again = shown(views, replace(application_reopened, case_id=COMPLAINT)).complaint
    assert again is not None
    assert (again["decision"], again["reassessment"]) == (found["decision"], None)


def test_a_complaint_over_service_is_answered(views: Views) -> None:
    found = shown(views, related_case_named, complaint_answered)
    assert found.about == APPLICATION
    assert found.complaint is not None
    assert found.complaint["decision"] is None
    assert found.complaint["answer"] == {
        "text": "Vi beklager ventetiden.",
        "answered_on": "2026-12-08",
    }


def test_what_else_is_told_of_a_case(views: Views) -> None:
    assert shown(views, tacitly_accepted).tacitly_accepted_on == date(2026, 12, 29)
    views.show(procedure.projection, retention_classed)
    kept = views.ask(lambda db: procedure.of_case(db, APPLICATION)).retention
    assert kept == {"years": 5, "basis": "KLE 02.34.02", "kept_until": None}
    assert views.ask(lambda db: procedure.of_case(db, NOTICE)).retention is None


def test_a_message_is_read_once_by_the_other_side(views: Views) -> None:
    read = replace(message_read, case_id=party_wrote.case_id, message=party_wrote.message)
    views.show(messages.projection, party_wrote, read, read)
    (found,) = views.ask(lambda db: messages.of_case(db, party_wrote.case_id))
    assert found.by_party
    assert found.read_at is not None
    assert found.read_by == envelope.actor
    assert found.read_at > found.written_at


def test_messages_stand_in_the_order_they_were_written(views: Views) -> None:
    first = replace(caseworker_wrote, message=MessageId(numbered(22)))
    views.show(messages.projection, first)
    views.show(messages.projection, party_wrote)
    found = views.ask(lambda db: messages.of_case(db, party_wrote.case_id))
    assert [each.by_party for each in found] == [False, True]
    assert all(isinstance(each, Message) and each.read_at is None for each in found)


def test_notes_are_of_one_case(views: Views) -> None:
    views.show(notes.projection, note_written)
    (found,) = views.ask(lambda db: notes.of_case(db, APPLICATION))
    assert isinstance(found, Note)
    assert (found.text, found.written_by) == ("Ring til naboen.", envelope.actor)
    assert views.ask(lambda db: notes.of_case(db, NOTICE)) == []
