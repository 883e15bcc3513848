"""Who is refused is in the log, as code and route; what they sent is not."""

from collections.abc import Callable

import httpx
import pytest
import structlog

from gateway.asked import PREFIX
from tests.gateway.running import TEAM, System

SENT = "Skorstensfejer"
CASE = f"{PREFIX}/cases/{{case_id}}"


def refused_of(ask: Callable[[], httpx.Response]) -> list[dict[str, object]]:
    with structlog.testing.capture_logs() as lines:
        assert ask().is_error
    return [dict(line) for line in lines if line["event"] == "request_refused"]


@pytest.mark.parametrize(
    ("person", "path", "route", "code", "level"),
    [
        ("bo", "", CASE, "case-not-found", "info"),
        ("erik", "", CASE, "lookup-reason-missing", "warning"),
        ("vera", "", CASE, "wrong-organisation", "warning"),
        ("admin", "", CASE, "not-allowed", "warning"),
        (None, "", CASE, "login-required", "warning"),
        ("anna", f"/documents/{SENT}", f"{CASE}/documents/{{document_id}}", "document-not-found",
         "info"),
    ],
)  # fmt: skip
def test_who_may_not_look_is_logged(
    system: System, person: str | None, path: str, route: str, code: str, level: str
) -> None:
    case = system.case("anna")
    (line,) = refused_of(lambda: system.get(person, f"/cases/{case}{path}"))
    who = {None: None, "bo": "person:bo", "anna": "person:anna"}
    assert line == {
        "event": "request_refused",
        "log_level": level,
        "code": code,
        "method": "GET",
        "route": route,
        "organisation": "hjorring",
        "person": who.get(person, f"staff:{person}"),
    }
    assert SENT not in str(line)


def test_what_makes_no_sense_is_logged_without_what_it_was(system: System) -> None:
    case = system.case("anna")
    for ask, code in (
        (lambda: system.post("anna", f"/cases/{case}/messages", {SENT: SENT}), "invalid-input"),
        (lambda: system.get("karen", f"/queues/{TEAM}?{SENT}={SENT}"), "invalid-input"),
        (lambda: system.get(None, f"/{SENT}"), "route-not-found"),
        (lambda: system.client.delete(system.url("/hearings")), "method-not-allowed"),
        (lambda: system.get(None, "/cases", headers={"Authorization": SENT}), "token-invalid"),
        (lambda: system.get("anna", "/cases", organisation=SENT), "organisation-not-found"),
    ):
        (line,) = refused_of(ask)
        assert line["code"] == code
        assert SENT not in str(line)


def test_what_a_rule_says_no_to_is_recorded_with_its_command_instead(system: System) -> None:
    case = system.case("anna")
    again = {"reason": "Den er slet ikke lukket."}
    assert refused_of(lambda: system.post("karen", f"/cases/{case}/reopen", again)) == []
