"""The load generator: a process with kept-alive connections that each wait for their answer.

Speaks lines: the first read is what to ask for, then `connections seconds` for each round, each
answered by one JSON line. It parses only what it must (RFC 9112), to leave the processor to those
who are measured.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Final, TypedDict, cast

import uvloop

from services.ids import new_id

END_OF_HEAD: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


class Target(TypedDict):
    """Asked for by POST, one path after the other; every answer must have status `expected`."""

    port: int
    paths: list[str]
    headers: dict[str, str]
    body: str
    expected: int


class Unexpected(Exception):
    """An answer with another status, or one that cannot be read: the figures would be worthless."""


@dataclass(slots=True)
class Round:
    until: float
    seconds: list[float]


class Client(asyncio.Protocol):
    """One connection; `finished` is done when its time is up or it was answered wrongly."""

    def __init__(self, target: Target, paths: Iterator[str]) -> None:
        self._paths = paths
        self._wanted = f"HTTP/1.1 {target['expected']} ".encode()
        body = target["body"].encode()
        headers = {
            "host": "localhost",
            "content-type": "application/json",
            "content-length": str(len(body)),
            **target["headers"],
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._rest = lines.encode() + b"\r\n" + body
        self._received = b""
        self._asked_at = 0.0
        self._round = Round(0.0, [])
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # what a TCP connection has

    def go(self, this_round: Round) -> None:
        self._round = this_round
        self._ask()

    def _ask(self) -> None:
        line = f"POST {next(self._paths)} HTTP/1.1\r\nidempotency-key: {new_id()}\r\n"
        self._asked_at = time.perf_counter()
        self._transport.write(line.encode() + self._rest)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(END_OF_HEAD)
        if not found:
            return
        lowered = head.lower()
        at = lowered.find(LENGTH)
        if not head.startswith(self._wanted) or at < 0:
            self._fail(self._received.decode(errors="replace")[:1000])
            return
        line, _, _ = lowered[at + len(LENGTH) :].partition(b"\r\n")
        if len(body) < int(line):
            return
        self._received = b""
        now = time.perf_counter()
        self._round.seconds.append(now - self._asked_at)
        if now < self._round.until:
            self._ask()
        elif not self.finished.done():
            self.finished.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed: {exc}")

    def _fail(self, why: str) -> None:
        if not self.finished.done():
            self.finished.set_exception(Unexpected(why))

    def close(self) -> None:
        self._transport.close()


async def ask(target: Target, connections: int, seconds: float, paths: Iterator[str]) -> object:
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: Client(target, paths), "127.0.0.1", target["port"]))[
            1
        ]
        for _ in range(connections)
    ]
    began = time.perf_counter()
    this_round = Round(began + seconds, [])
    for client in clients:
        client.go(this_round)
    await asyncio.gather(*(client.finished for client in clients))
    took = time.perf_counter() - began
    for client in clients:
        client.close()
    return {"seconds": took, "microseconds": [round(each * 1e6) for each in this_round.seconds]}


def main() -> None:
    target: Target = json.loads(sys.stdin.readline())
    # Connections take the paths in turn, so that no two ask for the same one at a time.
    paths = cycle(target["paths"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        connections, seconds = line.split()
        answer = uvloop.run(ask(target, int(connections), float(seconds), paths))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
