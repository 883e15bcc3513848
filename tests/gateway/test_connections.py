"""What somebody may send before there is a request, and of what kind: so much, and so slowly."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.routing import APIRoute

from gateway import connection, strict
from gateway.asked import PREFIX
from gateway.connection import FRAMING_AT_MOST
from gateway.edge import HEAD_AT_MOST, HEADERS_AT_MOST
from gateway.strict import BODY_AT_MOST, StrictRoute
from tests.gateway.crowd import ACTORS
from tests.gateway.routes import EVERY_ROUTE, ROUTES
from tests.gateway.running import System, code, key
from tests.gateway.test_access import MATRIX, OPEN

TOO_LARGE = b"HTTP/1.1 431"
CHUNKED = b"POST /api/v1/hjorring/documents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"GET /api/v1/hjorring/services HTTP/1.1\r\nHost: here\r\n"


@contextmanager
def connected(system: System) -> Iterator[socket.socket]:
    address = urlsplit(system.address)
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as plain:
        yield plain


def answered(plain: socket.socket) -> bytes:
    """All that comes until the connection is closed."""
    told = b""
    try:
        while part := plain.recv(65_536):
            told += part
    except ConnectionResetError:
        pass
    return told


def poured(plain: socket.socket, part: bytes, at_most: int) -> int:
    """How much of the same could be sent before the connection was closed."""
    sent = 0
    try:
        while sent < at_most:
            plain.sendall(part)
            sent += len(part)
    except (BrokenPipeError, ConnectionResetError):
        pass
    return sent


@pytest.mark.parametrize(
    ("headers", "is_good"),
    [
        ([("X-A", "1")] * (HEADERS_AT_MOST - 10), True),
        ([("X-A", "1")] * HEADERS_AT_MOST, False),
        ([("X-A", "a" * (HEAD_AT_MOST - 1_000))], True),
        ([("X-A", "a" * HEAD_AT_MOST)], False),
        ([("X-" + "a" * HEAD_AT_MOST, "1")], False),
    ],
)
def test_headers_are_so_many_and_so_long(
    system: System, headers: list[tuple[str, str]], *, is_good: bool
) -> None:
    answer = httpx.get(system.url("/services"), headers=headers)
    if is_good:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, code(answer)) == (431, "headers-too-large")
        assert answer.headers["Connection"] == "close"


def test_an_address_is_a_header_too(system: System) -> None:
    answer = httpx.get(system.url("/services?q=" + "a" * HEAD_AT_MOST))
    assert (answer.status_code, code(answer)) == (431, "headers-too-large")


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /",
        HEAD + b"X-A: ",
        b"POST /api/v1/hjorring/documents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"POST /api/v1/hjorring/documents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: ",
    ],
    ids=["address", "header", "extension of a chunk", "trailer"],
)
def test_what_never_ends_is_cut_off(system: System, begun: bytes) -> None:
    with connected(system) as plain:
        plain.sendall(begun)
        # What the kernels of both sides hold comes on top of what we let in.
        assert poured(plain, b"a" * 16_384, 64 * 1024 * 1024) < 100 * FRAMING_AT_MOST


def test_an_endless_header_is_told_so(system: System) -> None:
    with connected(system) as plain:
        plain.sendall(HEAD)
        # What comes along with a request's first byte is not counted: it has been read by then.
        time.sleep(0.1)
        plain.sendall(b"X-A: " + b"a" * FRAMING_AT_MOST)
        assert answered(plain).startswith(TOO_LARGE)


def test_a_trailer_is_no_header(system: System) -> None:
    """Else whoever passes it on would not know that somebody is logged in by it."""
    with connected(system) as plain:
        token = system.headers("anna")["Authorization"].encode()
        plain.sendall(
            b"GET /api/v1/hjorring/cases HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            b"Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n"
            b"0\r\nAuthorization: " + token + b"\r\n\r\n"
        )
        assert b"urn:julelys:login-required" in answered(plain)


def test_a_body_in_chunks_of_one_byte_is_a_body(system: System) -> None:
    body = json.dumps({"text": "Hej " + "a" * 20_000}).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    path = f"/api/v1/hjorring/cases/{system.case('anna')}/messages"
    head = {
        **system.headers("anna"),
        "Idempotency-Key": key(),
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with connected(system) as plain:
        plain.sendall(f"POST {path} HTTP/1.1\r\nHost: here\r\n{lines}\r\n".encode())
        plain.sendall(chunks + b"0\r\n\r\n")
        told = answered(plain)
    # A message is not that long; it was read whole, or nobody could say so.
    assert b"input-too-long" in told


@pytest.mark.parametrize("begun", [b"", b"GET /api", HEAD + b"X-A: 1\r\n"])
def test_whoever_is_too_slow_to_ask_is_cut_off(
    system: System, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(connection, "KEEP_ALIVE_SECONDS", 0.3)
    with connected(system) as plain:
        plain.sendall(begun)
        began = time.monotonic()
        assert answered(plain) == b""
        assert 0.2 < time.monotonic() - began < 5


def test_a_body_that_comes_too_slowly_is_not_waited_for(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict, "BODY_SECONDS", 0.3)

    url = system.url(f"/cases/{system.case('anna')}/messages")
    headers = system.headers("anna") | {
        "Idempotency-Key": key(),
        "Content-Type": "application/json",
    }
    with connected(system) as plain:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        path = urlsplit(url).path
        plain.sendall(
            f"POST {path} HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n{lines}\r\n"
            "1\r\n{\r\n".encode()
        )
        told = answered(plain)
    assert b"HTTP/1.1 408" in told
    assert b"urn:julelys:body-too-slow" in told


def test_whoever_goes_on_sending_after_the_answer_is_not_listened_to_for_ever(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LEFTOVER_SECONDS", 0.3)
    with connected(system) as plain:
        plain.sendall(
            b"POST /api/v1/hjorring/logout HTTP/1.1\r\nHost: here\r\nContent-Length: 9999\r\n\r\n"
        )
        began = time.monotonic()
        # Nobody is logged in and no page of ours asks, which is told without the body.
        assert b"urn:julelys:request-cross-site" in answered(plain)
        assert time.monotonic() - began < 5


WITHOUT = {
    "POST /documents",
    "POST /hearings/{hearing_id}/points/{point_id}/drop",
    "POST /tenders/{tender_id}/bids",
    "POST /tenders/{tender_id}/committee/lost",
    "POST /tenders/{tender_id}/sittings",
    "POST /login/back-channel/{issuer}",
    "POST /logout",
    "POST /me/sessions/{session_id}/end",
}
"""What reads no JSON: its own tests say what it reads, if anything (test_hostile_uploads.py,
test_login.py)."""

WITH_BODY = sorted(
    name
    for name, route in ROUTES.items()
    if isinstance(route.original_route, APIRoute) and route.body_field is not None
)


def test_every_route_that_takes_a_body_reads_it_by_our_limits() -> None:
    changing = {name for name in ROUTES if not name.startswith("GET ")}
    without_any = {
        name for name in changing - set(WITH_BODY) if name.endswith(("/retry", "DELETE"))
    } | {name for name in changing if name.startswith("DELETE ")}
    assert changing - set(WITH_BODY) - without_any == WITHOUT
    for route in EVERY_ROUTE:
        if (route.path or "").startswith(PREFIX) and not (route.path or "").endswith("/stream"):
            assert isinstance(route.original_route, StrictRoute), route.path


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_is_so_long_and_no_longer(
    system: System, places: dict[str, str], route: str
) -> None:
    """Told to whoever may ask, and not read to its end, whatever length it says it has."""
    method, path = route.split(" ")
    row = MATRIX[route]
    person = next(
        ACTORS[actor].person
        for actor in row
        if row[actor] == OPEN and not actor.startswith("nobody")
    )

    def endless() -> Iterator[bytes]:
        yield b'{"a": "'
        for _ in range(2 * BODY_AT_MOST // 65_536):
            yield b"a" * 65_536

    headers = system.headers(person) | {
        "Idempotency-Key": key(),
        "Content-Type": "application/json",
    }
    url = system.url(path.format_map(places))
    answer = httpx.request(method, url, headers=headers, content=endless())
    assert (answer.status_code, code(answer)) == (413, "body-too-large")
    assert answer.headers["Connection"] == "close"
