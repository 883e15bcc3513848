"""A case moved on by its party and by its caseworkers."""

from datetime import datetime

from icalendar import Calendar, Component

from services.clock import COPENHAGEN
from tests.files import PDF
from tests.gateway.running import System, code, fields


def test_the_two_sides_write_and_both_read_it(system: System) -> None:
    case = system.case("anna")
    assert system.post("anna", f"/cases/{case}/messages", {"text": "Hvornår?"}).status_code == 201
    answer = system.post("karen", f"/cases/{case}/messages", {"text": "I morgen."})
    told = system.get("anna", f"/cases/{case}/timeline", after=answer).json()["entries"]
    assert [(entry["kind"], entry["text"], entry["by"]) for entry in told][-2:] == [
        ("party-wrote", "Hvornår?", "Anna Andersen"),
        ("caseworker-wrote", "I morgen.", "Karen Kristensen"),
    ]
    positions = [entry["position"] for entry in told]
    assert positions == sorted(set(positions))
    english = system.get("anna", f"/cases/{case}/timeline", headers={"Accept-Language": "en-GB"})
    assert english.json()["entries"][0]["text"].startswith("We have received your submission")


def test_a_case_just_opened_can_be_written_to_at_once(system: System) -> None:
    """No view is asked, so it does not matter how far behind one is."""
    hearing = system.open_hearing()
    for _ in range(5):
        case = system.respond("anna", hearing).json()["case"]
        assert system.post("karen", f"/cases/{case}/messages", {"text": "Tak"}).status_code == 201


def test_documents_come_with_messages_and_are_fetched_by_those_who_may(system: System) -> None:
    case = system.case("anna")
    document = system.upload("anna", "Skitse æøå.pdf", PDF)
    answer = system.post("anna", f"/cases/{case}/documents", {"documents": [document]})
    assert answer.status_code == 201
    file = system.get("karen", f"/cases/{case}/documents/{document}", after=answer)
    assert file.content == PDF
    assert "filename*=UTF-8''Skitse%20%C3%A6%C3%B8%C3%A5.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Content-Disposition"].startswith("attachment;")
    stranger = system.get("bo", f"/cases/{case}/documents/{document}")
    assert (stranger.status_code, code(stranger)) == (404, "case-not-found")
    other = system.case("bo")
    assert code(system.get("bo", f"/cases/{other}/documents/{document}")) == "document-not-found"
    again = system.post("anna", f"/cases/{case}/documents", {"documents": [document]})
    assert code(again) == "document-already-added"


def test_anothers_document_is_unknown(system: System) -> None:
    document = system.upload("bo", "Mit.pdf", PDF)
    case = system.case("anna")
    body = {"text": "Se her", "documents": [document]}
    answer = system.post("anna", f"/cases/{case}/messages", body)
    assert (answer.status_code, code(answer)) == (422, "document-unknown")
    assert answer.json()["document"] == document


def test_a_queue_is_read_page_by_page(system: System) -> None:
    opened = {system.case("anna") for _ in range(3)}
    last = system.post("anna", f"/cases/{min(opened)}/messages", {"text": "Hej"})
    seen: list[str] = []
    page = system.get("karen", "/queues/byggeri-natur?limit=2", after=last).json()
    for _ in range(500):
        seen += [row["case"] for row in page["rows"]]
        if page["after"] is None:
            break
        page = system.get("karen", f"/queues/byggeri-natur?limit=2&after={page['after']}").json()
    assert page["after"] is None
    assert opened <= set(seen)
    assert len(seen) == len(set(seen))
    assert fields(system.get("karen", "/queues/byggeri-natur?after=x")) == {
        "after": "input-bad-cursor"
    }


def test_a_meeting_is_moved_and_its_calendar_file_follows(system: System) -> None:
    first, second = system.publish_day()
    booked = system.book("anna", first)
    case = booked.json()["case"]
    before = event_of(system.get("anna", f"/cases/{case}/meeting.ics", after=booked).content)
    answer = system.post("anna", f"/cases/{case}/reschedule", {"slot": second})
    assert answer.status_code == 200
    assert answer.json()["meeting"]["slot"] == second
    after = event_of(system.get("anna", f"/cases/{case}/meeting.ics", after=answer).content)
    assert after["UID"] == before["UID"]
    assert after.decoded("SEQUENCE") > before.decoded("SEQUENCE")
    moved = datetime.fromisoformat(answer.json()["meeting"]["starts_at"])
    assert after.decoded("DTSTART") == moved
    assert after["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert moved.astimezone(COPENHAGEN).hour == 9
    withdrawn = system.post("anna", f"/cases/{case}/withdraw", {"reason": "Solgt"})
    gone = event_of(system.get("anna", f"/cases/{case}/meeting.ics", after=withdrawn).content)
    assert (gone["STATUS"], before["STATUS"]) == ("CANCELLED", "CONFIRMED")


def test_who_did_not_come_is_told_and_can_choose_another_time(system: System) -> None:
    (slot,) = system.publish_day(slots=1)
    booked = system.book("anna", slot)
    case, missed = booked.json()["case"], f"/cases/{booked.json()['case']}/missed"
    assert code(system.post("karen", missed)) == "meeting-not-begun"
    system.clock.set(datetime.fromisoformat(booked.json()["meeting"]["starts_at"]))
    noted = system.post("karen", missed)
    assert noted.status_code == 204
    told = system.get("anna", f"/cases/{case}/timeline", after=noted).json()["entries"][-1]
    assert told["kind"] == "meeting-missed"
    assert told["text"].startswith("Du kom ikke til mødet")
    (later,) = system.publish_day(slots=1)
    assert system.post("anna", f"/cases/{case}/reschedule", {"slot": later}).status_code == 200


def test_a_response_has_no_meeting_to_put_in_a_calendar(system: System) -> None:
    answer = system.get("anna", f"/cases/{system.case('anna')}/meeting.ics")
    assert answer.status_code == 404
    assert code(answer) == "meeting-not-found"


def test_a_case_is_closed_and_reopened(system: System) -> None:
    (slot,) = system.publish_day(slots=1)
    booked = system.book("anna", slot)
    case = booked.json()["case"]
    assert code(system.post("karen", f"/cases/{case}/close")) == "meeting-not-held"
    system.clock.set(datetime.fromisoformat(booked.json()["meeting"]["ends_at"]))
    assert system.post("karen", f"/cases/{case}/close").status_code == 204
    assert code(system.post("anna", f"/cases/{case}/messages", {"text": "?"})) == "case-not-open"
    reopened = system.post("karen", f"/cases/{case}/reopen", {"reason": "Nye oplysninger"})
    assert reopened.status_code == 204


def test_my_cases_are_mine_alone(system: System) -> None:
    answer = system.respond("tomrer", system.open_hearing())
    mine = {row["case"] for row in system.get("tomrer", "/cases", after=answer).json()["cases"]}
    assert answer.json()["case"] in mine
    others = {row["case"] for row in system.get("bo", "/cases").json()["cases"]}
    assert not mine & others


def event_of(file: bytes) -> Component:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Component)
    return event
