"""What the framework would let pass, or say in its own words, is held to ours."""

import asyncio
import json
from typing import Annotated

import httpx
import pytest
from pydantic import Field, ValidationError
from starlette.types import Receive, Scope, Send

from events.hearing import HearingKind
from gateway.bodies import Body, told_by_field
from gateway.edge import Edge
from gateway.fields import Day, DocumentIds, Id, Moment
from gateway.headers import SAFE_HEADERS
from tests.gateway.running import TEAM, System, code, fields, key

UUID_TEXT = "00000000-0000-0000-0000-000000000001"


class Everything(Body):
    count: int = 1
    text: str = "a"
    is_so: bool = True
    id: Id | None = None
    ids: DocumentIds = ()
    day: Day | None = None
    at: Moment | None = None
    kind: Annotated[HearingKind, Field(strict=False)] = HearingKind.LOCAL_PLAN


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("count", "1", "input-wrong-type"),
        ("count", 1.0, "input-wrong-type"),
        ("count", True, "input-wrong-type"),
        ("text", 1, "input-wrong-type"),
        ("is_so", "true", "input-wrong-type"),
        ("is_so", 1, "input-wrong-type"),
        ("id", 1, "input-bad-id"),
        ("id", "x", "input-bad-id"),
        ("ids", UUID_TEXT, "input-wrong-type"),
        ("ids", {UUID_TEXT: 1}, "input-wrong-type"),
        ("day", 20261224, "input-bad-time"),
        ("day", "2026-12-24T10:00:00Z", "input-bad-time"),
        ("at", "2026-12-24", "input-bad-time"),
        ("kind", "nonsense", "input-not-an-option"),
        ("kind", 1, "input-not-an-option"),
    ],
)
def test_a_value_of_another_type_is_refused(field: str, given: object, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate({field: given})
    (error,) = told_by_field(caught.value.errors()).errors
    assert (error.field.partition(".")[0], error.code) == (field, expected)


def test_what_json_has_no_type_for_is_read_from_text() -> None:
    read = Everything.model_validate(
        {
            "id": UUID_TEXT,
            "ids": [UUID_TEXT],
            "day": "2026-12-24",
            "at": "2026-12-24T10:00:00+01:00",
            "kind": HearingKind.LOCAL_PLAN.value,
        }
    )
    assert read == Everything.model_validate_json(read.model_dump_json())
    assert (str(read.id), str(read.day)) == (UUID_TEXT, "2026-12-24")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (None, "login-required"),
        ("vera", "wrong-organisation"),
        ("rikke", "not-allowed"),
        ("bo", "case-not-found"),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_who_may_not_ask_is_not_told_what_is_wrong_with_it(
    system: System, person: str | None, expected: str, kind: str
) -> None:
    case = system.case("anna")
    headers = system.headers(person) | {"Content-Type": kind, "Idempotency-Key": "x"}
    url = system.url(f"/cases/{case}/messages")
    answer = system.client.post(url, content=b"{", headers=headers)
    assert code(answer) == expected
    queue = system.client.get(
        system.url(f"/queues/{TEAM}?limit=0&limit=x"), headers=system.headers(person)
    )
    assert code(queue) == (expected if person != "bo" else "not-allowed")


@pytest.mark.parametrize(
    ("content", "kind", "status", "expected"),
    [
        (b"null", "application/json", 422, "invalid-input"),
        (b"", "application/json", 422, "invalid-input"),
        (b"", "text/plain", 415, "media-type-unsupported"),
        (b"{}", None, 415, "media-type-unsupported"),
        (b"{}", "application/merge-patch+json", 415, "media-type-unsupported"),
    ],
)
def test_a_body_that_may_be_left_out_is_read_as_strictly(
    system: System, content: bytes, kind: str | None, status: int, expected: str
) -> None:
    case = system.case("anna")
    headers = system.headers("anna") | {"Idempotency-Key": key()}
    headers |= {} if kind is None else {"Content-Type": kind}
    url = system.url(f"/cases/{case}/withdraw")
    answer = system.client.post(url, content=content, headers=headers)
    assert (answer.status_code, code(answer)) == (status, expected)
    told = system.get("rikke", f"/audit/cases/{case}").json()
    assert told["events"][-1]["name"] != "case.withdrawn.v1"
    left_out = system.client.post(url, headers=system.headers("anna") | {"Idempotency-Key": key()})
    assert left_out.status_code == 204


def test_the_body_is_told_before_the_key_that_is_missing(system: System) -> None:
    url = system.url(f"/cases/{system.case('anna')}/messages")
    answer = system.client.post(url, json={"text": 1}, headers=system.headers("anna"))
    assert fields(answer) == {"text": "input-wrong-type"}


def test_a_path_that_names_nothing_is_not_found_by_those_who_may_ask(system: System) -> None:
    for person, path, expected in (
        ("anna", "/cases/{00000000-0000-0000-0000-000000000001}", "case-not-found"),
        (None, "/cases/x", "login-required"),
        (None, "/hearings/00000000000000000000000000000001", "hearing-not-found"),
        ("rikke", "/audit/cases/x/events", "case-not-found"),
        ("anna", f"/cases/{system.case('anna')}/documents/x", "document-not-found"),
    ):
        assert code(system.get(person, path)) == expected, path
    url = system.url(f"/calendars/{TEAM}/days/20261224")
    answer = system.client.put(url, json={"slots": []}, headers=system.headers("karen"))
    assert (answer.status_code, code(answer)) == (404, "day-not-found")


def test_what_can_be_got_can_be_asked_about(system: System) -> None:
    case = system.case("anna")
    for path in (
        system.url("/cases"),
        system.url("/hearings?state=open"),
        system.url(f"/cases/{case}/timeline"),
        system.url("/services/building-meeting"),
        system.address + "/health/live",
        system.address + "/docs",
        system.address + "/openapi.json",
    ):
        got = system.client.get(path, headers=system.headers("anna"))
        head = system.client.head(path, headers=system.headers("anna"))
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["Content-Length"]) > 0
        names = ("Content-Type", "Vary", "Cross-Origin-Opener-Policy")
        assert [head.headers.get(name) for name in names] == [
            got.headers.get(name) for name in names
        ]
    stream = system.client.head(
        system.url(f"/cases/{case}/timeline/stream"), headers=system.headers("anna")
    )
    assert (stream.status_code, stream.headers["Content-Type"]) == (200, "text/event-stream")
    assert system.client.head(system.url("/cases")).status_code == 401


def test_a_crash_is_told_as_our_own_fault() -> None:
    async def crashing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("nobody foresaw this")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Edge(crashing))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/", headers={"Accept-Language": "en"})

    answer = asyncio.run(ask())
    assert (answer.status_code, code(answer)) == (500, "internal-error")
    assert "nobody foresaw this" not in answer.text
    assert answer.headers["Content-Language"] == "en"
    for name, value in SAFE_HEADERS:
        assert answer.headers[name.decode()] == value.decode()


def test_half_an_answer_is_cut_off() -> None:
    """So that nobody takes it for whole."""
    sent: list[str] = []

    async def crashing(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError("nobody foresaw this")

    async def send(message: dict[str, object]) -> None:
        sent.append(str(message["type"]))

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(LookupError):
        asyncio.run(Edge(crashing)(scope, receive, send))  # type: ignore[arg-type]  # a plain dict is one
    assert sent == ["http.response.start"]


def test_the_document_is_told_as_it_is_kept(system: System) -> None:
    told = system.client.get(system.address + "/openapi.json").json()
    assert "HTTPValidationError" not in json.dumps(told)
    message = told["paths"]["/api/v1/{organisation}/cases/{case_id}/messages"]["post"]
    names = [each["name"] for each in message["parameters"]]
    assert sorted(names) == [
        "Accept-Language",
        "Idempotency-Key",
        "If-Match",
        "Julelys-CSRF",
        "Julelys-On-Behalf-Of",
        "case_id",
        "organisation",
    ]
    assert message["security"] == [{"bearer": []}, {"session": []}]
    assert "security" not in told["paths"]["/api/v1/{organisation}/hearings"]["get"]
