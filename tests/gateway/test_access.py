"""Who may do what: every route against every kind of actor. A route without a row fails."""

import csv
from datetime import timedelta

import pytest

from gateway.asked import PREFIX
from gateway.openapi import door_of
from services.config import ROOT
from tests.gateway.crowd import ACTORS, Crowd
from tests.gateway.routes import EVERY_ROUTE, ROUTES
from tests.gateway.running import System, code

OPEN = "open"
STOPS = {
    "login-required",
    "token-expired",
    "token-invalid",
    "login-not-sure",
    "login-not-recent",
    "wrong-organisation",
    "not-allowed",
    "lookup-reason-missing",
    "case-not-found",
    "hearing-not-found",
    "tender-not-found",
    "not-an-evaluator",
    "team-not-found",
}
"""How somebody is turned away; whoever is let in is told something else, or done as they asked."""

with (ROOT / "tests/gateway/access_matrix.csv").open(encoding="utf-8", newline="") as file:
    MATRIX: dict[str, dict[str, str]] = {
        row.pop("route"): row for row in csv.DictReader(file, strict=True)
    }


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(MATRIX) == set(ROUTES)
    for route, row in MATRIX.items():
        assert list(row) == list(ACTORS), route
        assert set(row.values()) <= {OPEN, *STOPS}, route


def test_every_route_has_a_door_but_these() -> None:
    without = {route.path for route in EVERY_ROUTE if door_of(route) is None}
    assert without == {"/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json"}
    assert all((route.path or "").startswith(PREFIX) or not door_of(route) for route in EVERY_ROUTE)


def versions(crowd: Crowd) -> list[str]:
    cases = (crowd.places["case_id"], crowd.companys_case)
    answers = [crowd.system.get("rikke", f"/audit/cases/{case}/events") for case in cases]
    return [answer.headers["ETag"] for answer in answers]


@pytest.fixture(scope="module")
def before(whole_crowd: Crowd) -> list[str]:
    return versions(whole_crowd)


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("route", MATRIX)
def test_who_is_stopped(crowd: Crowd, route: str) -> None:
    """Bodies are left out: who gets past the door is then told that something is missing."""
    found = {}
    for actor in ACTORS:
        answer = crowd.ask(actor, route)
        told = code(answer) if answer.is_error else OPEN
        found[actor] = told if told in STOPS else OPEN
    assert found == MATRIX[route]


def test_nothing_has_come_of_all_that(crowd: Crowd, before: list[str]) -> None:
    """Asked of the log, so that it says nothing of what somebody was told."""
    assert versions(crowd) == before


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
    before = system.get("rikke", f"/audit/cases/{case}/events").headers["ETag"]
    for person in ("bo", "erik", "vera", "rikke", "admin", None):
        system.post(person, f"/cases/{case}/messages", {"text": "Hej"})
    after = system.get("rikke", f"/audit/cases/{case}/events")
    assert after.headers["ETag"] == before
