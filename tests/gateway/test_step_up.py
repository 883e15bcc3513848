"""What wants a surer or later login says so and where to go, and is done by whoever went there."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from gateway.openapi import codes_of, door_of
from services.catalogue.service import LoginLevel
from services.clock import SetClock
from services.identity import Login
from services.proving import DEMANDS, Demand, is_recent, is_sure
from tests.gateway.routes import ROUTES
from tests.gateway.running import START, System, code, key
from tests.gateway.visiting import HOME, Visitor

LOW, SUBSTANTIAL, HIGH = LoginLevel.LOW, LoginLevel.SUBSTANTIAL, LoginLevel.HIGH


@pytest.fixture
def system(reception: System) -> System:
    return reception


def logged_in(system: System, person: str, level: str, by: str) -> Visitor:
    visitor = Visitor(system, {})
    visitor.log_in(person, level, by=by)
    return visitor


def pass_time(visitor: Visitor, clock: SetClock, minutes: int) -> None:
    """At the desk all the while, so that the session goes on."""
    for passed in range(20, minutes, 20):
        clock.set(START + timedelta(minutes=passed))
        assert visitor.get(f"{HOME}/me").status_code == 200
    clock.set(START + timedelta(minutes=minutes))


def go(visitor: Visitor, refused: httpx.Response) -> None:
    """Log in once more, as the refusal says."""
    login = str(refused.json()["login"])
    begun = visitor.get(f"{login}&return_to=/back")
    asked = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert asked.get("max_age") == (
        [refused.json()["max_age"]] if "max_age" in refused.json() else None
    )
    person = str(visitor.get(f"{HOME}/me").json()["name"]).partition(" ")[0].lower()
    back = visitor.get(visitor.choose(begun.headers["Location"], person, refused.json()["level"]))
    assert back.headers["Location"] == "/back"


def test_each_service_is_for_logins_of_its_level_and_higher(system: System) -> None:
    visitor = logged_in(system, "anna", "low", "kodeord")
    offered = visitor.get(f"{HOME}/services").json()["services"]
    levels = set()
    for service in offered:
        level = visitor.get(f"{HOME}/services/{service['id']}").json()["login_level"]
        path = f"{HOME}/services/{service['id']}/submissions"
        answer = visitor.post(path, {"answers": {}}, **{"Idempotency-Key": key()})
        found = code(answer)
        if found != "not-allowed":
            assert (found == "login-not-sure") == (level != "low"), (service["id"], answer.text)
            levels.add(level)
    assert levels == {"low", "substantial"}


def test_a_submission_is_made_after_a_surer_login(system: System) -> None:
    visitor = logged_in(system, "anna", "low", "kodeord")
    path = f"{HOME}/services/building-meeting/submissions"
    refused = visitor.post(path, {"answers": {}}, **{"Idempotency-Key": key()})
    assert (refused.status_code, code(refused)) == (401, "login-not-sure")
    assert refused.headers["WWW-Authenticate"] == (
        'Bearer realm="julelys", error="insufficient_user_authentication", '
        'error_description="login-not-sure", acr_values="substantial"'
    )
    assert refused.json()["login"] == f"{HOME}/login/kodeord?level=substantial"
    assert refused.json()["login"] in refused.json()["detail"]
    go(visitor, refused)
    again = visitor.post(path, {"answers": {}}, **{"Idempotency-Key": key()})
    assert code(again) == "invalid-input"


def test_a_decision_is_sent_by_whoever_has_logged_in_lately(system: System) -> None:
    case = system.case("anna")
    visitor = logged_in(system, "karen", "substantial", "ansatte")
    path = f"{HOME}/cases/{case}/decision/{UUID(int=1)}/dispatch"
    body = {"channel": "digital-post"}

    def dispatch() -> httpx.Response:
        return visitor.post(path, body, **{"Idempotency-Key": key()})

    pass_time(visitor, system.clock, 30)
    assert code(dispatch()) != "login-not-recent"
    pass_time(visitor, system.clock, 31)
    refused = dispatch()
    assert (refused.status_code, code(refused)) == (401, "login-not-recent")
    assert 'acr_values="substantial", max_age=1800' in refused.headers["WWW-Authenticate"]
    assert refused.json()["login"] == f"{HOME}/login/ansatte?level=substantial&max_age=1800"
    # What is no such act goes on as before.
    assert visitor.get(f"{HOME}/cases/{case}/timeline").status_code == 200
    go(visitor, refused)
    assert code(dispatch()) != "login-not-recent"


def test_an_auditor_reads_cases_after_a_login_of_the_last_hour(system: System) -> None:
    case = system.case("anna")
    visitor = logged_in(system, "rikke", "substantial", "ansatte")
    pass_time(visitor, system.clock, 61)
    audits = (f"/audit/cases/{case}/events", f"/audit/cases/{case}", "/audit/reads")
    refused = [visitor.get(HOME + path) for path in audits]
    assert {(each.status_code, code(each)) for each in refused} == {(401, "login-not-recent")}
    go(visitor, refused[0])
    assert visitor.get(f"{HOME}/audit/cases/{case}/events").status_code == 200


def test_a_representative_is_named_by_a_sure_login(system: System) -> None:
    case = system.case("anna")
    visitor = logged_in(system, "anna", "low", "kodeord")
    body = {"representative": "person:bo", "basis": "guardianship"}
    path = f"{HOME}/cases/{case}/representatives"
    assert code(visitor.post(path, body, **{"Idempotency-Key": key()})) == "login-not-sure"
    assert visitor.get(f"{HOME}/cases/{case}/parties").status_code == 200


def test_each_route_of_such_an_act_says_so() -> None:
    acts = {door.action for route in ROUTES.values() if (door := door_of(route)) is not None}
    assert {*DEMANDS} <= acts
    for route in ROUTES.values():
        door = door_of(route)
        assert door is not None
        demanding = door.action in DEMANDS
        assert ("login-not-recent" in codes_of(route)) == demanding


@pytest.mark.parametrize("level", LoginLevel)
@pytest.mark.parametrize("demanded", LoginLevel)
def test_a_level_is_enough_for_itself_and_lower_ones(
    level: LoginLevel, demanded: LoginLevel
) -> None:
    order = [LOW, SUBSTANTIAL, HIGH]
    login = Login(level=level, authenticated_at=None)
    enough = order.index(level) >= order.index(demanded)
    assert is_sure(login, Demand(level=demanded)) == enough


def test_a_login_whose_time_nobody_told_is_never_recent() -> None:
    demand = Demand(level=LOW, max_age=timedelta(minutes=30))
    for minutes, expected in ((0, True), (30, True), (31, False), (-1, True)):
        login = Login(level=LOW, authenticated_at=START - timedelta(minutes=minutes))
        assert is_recent(login, demand, START) == expected
    untold = Login(level=HIGH, authenticated_at=None)
    assert not is_recent(untold, demand, START)
    assert is_recent(untold, Demand(level=LOW), START)
