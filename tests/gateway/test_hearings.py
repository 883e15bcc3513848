"""Hearings over HTTP: published, extended, concluded, and read by everyone."""

from datetime import timedelta
from uuid import UUID

from tests.files import PDF
from tests.gateway.running import RESPONSE_ANSWERS, TEAM, System, code, fields


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


def test_responses_are_read_sorted_and_answered_point_by_point(system: System) -> None:
    hearing = system.open_hearing()
    below = f"/hearings/{hearing}"
    first = system.respond("anna", hearing)
    last = system.respond(None, hearing)
    told = system.get("karen", f"{below}/responses", after=last).json()
    assert told["after"] is None
    anna, nobody = told["responses"]
    assert (anna["case"], anna["sender"]) == (first.json()["case"], "Anna Andersen")
    assert RESPONSE_ANSWERS["response"] in [
        each["text"] for each in anna["said"] if each["is_long"]
    ]
    assert nobody["sender"] == "Anonym"

    made = system.post("karen", f"{below}/points", {"theme": "Trafik"})
    assert made.status_code == 201
    point = made.json()["point"]
    sorting = f"{below}/responses/{anna['case']}/points"
    assert system.post("karen", sorting, {"points": [point]}).status_code == 204
    other = system.case("bo")
    strange = system.post("karen", f"{below}/responses/{other}/points", {"points": [point]})
    assert code(strange) == "hearing-response-unknown"
    written = {"theme": "Trafik og støj", "answer": "Vi laver en rundkørsel."}
    answer = system.post("lis", f"{below}/points/{point}", written)
    assert system.get("karen", f"{below}/points", after=answer).json()["points"] == [
        {"point": point, **written, "responses": 1}
    ]
    # Nobody outside is told before it is concluded.
    assert system.get(None, below, after=answer).json()["answers"] == []
    for query, cases in ((f"point={point}", [anna["case"]]), ("unsorted=true", [nobody["case"]])):
        found = system.get("karen", f"{below}/responses?{query}", after=answer).json()
        assert [each["case"] for each in found["responses"]] == cases

    system.clock.set(system.clock.now() + timedelta(weeks=5))
    answer = system.post("karen", f"{below}/conclude", {"summary": "To svar."})
    assert answer.status_code == 204
    assert system.get(None, below, after=answer).json()["answers"] == [{**written, "responses": 1}]
    dropped = system.post("karen", f"{below}/points/{point}/drop")
    assert code(dropped) == "hearing-concluded"


def test_a_look_at_the_responses_is_told_to_those_who_gave_them(system: System) -> None:
    hearing = system.open_hearing()
    answer = system.respond("anna", hearing)
    assert system.get("karen", f"/hearings/{hearing}/responses", after=answer).is_success
    reads = system.get("anna", f"/cases/{answer.json()['case']}/reads").json()["reads"]
    assert [(each["shown"], each["purpose"]) for each in reads] == [("responses", "casework")]


def test_the_law_tells_how_long_a_hearing_is_open(system: System) -> None:
    kinds = system.get("karen", "/hearing-kinds").json()["kinds"]
    weeks = {each["kind"]: (each["weeks"], each["earliest"]) for each in kinds}
    assert weeks["municipal-plan"] == (8, "2026-12-28")
    assert weeks["neighbour-notice"] == (2, "2026-11-16")
