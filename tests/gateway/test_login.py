"""Logging in and out by a browser, over HTTP, at a gateway whose organisation has a login.yaml."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.database import connect
from tests.gateway.running import START, System, code
from tests.gateway.visiting import HOME, Visitor
from tests.services.login_examples import CPR

HTML: Final = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def system(reception: System) -> System:
    return reception


@pytest.fixture
def visitor(system: System) -> Visitor:
    return Visitor(system, {})


def test_the_ways_to_log_in_are_told(system: System) -> None:
    told = system.get(None, "/login", headers={"Accept-Language": "en"}).json()
    assert told == {
        "ways": [
            {
                "issuer": "mitid",
                "title": "MitID (Danish eID)",
                "admits": ["citizens", "companies"],
                "level": "substantial",
                "path": f"{HOME}/login/mitid",
            },
            {
                "issuer": "kodeord",
                "title": "Password",
                "admits": ["citizens"],
                "level": "low",
                "path": f"{HOME}/login/kodeord",
            },
            {
                "issuer": "ansatte",
                "title": "Staff",
                "admits": ["staff"],
                "level": "substantial",
                "path": f"{HOME}/login/ansatte",
            },
        ]
    }


def test_a_browser_logs_in_by_cookies_that_nothing_else_can_set(visitor: Visitor) -> None:
    begun = visitor.get(f"{HOME}/login/mitid?return_to=/cases")
    assert begun.headers["Cache-Control"] == "no-store"
    (given,) = begun.headers.get_list("Set-Cookie")
    assert given.startswith("__Host-julelys-login-hjorring=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {*given.split("; ")}
    assert "Domain" not in given

    back = visitor.get(visitor.choose(begun.headers["Location"], "anna"))
    assert (back.status_code, back.headers["Location"]) == (303, "/cases")
    session, over = back.headers.get_list("Set-Cookie")
    assert session.startswith("__Host-julelys-session-hjorring=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {*session.split("; ")}
    assert "Max-Age=0" in over
    assert [*visitor.cookies] == ["__Host-julelys-session-hjorring"]

    (mine,) = visitor.get(f"{HOME}/me/sessions").json()["sessions"]
    assert mine["is_this"]
    assert (mine["issuer"], mine["level"]) == ("mitid", "substantial")
    told = visitor.get(f"{HOME}/me/sessions").text
    assert CPR not in told
    assert "Anna" not in told


def test_a_test_person_comes_to_their_own_cases(visitor: Visitor, system: System) -> None:
    before = owners(system)
    visitor.log_in("anna")
    assert owners(system) - before <= {"person:anna"} <= owners(system)


def owners(system: System) -> set[object]:
    """Whose sessions there are."""
    assert system.config.database_url is not None
    with connect(system.config.database_url, "hjorring") as db:
        return {owner for (owner,) in db.execute("SELECT owner FROM login_session").fetchall()}


def test_a_login_that_fails_is_told_to_people_as_a_page_and_to_scripts_as_a_problem(
    visitor: Visitor,
) -> None:
    begun = visitor.get(f"{HOME}/login/mitid")
    path = visitor.choose(begun.headers["Location"], "anna", "low")
    page = visitor.get(path, **HTML, Accept_Language="en")
    assert page.status_code == 400
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Your login is not secure enough for this" in page.text
    assert "login-level-too-low" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert visitor.cookies == {}
    again = visitor.get(path)
    assert (again.status_code, code(again)) == (400, "login-state-unknown")


def test_a_refusal_page_shows_nothing_of_what_was_sent(visitor: Visitor) -> None:
    page = visitor.get(f"{HOME}/login/callback/mitid?state=<script>&error=<script>", **HTML)
    assert page.status_code == 400
    assert "<script" not in page.text


@pytest.mark.parametrize(
    ("path", "status", "refused"),
    [
        ("/login/nowhere", 404, "login-issuer-not-found"),
        ("/login/callback/nowhere?state=x", 404, "login-issuer-not-found"),
        ("/login/mitid?return_to=//evil.example", 400, "login-return-invalid"),
        ("/login/mitid?level=extreme", 422, "invalid-input"),
        ("/login/mitid?max_age=-1", 422, "invalid-input"),
        ("/login/callback/mitid", 400, "login-state-missing"),
        ("/login/callback/mitid?state=x&state=y", 400, "login-response-duplicate"),
        ("/login/callback/mitid?state=x&code=" + "y" * 9_000, 400, "login-response-too-large"),
        ("/me/sessions", 401, "login-required"),
    ],
)
def test_what_makes_no_sense_is_refused(
    visitor: Visitor, path: str, status: int, refused: str
) -> None:
    answer = visitor.get(HOME + path)
    assert (answer.status_code, code(answer)) == (status, refused)


def test_a_session_of_one_organisation_is_none_in_another_and_a_token_is_none(
    visitor: Visitor, system: System
) -> None:
    visitor.log_in()
    cookie = visitor.cookies["__Host-julelys-session-hjorring"]
    assert code(visitor.get("/api/v1/vejle/me/sessions")) == "organisation-not-found"
    assert code(system.get("anna", "/me/sessions")) == "login-required"
    other = replace(visitor, cookies={"__Host-julelys-session-vejle": cookie})
    assert code(other.get(f"{HOME}/me/sessions")) == "login-required"


def test_whoever_logs_out_is_out(visitor: Visitor) -> None:
    visitor.log_in()
    kept = dict(visitor.cookies)
    answer = visitor.post(f"{HOME}/logout", Sec_Fetch_Site="same-origin")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    address = answer.json()["address"]
    asked = parse_qs(urlsplit(address).query)
    assert asked["post_logout_redirect_uri"] == [f"{visitor.system.address}{HOME}/login/ended"]
    assert CPR not in address
    assert visitor.cookies == {}
    assert code(replace(visitor, cookies=kept).get(f"{HOME}/me/sessions")) == "session-ended"
    ended = visitor.get(f"{HOME}/login/ended?state=x")
    assert "Du er logget ud" in ended.text
    assert visitor.post(f"{HOME}/logout").json() == {"address": None}


def test_another_site_cannot_have_a_browser_log_out(visitor: Visitor) -> None:
    visitor.log_in()
    # The browser keeps the cookie from another site's form, and would drop it if told to.
    for sender in (visitor, Visitor(visitor.system, {})):
        for site in ("cross-site", "same-site"):
            answer = sender.post(f"{HOME}/logout", **{"Sec-Fetch-Site": site})
            assert (answer.status_code, code(answer)) == (403, "request-cross-site")
            assert "Set-Cookie" not in answer.headers
    assert visitor.get(f"{HOME}/me/sessions").status_code == 200


def test_sessions_on_other_devices_are_seen_and_ended_and_only_ones_own(
    visitor: Visitor, system: System
) -> None:
    phone, stranger = Visitor(system, {}), Visitor(system, {})
    visitor.log_in("tomrer")
    system.clock.set(START + timedelta(minutes=1))
    phone.log_in("tomrer")
    stranger.log_in("bo")
    mine = visitor.get(f"{HOME}/me/sessions").json()["sessions"]
    assert [each["is_this"] for each in mine] == [False, True]
    (theirs,) = stranger.get(f"{HOME}/me/sessions").json()["sessions"]

    def end(session: str) -> httpx.Response:
        return visitor.post(f"{HOME}/me/sessions/{session}/end")

    assert code(end(theirs["id"])) == code(end("nonsense")) == "session-not-found"
    assert end(mine[0]["id"]).status_code == 204
    assert code(phone.get(f"{HOME}/me/sessions")) == "session-ended"
    assert stranger.get(f"{HOME}/me/sessions").status_code == 200
    assert visitor.get(f"{HOME}/me/sessions").status_code == 200


def test_an_issuer_ends_a_session_by_its_back_channel(visitor: Visitor, system: System) -> None:
    begun = visitor.get(f"{HOME}/login/mitid")
    address = begun.headers["Location"]
    told = httpx.post(address, data={"person": "anna", "level": "high"})
    visitor.get(told.headers["Location"].removeprefix(system.address))
    for body, refused in (
        ({}, "login-token-malformed"),
        ({"logout_token": "x.y.z"}, "login-token-malformed"),
        ({"logout_token": "x" * 70_000}, "body-too-large"),
    ):
        url = system.url("/login/back-channel/mitid")
        answer = system.client.post(url, data=body)
        assert code(answer) == refused
    assert visitor.get(f"{HOME}/me/sessions").status_code == 200


def test_a_session_that_is_idle_for_half_an_hour_is_over(visitor: Visitor, system: System) -> None:
    visitor.log_in()
    system.clock.set(START + timedelta(minutes=29))
    assert visitor.get(f"{HOME}/me/sessions").status_code == 200
    system.clock.set(START + timedelta(minutes=59))
    assert code(visitor.get(f"{HOME}/me/sessions")) == "session-ended"


def test_the_level_that_a_matter_wants_is_asked_for(visitor: Visitor) -> None:
    begun = visitor.get(f"{HOME}/login/mitid?level=high&max_age=300", Accept_Language="en")
    asked = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert re.search('"loa_value":"high"', asked["idp_params"][0])
    assert (asked["max_age"], asked["ui_locales"]) == (["300"], ["en"])
    path = visitor.choose(begun.headers["Location"], "anna", "substantial")
    assert code(visitor.get(path)) == "login-level-too-low"


def test_a_browser_is_shown_a_page_of_the_ways(visitor: Visitor) -> None:
    page = visitor.get(f"{HOME}/login", **HTML, Accept_Language="en")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Log in: Hjørring" in page.text
    # Back to something of ours, where a browser did not say what it came for.
    home = "return_to=%2Fapi%2Fv1%2Fhjorring%2Fme"
    assert f'<a href="{HOME}/login/mitid?{home}">MitID (Danish eID)</a>' in page.text
    assert f'<a href="{HOME}/login/ansatte?{home}">Staff</a>' in page.text
    chosen = visitor.get(f"{HOME}/login?return_to=/x%22%3E%3Cb%3E", **HTML)
    assert "return_to=%2Fx%22%3E%3Cb%3E" in chosen.text
    assert "<b>" not in chosen.text


def test_a_refused_login_leads_to_another_try(visitor: Visitor) -> None:
    page = visitor.get(f"{HOME}/login/callback/mitid?state=x&code=y", **HTML)
    assert f'<a href="{HOME}/login">Log ind igen</a>' in page.text
