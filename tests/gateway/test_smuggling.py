"""Where a request ends is never in doubt: nothing of one is read as the next (RFC 9112 § 11.2)."""

import socket

import pytest

from tests.gateway.running import System

INNER = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CHUNKED = b"0\r\n\r\n" + INNER
SIZED = b"{}" + INNER

DOUBTFUL = {
    "both, the chunks first": (b"Transfer-Encoding: chunked\r\nContent-Length: 5", CHUNKED),
    "both, the length first": (b"Content-Length: 5\r\nTransfer-Encoding: chunked", CHUNKED),
    "both, in another case": (b"content-length: 5\r\ntransfer-ENCODING: Chunked", CHUNKED),
    "two lengths": (b"Content-Length: 2\r\nContent-Length: 40", SIZED),
    "two lengths in one": (b"Content-Length: 2, 40", SIZED),
    "a length with a sign": (b"Content-Length: +2", SIZED),
    "a negative length": (b"Content-Length: -2", SIZED),
    "a hexadecimal length": (b"Content-Length: 0x2", SIZED),
    "a length with a blank": (b"Content-Length: 2 0", SIZED),
    "a length beyond 64 bits": (b"Content-Length: 18446744073709551618", SIZED),
    "chunks not last": (b"Transfer-Encoding: chunked, identity", CHUNKED),
    "chunks twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", CHUNKED),
    "chunks misspelt": (b"Transfer-Encoding: xchunked", CHUNKED),
    "chunks behind a control sign": (b"Transfer-Encoding: \x0bchunked", CHUNKED),
    "a blank before the colon": (b"Transfer-Encoding : chunked", CHUNKED),
    "a folded header": (b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length : 2", SIZED),
    "a null in a header": (b"X: a\0b\r\nContent-Length: 2", SIZED),
    "a return in a header": (b"X: a\rContent-Length: 40\r\nContent-Length: 2", SIZED),
    "a chunk of no size": (b"Transfer-Encoding: chunked", b"\r\n\r\n" + INNER),
    "a chunk of a signed size": (b"Transfer-Encoding: chunked", b"+0\r\n\r\n" + INNER),
    "a chunk of a prefixed size": (b"Transfer-Encoding: chunked", b"0x0\r\n\r\n" + INNER),
    "a chunk that is longer": (b"Transfer-Encoding: chunked", b"1\r\n{}" + INNER),
}


def answered(system: System, content: bytes) -> bytes:
    host, port = system.address.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(content)
        while more := connection.recv(65_536):
            received += more
    return received


def request(headers: bytes, body: bytes) -> bytes:
    line = b"POST /api/v1/hjorring/logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    return line + headers + b"\r\n\r\n" + body


@pytest.mark.parametrize("what", DOUBTFUL)
def test_a_message_has_one_length(system: System, what: str) -> None:
    received = answered(system, request(*DOUBTFUL[what]))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert received.count(b"HTTP/1.1 ") == 1
    assert b"alive" not in received


@pytest.mark.parametrize(
    ("headers", "body"),
    [(b"Content-Length: 2", b"{}"), (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n")],
)
def test_two_requests_that_are_two_are_answered(
    system: System, headers: bytes, body: bytes
) -> None:
    """So that the others are refused for what is in doubt, and not for coming together."""
    received = answered(system, request(headers, body) + INNER)
    assert received.count(b"HTTP/1.1 ") == 2, received
    assert b"alive" in received
