"""Who may do what: every route against every kind of actor. A route without a row fails."""

from datetime import timedelta

import pytest

from gateway.asked import PREFIX
from gateway.openapi import door_of
from tests.gateway.routes import EVERY_ROUTE, ROUTES
from tests.gateway.running import System, code, key

PERSONS = (None, "anna", "bo", "tomrer", "karen", "lis", "erik", "vera", "rikke", "ulla", "admin")
"""Nobody, the case's party, two strangers, its team and its leader, another team, another
organisation, an auditor, a committee member and an administrator."""

OPEN = "open"
PUBLIC = dict.fromkeys(PERSONS, OPEN)
LOGIN, ALLOWED, FOREIGN, HIDDEN = (
    "login-required",
    "not-allowed",
    "wrong-organisation",
    "case-not-found",
)
REASON = "lookup-reason-missing"
NO_STAFF = {
    "karen": ALLOWED,
    "lis": ALLOWED,
    "erik": ALLOWED,
    "vera": FOREIGN,
    "rikke": ALLOWED,
    "ulla": ALLOWED,
    "admin": ALLOWED,
}
NO_PARTY = {"anna": ALLOWED, "bo": ALLOWED, "tomrer": ALLOWED}
PARTY = {None: LOGIN, "anna": OPEN, "bo": OPEN, "tomrer": OPEN} | NO_STAFF
ITS_PARTY = {None: LOGIN, "anna": OPEN, "bo": HIDDEN, "tomrer": HIDDEN} | NO_STAFF
LOOK = ITS_PARTY | {"karen": OPEN, "lis": OPEN, "erik": REASON}
WRITE = ITS_PARTY | {"karen": OPEN, "lis": OPEN}
TEAM = {None: LOGIN} | NO_PARTY | NO_STAFF | {"karen": OPEN, "lis": OPEN}
# Which team a new hearing is for stands in the body; the journal is that of one's own teams.
ANY_TEAM = TEAM | {"erik": OPEN}
STAFF = ANY_TEAM
UPLOAD = PARTY | {"karen": OPEN, "lis": OPEN, "erik": OPEN}
STATISTICS = {None: LOGIN} | NO_PARTY | NO_STAFF | {"lis": OPEN, "rikke": OPEN}
AUDIT = {None: LOGIN} | NO_PARTY | NO_STAFF | {"rikke": OPEN}

MATRIX: dict[str, dict[str | None, str]] = {
    "GET /services": PUBLIC,
    "GET /services/{service}": PUBLIC,
    # This service asks nobody who they are; tests/gateway/test_anonymous.py has those that do.
    "POST /services/{service}/submissions": PARTY | {None: OPEN},
    "POST /documents": UPLOAD,
    "GET /documents/{document_id}": UPLOAD,
    "GET /addresses": UPLOAD,
    "GET /cases/{case_id}/property": LOOK,
    "POST /cases/{case_id}/property": TEAM,
    "GET /hearings": PUBLIC,
    "GET /hearings/{hearing_id}": PUBLIC,
    "GET /hearings/{hearing_id}/documents/{document_id}": PUBLIC,
    "POST /hearings": ANY_TEAM,
    "POST /hearings/{hearing_id}/extend": TEAM,
    "POST /hearings/{hearing_id}/material": TEAM,
    "POST /hearings/{hearing_id}/conclude": TEAM,
    "POST /hearings/{hearing_id}/cancel": TEAM,
    "GET /calendars/{team}/slots": PUBLIC,
    "POST /calendars/{team}/holds": PARTY,
    "PUT /calendars/{team}/days/{date}": TEAM,
    "GET /cases": PARTY,
    "GET /cases/{case_id}": LOOK,
    "GET /cases/{case_id}/documents/{document_id}": LOOK,
    "GET /cases/{case_id}/meeting.ics": LOOK,
    "GET /cases/{case_id}/receipt.pdf": LOOK,
    "GET /cases/{case_id}/decision/{decision_id}/letter.pdf": LOOK,
    "GET /cases/{case_id}/reads": ITS_PARTY,
    "PUT /cases/{case_id}/lookup-reason": STAFF,
    "GET /cases/{case_id}/timeline": LOOK,
    "GET /cases/{case_id}/timeline/stream": LOOK,
    "POST /cases/{case_id}/messages": WRITE,
    "POST /cases/{case_id}/documents": WRITE,
    "POST /cases/{case_id}/documents/{document_id}/redacted": TEAM,
    "POST /cases/{case_id}/reschedule": ITS_PARTY,
    "POST /cases/{case_id}/withdraw": ITS_PARTY,
    "POST /cases/{case_id}/claim": TEAM,
    "GET /cases/{case_id}/parties": LOOK,
    "POST /cases/{case_id}/parties": TEAM,
    "POST /cases/{case_id}/parties/remove": TEAM,
    "POST /cases/{case_id}/parties/protection": TEAM,
    "POST /cases/{case_id}/representatives": ITS_PARTY,
    "POST /cases/{case_id}/representatives/appoint": TEAM,
    "POST /cases/{case_id}/representatives/decline": TEAM,
    "POST /cases/{case_id}/representatives/end": WRITE,
    "POST /cases/{case_id}/assign": TEAM,
    "POST /cases/{case_id}/release": TEAM,
    "POST /cases/{case_id}/transfer": TEAM,
    "POST /cases/{case_id}/close": TEAM,
    "POST /cases/{case_id}/reopen": TEAM,
    "POST /cases/{case_id}/information-requests": TEAM,
    "POST /cases/{case_id}/information-requests/{request_id}/withdraw": TEAM,
    "POST /cases/{case_id}/information-requests/{request_id}/answer": ITS_PARTY,
    "POST /cases/{case_id}/party-hearing": TEAM,
    "POST /cases/{case_id}/party-hearing/{round_id}/answer": ITS_PARTY,
    "POST /cases/{case_id}/party-hearing-exemption": TEAM,
    "POST /cases/{case_id}/decision": TEAM,
    "POST /cases/{case_id}/decision/{decision_id}/dispatch": TEAM,
    "POST /cases/{case_id}/decision/{decision_id}/correct": TEAM,
    "POST /cases/{case_id}/complete": TEAM,
    "POST /cases/{case_id}/inspections": TEAM,
    "POST /cases/{case_id}/inspections/{inspection_id}/held": TEAM,
    "POST /cases/{case_id}/completion": ITS_PARTY,
    "POST /cases/{case_id}/completion/accept": TEAM,
    "POST /cases/{case_id}/reassess": TEAM,
    "POST /cases/{case_id}/forward": TEAM,
    "POST /cases/{case_id}/board-decision": TEAM,
    "POST /cases/{case_id}/answer-complaint": TEAM,
    "POST /cases/{case_id}/deadlines/{deadline}/extend": TEAM,
    "POST /cases/{case_id}/messages/{message_id}/read": WRITE,
    "GET /cases/{case_id}/notes": TEAM,
    "POST /cases/{case_id}/notes": TEAM,
    "GET /queues/{team}": TEAM,
    "POST /queues/{team}/bulk": TEAM,
    "GET /colleagues/{person}/absences": TEAM,
    "POST /colleagues/{person}/absences": TEAM,
    "POST /colleagues/{person}/absences/{absence_id}/cancel": TEAM,
    "GET /statistics": STATISTICS,
    "GET /statistics.csv": STATISTICS,
    "GET /me/filters": ANY_TEAM,
    "GET /me/filters/{filter}": ANY_TEAM,
    "PUT /me/filters/{filter}": ANY_TEAM,
    "DELETE /me/filters/{filter}": ANY_TEAM,
    "GET /me/notifications": PARTY,
    "PUT /me/notifications": PARTY,
    "GET /post": ANY_TEAM,
    "GET /post/{case_id}/letters/{notification}": TEAM,
    "POST /post/{case_id}/retry": TEAM,
    "POST /post/{case_id}/paper": TEAM,
    "POST /post/{case_id}/posted": TEAM,
    "GET /journal": ANY_TEAM,
    "GET /journal/{case_id}/choice": TEAM,
    "POST /journal/{case_id}/choose-case": TEAM,
    "POST /journal/{case_id}/retry": TEAM,
    "GET /journal/hearings/{hearing_id}/choice": TEAM,
    "POST /journal/hearings/{hearing_id}/choose-case": TEAM,
    "POST /journal/hearings/{hearing_id}/retry": TEAM,
    "GET /audit/cases/{case_id}/events": AUDIT,
    "GET /audit/cases/{case_id}": AUDIT,
    "GET /audit/reads": AUDIT,
    "GET /audit/reads/spot-check": AUDIT,
    "GET /login": PUBLIC,
    "GET /login/ended": PUBLIC,
    "GET /login/{issuer}": PUBLIC,
    "GET /login/callback/{issuer}": PUBLIC,
    "POST /login/back-channel/{issuer}": PUBLIC,
    "POST /logout": PUBLIC,
    # For browsers with a session; a bearer token is none.
    "GET /me": dict.fromkeys(PERSONS, OPEN) | {None: LOGIN, "vera": FOREIGN},
    "GET /me/sessions": dict.fromkeys(PERSONS, LOGIN) | {"vera": FOREIGN},
    "POST /me/sessions/{session_id}/end": dict.fromkeys(PERSONS, LOGIN) | {"vera": FOREIGN},
}
STOPS = {LOGIN, ALLOWED, FOREIGN, HIDDEN, REASON}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(MATRIX) == set(ROUTES)
    assert all(set(row) == set(PERSONS) for row in MATRIX.values())


def test_every_route_has_a_door_but_these() -> None:
    without = {route.path for route in EVERY_ROUTE if door_of(route) is None}
    assert without == {"/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json"}
    assert all((route.path or "").startswith(PREFIX) or not door_of(route) for route in EVERY_ROUTE)


@pytest.mark.parametrize("route", MATRIX)
def test_who_is_stopped(system: System, places: dict[str, str], route: str) -> None:
    """Bodies are left out: who gets past the door is then told that something is missing."""
    method, path = route.split(" ")
    url = system.url(path.format_map(places))
    for person, expected in MATRIX[route].items():
        headers = system.headers(person) | {"Idempotency-Key": key()}
        if path.endswith("/stream"):
            # Someone let in would stay; a malformed resumption is turned away behind the door.
            headers["Last-Event-ID"] = "x"
        if route.endswith(
            ("/withdraw", "/close", "/claim", "/release", "/complete", "/accept", "/read")
        ):
            headers["Content-Type"] = "text/plain"
        answer = system.client.request(method, url, headers=headers)
        found = code(answer) if answer.is_error else OPEN
        assert (found if found in STOPS else OPEN) == expected, (route, person, answer.text)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer", "token-invalid"),
        ("Basic YTpi", "token-invalid"),
        ("Bearer a.b.c", "token-invalid"),
        ("Bearer " + "a" * 5_000, "token-invalid"),
    ],
)
def test_a_bad_token_is_a_challenge(system: System, header: str, expected: str) -> None:
    answer = system.get(None, "/cases", headers={"Authorization": header})
    assert (answer.status_code, code(answer)) == (401, expected)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_ends_after_thirty_days(system: System) -> None:
    token = system.headers("anna")
    assert system.get(None, "/cases", headers=token).status_code == 200
    system.clock.set(system.clock.now() + timedelta(days=30))
    answer = system.get(None, "/cases", headers=token)
    assert (answer.status_code, code(answer)) == (401, "token-expired")


def test_unknown_organisations_and_other_organisations_cases_are_not_there(
    system: System, places: dict[str, str]
) -> None:
    assert code(system.get("anna", "/cases", organisation="atlantis")) == "organisation-not-found"
    answer = system.get("anna", f"/cases/{places['case_id']}", organisation="vejle")
    assert (answer.status_code, code(answer)) == (404, "case-not-found")


def test_a_hearing_is_published_by_a_team_of_ones_own(system: System) -> None:
    body = {
        "kind": "local-plan",
        "title": "Lokalplan",
        "description": "For en andens team",
        "team": "byggeri-natur",
        "closes_at": (system.clock.now() + timedelta(weeks=5)).isoformat(),
    }
    assert code(system.post("erik", "/hearings", body)) == "not-allowed"
    assert code(system.post("erik", "/hearings", body | {"team": "nowhere"})) == "team-not-found"


def test_what_is_refused_at_the_door_changes_nothing(
    system: System, places: dict[str, str]
) -> None:
    case = places["case_id"]
    before = system.get("karen", f"/cases/{case}").headers["ETag"]
    for person in ("bo", "erik", "vera", "rikke", "admin", None):
        system.post(person, f"/cases/{case}/messages", {"text": "Hej"})
    after = system.get("rikke", f"/audit/cases/{case}/events")
    assert after.headers["ETag"] == before
