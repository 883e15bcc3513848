"""Readers of a timeline's stream, and one who writes, on plain sockets."""

import asyncio
import json
import time
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.ids import new_id
from tests.benchmarks.gateway_processes import Gateway

END_OF_HEAD: Final = b"\r\n\r\n"
PATIENCE_SECONDS: Final = 10.0


class Refused(Exception):
    """The gateway answered something else than was asked for; its own words are in it."""


@dataclass(frozen=True, slots=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


async def connect(found: Gateway) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", found.port))


async def open_stream(found: Gateway, case_id: UUID) -> Connection:
    """A reader from whom the head of the answer has been read."""
    line = await connect(found)
    line.writer.write(
        f"GET {found.path(case_id, 'timeline/stream')} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {found.token}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    head = await _within(line.reader.readuntil(END_OF_HEAD))
    if not head.startswith(b"HTTP/1.1 200 "):
        raise Refused(head.decode())
    return line


async def open_streams(found: Gateway, cases: Sequence[UUID]) -> list[Connection]:
    # One after the other: a thousand at once would only measure the queue in front of accept.
    return [await open_stream(found, case_id) for case_id in cases]


async def next_position(line: Connection) -> int:
    """Wait for the next entry of a stream; give its position."""
    while True:
        said = await _within(line.reader.readline())
        if not said:
            raise Refused("the stream has ended")
        if said.startswith(b"id: "):
            return int(said[4:])


async def post(line: Connection, found: Gateway, case_id: UUID, text: str) -> tuple[int, float]:
    """Write a message on a kept connection; give its position and when the request was sent."""
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    request = (
        f"POST {found.path(case_id, 'messages')} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {found.token}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {new_id()}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    sent = time.perf_counter()
    line.writer.write(request + body)
    head = (await _within(line.reader.readuntil(END_OF_HEAD))).decode()
    status, _, rest = head.partition("\r\n")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (each.partition(":") for each in rest.splitlines() if each)
    }
    said = await _within(line.reader.readexactly(int(headers["content-length"])))
    if " 201 " not in status:
        raise Refused(status, said.decode())
    return int(headers["julelys-position"]), sent


async def _within(waiting: Awaitable[bytes]) -> bytes:
    return await asyncio.wait_for(waiting, PATIENCE_SECONDS)
