"""Submitting: a response to a hearing, a building meeting, and what can be wrong with them."""

from datetime import timedelta

from tests.gateway.running import (
    MEETING_ANSWERS,
    RESPONSE_ANSWERS,
    System,
    code,
    fields,
    key,
)

RESPONSES = "/services/hearing-response/submissions"
MEETINGS = "/services/building-meeting/submissions"


def test_a_response_becomes_a_case_of_its_own(system: System) -> None:
    hearing = system.open_hearing()
    answer = system.respond("anna", hearing)
    assert answer.status_code == 201
    told = answer.json()
    assert told["reference"].startswith("HJO-26-")
    assert told["receipt"]
    assert told["next_steps"]
    assert answer.headers["Location"] == f"/api/v1/hjorring/cases/{told['case']}"
    case = system.get("anna", f"/cases/{told['case']}", after=answer)
    assert case.status_code == 200
    assert case.json()["hearing"] == hearing
    assert case.headers["ETag"] == answer.headers["ETag"]


def test_the_same_request_again_is_the_same_answer(system: System) -> None:
    hearing = system.open_hearing()
    body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
    headers = {"Idempotency-Key": key()}
    first = system.post("anna", RESPONSES, body, headers=headers)
    again = system.post("anna", RESPONSES, body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Julelys-Position"] == first.headers["Julelys-Position"]
    other = body | {"answers": dict(RESPONSE_ANSWERS) | {"position": "for"}}
    assert code(system.post("anna", RESPONSES, other, headers=headers)) == "idempotency-key-reused"
    assert code(system.post("bo", RESPONSES, body, headers=headers)) == "idempotency-key-reused"


def test_a_hearing_that_closed_a_second_ago_takes_no_response(system: System) -> None:
    hearing = system.open_hearing()
    system.clock.set(system.clock.now() + timedelta(weeks=4, hours=1))
    answer = system.respond("anna", hearing)
    assert (answer.status_code, code(answer)) == (409, "hearing-closed")


def test_every_wrong_answer_is_named(system: System) -> None:
    answers = {"position": "maybe", "surprise": 1, "concerns": ["traffic"], "represents": "myself"}
    answer = system.post("anna", RESPONSES, {"answers": answers, "about": system.open_hearing()})
    assert answer.status_code == 422
    found = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert found == {
        "answers.position": "answer-not-an-option",
        "answers.response": "answer-missing",
        "answers.surprise": "answer-unknown-field",
    }


def test_a_response_says_which_hearing_and_a_meeting_which_slot(system: System) -> None:
    answer = system.post("anna", RESPONSES, {"answers": dict(RESPONSE_ANSWERS)})
    assert fields(answer) == {"about": "input-missing"}
    answer = system.post("anna", MEETINGS, {"answers": dict(MEETING_ANSWERS)})
    assert fields(answer) == {"slot": "input-missing"}


def test_a_booked_slot_is_refused_or_waited_for(system: System) -> None:
    (slot,) = system.publish_day(slots=1)
    first = system.book("anna", slot)
    assert first.status_code == 201
    assert first.json()["meeting"]["slot"] == slot
    assert first.json()["bring"]
    taken = system.book("bo", slot)
    assert (taken.status_code, code(taken)) == (409, "slot-taken")
    waiting = system.book("bo", slot, "wait")
    assert waiting.json()["waiting"] == {"day": slot.rpartition(".")[0]}
    assert waiting.json()["meeting"] is None
    later = system.book("tomrer", slot, "wait")
    place = system.get("tomrer", f"/cases/{later.json()['case']}", after=later).json()["waiting"]
    assert place == {"day": slot.rpartition(".")[0], "ahead": 1}
    team, day = slot.split(".")[:2]
    shown = system.get(None, f"/calendars/{team}/slots?from={day}&to={day}", after=later).json()
    assert shown == {"slots": [], "full_days": [{"day": day, "slot": slot, "waiting": 2}]}
    system.post("anna", f"/cases/{first.json()['case']}/withdraw")
    given = system.post("bo", f"/cases/{waiting.json()['case']}/messages", {"text": "Tak"})
    case = system.get("bo", f"/cases/{waiting.json()['case']}", after=given).json()
    assert case["meeting"]["slot"] == slot
    assert case["waiting"] is None


def test_a_hold_keeps_the_slot_for_ten_minutes(system: System) -> None:
    (slot,) = system.publish_day(slots=1)
    team, day = slot.split(".")[:2]
    held = system.post("anna", f"/calendars/{team}/holds", {"slot": slot})
    assert held.status_code == 201
    expires_at = (system.clock.now() + timedelta(minutes=10)).isoformat()
    assert held.json()["expires_at"] == expires_at
    free = system.get(None, f"/calendars/{team}/slots?from={day}&to={day}", after=held)
    assert free.json()["slots"] == []
    assert code(system.book("bo", slot)) == "slot-held"
    again = system.post("anna", f"/calendars/{team}/holds", {"slot": slot})
    assert again.json() == {"slot": slot, "hold": None, "expires_at": None}
    system.clock.set(system.clock.now() + timedelta(minutes=11))
    free = system.get(None, f"/calendars/{team}/slots?from={day}&to={day}", after=held)
    assert (len(free.json()["slots"]), free.json()["full_days"]) == (1, [])
    assert system.book("bo", slot).status_code == 201


def test_staff_do_not_submit(system: System) -> None:
    answer = system.respond("karen", system.open_hearing())
    assert (answer.status_code, code(answer)) == (403, "not-allowed")
