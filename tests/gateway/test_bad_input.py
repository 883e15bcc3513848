"""Whatever is sent, the answer is a documented code, and nothing has changed."""

import json
import socket
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from tests.gateway.running import System, code, fields, key


@pytest.fixture(scope="module")
def case(whole_system: System) -> str:
    return whole_system.case("anna")


def send(system: System, case: str, content: bytes, **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json", "Idempotency-Key": key()}
    given |= system.headers("anna") | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    return system.client.post(system.url(f"/cases/{case}/messages"), content=content, headers=given)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", {"": "input-not-json"}),
        (b"{", {"": "input-not-json"}),
        (b"[]", {"": "input-wrong-type"}),
        (b"null", {"": "input-wrong-type"}),
        (b"[" * 100_000, {"": "input-not-json"}),
        (b"{}", {"text": "input-missing"}),
        (b'{"text": 1}', {"text": "input-wrong-type"}),
        (b'{"text": ""}', {"text": "input-empty"}),
        (b'{"text": "' + b"a" * 20_001 + b'"}', {"text": "input-too-long"}),
        (b'{"text": "a", "nonsense": 1}', {"nonsense": "input-unknown-field"}),
        (b'{"text": "a", "text": "b"}', {"text": "input-duplicate-key"}),
        (b'{"text": "\\u0000"}', {"": "input-bad-characters"}),
        (b'{"text": "\\ud800"}', {"": "input-bad-characters"}),
        (b'{"text": "\xff"}', {"": "input-not-utf-8"}),
        (b'{"text": NaN}', {"": "input-bad-number"}),
        (b'{"text": 1e999}', {"": "input-bad-number"}),
        (b'{"text": ' + b"9" * 100_000 + b"}", {"": "input-bad-number"}),
        (b'{"text": "a", "documents": ["x"]}', {"documents.0": "input-bad-id"}),
        (b'{"text": "a", "documents": "x"}', {"documents": "input-wrong-type"}),
        (
            json.dumps({"text": "a", "documents": [str(UUID(int=n)) for n in range(21)]}).encode(),
            {"documents": "input-too-many"},
        ),
    ],
)
def test_a_bad_body_is_told_by_field(
    system: System, case: str, content: bytes, expected: dict[str, str]
) -> None:
    before = version(system, case)
    answer = send(system, case, content)
    assert answer.status_code == 422
    assert fields(answer) == expected
    assert all(error["message"] for error in answer.json()["errors"])
    assert version(system, case) == before


def test_text_that_only_looks_like_an_escape_is_kept_as_it_is(system: System, case: str) -> None:
    text = "Skriv \\u0000 her"
    answer = send(system, case, json.dumps({"text": text}).encode())
    assert answer.status_code == 201
    entries = system.get("anna", f"/cases/{case}/timeline", after=answer).json()["entries"]
    assert entries[-1]["text"] == text


def test_only_json_is_read(system: System, case: str) -> None:
    answer = send(system, case, b"text=a", Content_Type="application/x-www-form-urlencoded")
    assert (answer.status_code, code(answer)) == (415, "media-type-unsupported")
    file = system.client.post(
        system.url("/documents"),
        json={},
        headers=system.headers("anna") | {"Idempotency-Key": key()},
    )
    assert (file.status_code, code(file)) == (415, "media-type-unsupported")


def test_too_much_is_said_before_it_has_all_arrived(system: System, case: str) -> None:
    """The answer comes though the body never ends."""
    host, port = system.address.removeprefix("http://").split(":")
    head = [
        f"POST /api/v1/hjorring/cases/{case}/messages HTTP/1.1",
        f"Host: {host}",
        f"Authorization: {system.headers('anna')['Authorization']}",
        "Content-Type: application/json",
        "Content-Length: 100000000",
        f"Idempotency-Key: {key()}",
    ]
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + b'{"text": "' + b"a" * 300_000)
        told = connection.recv(65_536)
    assert told.startswith(b"HTTP/1.1 413")
    assert b"urn:julelys:body-too-large" in told or b"connection: close" in told.lower()


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({"Idempotency-Key": "1"}, 400, "idempotency-key-invalid"),
        ({"Idempotency-Key": "{" + str(UUID(int=9)) + "}"}, 400, "idempotency-key-invalid"),
        ({"If-Match": '"99999999999999999999"'}, 400, "if-match-invalid"),
        ({"If-Match": '"0"'}, 412, "version-stale"),
    ],
)
def test_bad_headers_of_a_command(
    system: System, case: str, headers: dict[str, str], status: int, expected: str
) -> None:
    answer = system.post("anna", f"/cases/{case}/messages", {"text": "Hej"}, headers=headers)
    assert (answer.status_code, code(answer)) == (status, expected)


def test_a_command_without_a_key_is_not_carried_out(system: System, case: str) -> None:
    answer = system.client.post(
        system.url(f"/cases/{case}/messages"), json={"text": "a"}, headers=system.headers("anna")
    )
    assert (answer.status_code, code(answer)) == (400, "idempotency-key-missing")


@pytest.mark.parametrize(
    ("given", "expected"),
    [("x", "position-invalid"), ("-1", "position-invalid"), ("9" * 18, "position-unknown")],
)
def test_a_bad_position(system: System, case: str, given: str, expected: str) -> None:
    answer = system.get("anna", f"/cases/{case}", headers={"Julelys-Position": given})
    assert (answer.status_code, code(answer)) == (400, expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/hearings?state=odd", {"state": "input-not-an-option"}),
        ("/hearings?state=open&state=closed", {"state": "input-duplicate-key"}),
        ("/hearings?nonsense=1", {"nonsense": "input-unknown-field"}),
        ("/calendars/byggeri-natur/slots?from=0001-01-01", {"from": "input-bad-time"}),
        ("/calendars/byggeri-natur/slots?from=1796000000", {"from": "input-bad-time"}),
        ("/calendars/byggeri-natur/slots?from=2026-13-01", {"from": "input-bad-time"}),
        (
            "/calendars/byggeri-natur/slots?from=2026-01-01&to=2028-01-01",
            {"to": "input-out-of-range"},
        ),
        ("/hearings?state=%ff", {"": "input-not-utf-8"}),
        ("/hearings?state=%00", {"state": "input-bad-characters"}),
    ],
)
def test_a_bad_query(system: System, path: str, expected: dict[str, str]) -> None:
    answer = system.get(None, path)
    assert answer.status_code == 422
    assert fields(answer) == expected


@pytest.mark.parametrize(
    "closes_at",
    ["1796000000", 1796000000, "2026-12-24", "2026-12-24T10:00:00", "0001-01-01T00:00:00+14:00"],
)
def test_only_times_with_an_offset_are_times(system: System, closes_at: object) -> None:
    hearing = system.open_hearing()
    answer = system.post("karen", f"/hearings/{hearing}/extend", {"closes_at": closes_at})
    assert fields(answer) == {"closes_at": "input-bad-time"}


def test_a_slot_lies_on_the_day_it_is_published_for(system: System) -> None:
    slot = {
        "starts_at": "2026-12-02T00:30:00+02:00",
        "ends_at": "2026-12-02T01:00:00+02:00",
        "place": "Her",
    }
    url = system.url("/calendars/byggeri-natur/days/2026-12-02")
    answer = system.client.put(url, json={"slots": [slot]}, headers=system.headers("karen"))
    assert fields(answer) == {"slots.0.starts_at": "input-not-that-day"}
    backwards = slot | {"starts_at": "2026-12-02T09:00:00+01:00"}
    answer = system.client.put(url, json={"slots": [backwards]}, headers=system.headers("karen"))
    assert (answer.status_code, code(answer)) == (409, "slot-backwards")


def test_what_is_not_there(system: System) -> None:
    unknown = str(UUID(int=4))
    cases: list[tuple[Callable[[], httpx.Response], str]] = [
        (lambda: system.get("anna", "/nowhere"), "route-not-found"),
        (lambda: system.get("anna", "/cases/"), "route-not-found"),
        (lambda: system.client.get(system.address + "/"), "route-not-found"),
        (lambda: system.get("anna", f"/cases/{unknown}"), "case-not-found"),
        (lambda: system.get("anna", "/cases/x"), "case-not-found"),
        (lambda: system.get("karen", "/queues/nowhere"), "team-not-found"),
        (lambda: system.get(None, f"/hearings/{unknown}"), "hearing-not-found"),
        (lambda: system.get(None, "/services/nothing"), "service-not-found"),
        (lambda: system.get("rikke", f"/audit/cases/{unknown}"), "case-not-found"),
        (
            lambda: system.post(
                "anna",
                "/calendars/byggeri-natur/holds",
                {"slot": "byggeri-natur.2031-01-01.0900-1"},
            ),
            "day-not-found",
        ),
        (
            lambda: system.post(
                "anna", "/calendars/byggeri-natur/holds", {"slot": "andre.2031-01-01.0900-1"}
            ),
            "slot-not-found",
        ),
    ]
    for ask, expected in cases:
        answer = ask()
        assert (answer.status_code, code(answer)) == (404, expected)


def test_other_methods_are_named(system: System, case: str) -> None:
    for path, allowed in (
        (system.url(f"/cases/{case}/messages"), "POST"),
        (system.url("/hearings"), "GET, HEAD, POST"),
        (system.address + "/metrics", "GET, HEAD"),
    ):
        answer = system.client.request("DELETE", path)
        assert (answer.status_code, code(answer)) == (405, "method-not-allowed")
        assert answer.headers["Allow"] == allowed


def version(system: System, case: str) -> str:
    return system.get("rikke", f"/audit/cases/{case}/events").headers["ETag"]
