"""Whoever looks at a queue is told at once which of its cases have changed, and of no others."""

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from tests.gateway.running import System, code

SECONDS: Final = 10.0
PREFIX: Final = "/api/v1/hjorring"


class Told:
    """What comes in a stream, as it comes."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def add(self, line: str) -> None:
        self._lines.put(line)

    def next(self) -> tuple[int, list[str]]:
        """The position and the cases of the next event."""
        while not (line := self._lines.get(timeout=SECONDS)).startswith("data: "):
            pass
        told = json.loads(line.removeprefix("data: "))
        return told["position"], told["cases"]

    def until(self, case: str, at: int = 0) -> int:
        """The position at which a case was told of, at `at` or later."""
        while True:
            position, cases = self.next()
            if case in cases and position >= at:
                return position


@contextmanager
def listening(system: System, person: str, team: str) -> Iterator[Told]:
    told, parts = Told(), urlsplit(system.address)
    lines = [f"GET {PREFIX}/queues/{team}/stream HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in system.headers(person).items()]
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())

        def read() -> None:
            with connection.makefile(encoding="utf-8") as answer:
                for line in answer:
                    told.add(line)

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield told
        finally:
            # Which ends the thread's reading.
            connection.shutdown(socket.SHUT_RDWR)
            thread.join()


def at_least(answer: httpx.Response) -> int:
    return int(answer.headers["Julelys-Position"])


def test_a_queue_is_told_of_its_cases_and_of_no_others(system: System) -> None:
    with listening(system, "karen", "byggeri-natur") as told:
        began, cases = told.next()
        assert cases == []
        case = system.case("anna")
        opened = told.until(case)
        assert opened > began
        # What is said among colleagues lies in another stream, and concerns the queue as well.
        note = system.post("karen", f"/cases/{case}/notes", {"text": "Ring til naboen."})
        assert told.until(case, at_least(note))
        claimed = system.post("karen", f"/cases/{case}/claim")
        assert told.until(case, at_least(claimed))


def test_the_team_that_a_case_leaves_is_told_too(system: System) -> None:
    case = system.case("anna")
    with (
        listening(system, "karen", "byggeri-natur") as former,
        listening(system, "erik", "ejendomsdata") as latter,
    ):
        former.next()
        latter.next()
        body = {"team": "ejendomsdata", "reason": "Hører til dér."}
        moved = system.post("karen", f"/cases/{case}/transfer", body)
        assert moved.is_success, moved.text
        assert former.until(case, at_least(moved))
        assert latter.until(case, at_least(moved))
        claimed = system.post("erik", f"/cases/{case}/claim")
        assert latter.until(case, at_least(claimed))
        other = system.case("anna")
        # The next that the former hears of is its own.
        assert former.next()[1] == [other]


@pytest.mark.parametrize(
    ("person", "team", "expected"),
    [
        (None, "byggeri-natur", "login-required"),
        ("anna", "byggeri-natur", "not-allowed"),
        ("erik", "byggeri-natur", "not-allowed"),
        ("karen", "nowhere", "team-not-found"),
    ],
)
def test_who_may_not_see_the_queue_hears_nothing_of_it(
    system: System, person: str | None, team: str, expected: str
) -> None:
    assert code(system.get(person, f"/queues/{team}/stream")) == expected
