"""Logging in by a real browser: there and back, what it opens, and that it is over afterwards."""

import re
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from tests.browser.towns import Town
from tests.browser.visitor import HOME, OURS, Visitor
from tests.gateway.running import RESPONSE_ANSWERS, START

MITID: Final = "MitID and MitID Erhverv"
STAFF: Final = "Staff of Hjørring"
SESSION: Final = "__Host-julelys-session-hjorring"
ISSUERS: Final = "demo_issuer_session"


@pytest.mark.parametrize(
    ("way", "person", "identity", "own"),
    [
        (MITID, "Anna Andersen", "person:anna", "/cases"),
        (MITID, "Tove Tømrer", "person:tomrer", "/cases"),
        (STAFF, "Karen Kristensen", "staff:karen", "/queues/byggeri-natur"),
    ],
)
def test_somebody_logs_in_comes_to_what_is_theirs_and_out_again_at_both(
    visitor: Visitor, way: str, person: str, identity: str, own: str
) -> None:
    visitor.log_in(way, person)
    shown = visitor.shown()
    assert shown["id"] == identity
    assert {SESSION, ISSUERS} == visitor.cookies()

    visitor.at_our_page()
    assert visitor.page.evaluate("document.cookie") == ""
    assert visitor.ask("GET", own).status == 200
    mine = visitor.ask("GET", "/me/sessions").json()["sessions"]
    assert isinstance(mine, list)
    assert len([each for each in mine if each["is_this"]]) == 1

    _step_up(visitor, person)
    visitor.at_our_page()
    address = str(visitor.change("/logout").json()["address"])
    visitor.page.goto(address)
    assert visitor.page.url.startswith(f"{visitor.site}{HOME}/login/ended")
    assert visitor.page.get_by_role("heading").inner_text() == "You are logged out"
    assert visitor.cookies() == set()
    visitor.at_our_page()
    assert visitor.ask("GET", own).code == "login-required"


def _step_up(visitor: Visitor, person: str) -> None:
    """Log in once more and more surely, by the same way, and come back to where one was."""
    before = visitor.me()
    assert before["level"] == "substantial"
    session = before["session"]
    assert isinstance(session, dict)
    visitor.open(f"{HOME}/login/{session['issuer']}?level=high&max_age=0&return_to={OURS}")
    visitor.choose(person, "Høj")
    visitor.page.wait_for_url(visitor.site + OURS)
    visitor.at_our_page()
    after = visitor.me()
    assert (after["id"], after["level"]) == (before["id"], "high")
    assert isinstance(after["session"], dict)
    assert after["session"]["id"] != session["id"]


def test_a_citizen_submits_and_has_the_case(visitor: Visitor, town: Town) -> None:
    hearing = town.system.open_hearing()
    visitor.log_in(MITID, "Anna Andersen")
    visitor.at_our_page()
    body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
    without = visitor.ask("POST", "/services/hearing-response/submissions", body)
    assert (without.status, without.code) == (403, "csrf-token-missing")
    answer = visitor.change("/services/hearing-response/submissions", body)
    assert answer.status == 201, answer.text
    position = answer.headers["julelys-position"]
    cases = visitor.ask("GET", "/cases", Julelys_Position=position).json()["cases"]
    assert isinstance(cases, list)
    assert answer.json()["case"] in [each["case"] for each in cases]


def test_another_site_can_neither_read_nor_change_anything(visitor: Visitor) -> None:
    visitor.log_in(MITID, "Anna Andersen")
    # Another site to the browser, and the very same server.
    theirs = visitor.site.replace("127.0.0.1", "localhost") + "/theirs"
    form = f'<form method="post" action="{visitor.site}{HOME}/logout"><button>Win</button></form>'
    visitor.page.route(theirs, lambda route: route.fulfill(content_type="text/html", body=form))
    visitor.page.goto(theirs)
    ask = "address => fetch(address, {method: 'POST', mode: 'no-cors', credentials: 'include'})"
    visitor.page.evaluate(
        f"{ask}.then(() => 'answered', () => 'refused')", f"{visitor.site}{HOME}/logout"
    )
    visitor.page.get_by_role("button").click()
    visitor.page.wait_for_url(re.compile("/logout$"))
    visitor.at_our_page()
    assert visitor.me()["id"] == "person:anna"


@pytest.mark.parametrize(
    ("person", "level", "code"),
    [
        ("Anna Andersen", "Lav", "login-level-too-low"),
        ("Afbryd", "Betydelig", "login-denied"),
    ],
)
def test_a_login_that_is_refused_says_what_to_do(
    visitor: Visitor, person: str, level: str, code: str
) -> None:
    visitor.log_in(MITID, person, level)
    assert visitor.page.url.startswith(f"{visitor.site}{HOME}/login/callback/mitid")
    assert visitor.page.get_by_text(code, exact=True).is_visible()
    assert visitor.page.get_by_role("heading").inner_text()
    assert SESSION not in visitor.cookies()
    visitor.page.get_by_role("link", name="Log in again").click()
    assert visitor.page.get_by_role("heading").inner_text() == "Log in: Hjørring Municipality"


def test_an_act_that_wants_a_later_login_is_done_after_one(visitor: Visitor, town: Town) -> None:
    case = town.system.case("anna")
    visitor.log_in(STAFF, "Karen Kristensen")
    visitor.at_our_page()
    for minutes in (20, 40):
        town.system.clock.set(START + timedelta(minutes=minutes))
        assert visitor.me()["id"] == "staff:karen"
    path = f"/cases/{case}/decision/{UUID(int=1)}/dispatch"
    refused = visitor.change(path, {"channel": "digital-post"})
    assert (refused.status, refused.code) == (401, "login-not-recent")
    visitor.open(f"{refused.json()['login']}&return_to={OURS}")
    visitor.choose("Karen Kristensen")
    visitor.page.wait_for_url(visitor.site + OURS)
    visitor.at_our_page()
    assert visitor.change(path, {"channel": "digital-post"}).code == "kind-not-decided"
