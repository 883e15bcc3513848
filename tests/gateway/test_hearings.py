"""Hearings over HTTP: published, extended, concluded, and read by everyone."""

from datetime import timedelta
from uuid import UUID

from tests.files import PDF
from tests.gateway.running import TEAM, System, code, fields


def test_a_published_hearing_is_public(system: System) -> None:
    document = system.upload("karen", "Forslag.pdf", PDF)
    closes_at = (system.clock.now() + timedelta(weeks=5)).isoformat()
    body = {
        "kind": "local-plan",
        "title": "Lokalplan 400",
        "description": "Ny vej",
        "team": TEAM,
        "closes_at": closes_at,
        "material": [document],
    }
    answer = system.post("karen", "/hearings", body)
    assert answer.status_code == 201
    hearing = answer.json()["hearing"]
    shown = system.get(None, f"/hearings/{hearing}", after=answer).json()
    assert (shown["title"], shown["state"], shown["responses"]) == ("Lokalplan 400", "open", 0)
    listed = system.get(None, "/hearings?state=open").json()["hearings"]
    assert hearing in {row["hearing"] for row in listed}
    file = system.get(None, f"/hearings/{hearing}/documents/{document}", after=answer)
    assert file.content == PDF
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_too_short_a_period_is_refused_with_the_date_in_words(system: System) -> None:
    closes_at = (system.clock.now() + timedelta(weeks=1)).isoformat()
    body = {
        "kind": "local-plan",
        "title": "Lokalplan 1",
        "description": "Kort",
        "team": TEAM,
        "closes_at": closes_at,
    }
    answer = system.post("karen", "/hearings", body)
    assert (answer.status_code, code(answer)) == (409, "hearing-period-too-short")
    assert "mandag den 30. november 2026" in answer.json()["detail"]
    english = system.post("karen", "/hearings", body, headers={"Accept-Language": "en"})
    assert "Monday 30 November 2026" in english.json()["detail"]


def test_a_hearing_is_extended_by_its_own_team_alone(system: System) -> None:
    hearing = system.open_hearing()
    later = {"closes_at": (system.clock.now() + timedelta(weeks=6)).isoformat()}
    assert code(system.post("erik", f"/hearings/{hearing}/extend", later)) == "not-allowed"
    answer = system.post("karen", f"/hearings/{hearing}/extend", later)
    assert (answer.status_code, answer.content) == (204, b"")
    assert code(system.post("karen", f"/hearings/{hearing}/extend", later)) == (
        "hearing-deadline-not-later"
    )
    unknown = system.post("karen", f"/hearings/{UUID(int=7)}/extend", later)
    assert (unknown.status_code, code(unknown)) == (404, "hearing-not-found")


def test_a_stale_version_is_told(system: System) -> None:
    hearing = system.open_hearing()
    later = {"closes_at": (system.clock.now() + timedelta(weeks=6)).isoformat()}
    for given, status, expected in (
        ('"7"', 412, "version-stale"),
        ("7", 400, "if-match-invalid"),
        ('W/"1"', 400, "if-match-invalid"),
        ("*", 400, "if-match-invalid"),
    ):
        answer = system.post(
            "karen", f"/hearings/{hearing}/extend", later, headers={"If-Match": given}
        )
        assert (answer.status_code, code(answer)) == (status, expected)
    answer = system.post("karen", f"/hearings/{hearing}/extend", later, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (204, '"2"')


def test_the_conclusion_answers_the_responses(system: System) -> None:
    hearing = system.open_hearing()
    case = system.respond("anna", hearing).json()["case"]
    other = system.case("bo")
    theme = {"theme": "Trafik", "answer": "Vi laver en rundkørsel.", "responses": [case]}
    body = {"summary": "Et svar.", "answers": [theme]}
    assert code(system.post("karen", f"/hearings/{hearing}/conclude", body)) == "hearing-not-closed"
    system.clock.set(system.clock.now() + timedelta(weeks=5))
    wrong = {"summary": "Et svar.", "answers": [theme | {"responses": [other]}]}
    answer = system.post("karen", f"/hearings/{hearing}/conclude", wrong)
    assert (answer.status_code, code(answer)) == (409, "hearing-response-unknown")
    answer = system.post("karen", f"/hearings/{hearing}/conclude", body)
    assert answer.status_code == 204
    shown = system.get(None, f"/hearings/{hearing}", after=answer).json()
    assert (shown["state"], shown["summary"]) == ("concluded", "Et svar.")
    assert shown["answers"] == [
        {"theme": "Trafik", "answer": "Vi laver en rundkørsel.", "responses": 1}
    ]


def test_a_cancelled_hearing_takes_no_response(system: System) -> None:
    hearing = system.open_hearing()
    assert fields(system.post("karen", f"/hearings/{hearing}/cancel", {"reason": ""})) == {
        "reason": "input-empty"
    }
    assert system.post("karen", f"/hearings/{hearing}/cancel", {"reason": "Fejl"}).is_success
    assert code(system.respond("anna", hearing)) == "hearing-cancelled"
