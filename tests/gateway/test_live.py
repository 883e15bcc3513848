"""The stream of a timeline: every entry once, in order, whoever comes and goes."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from gateway.entries import Audience
from gateway.language import Language
from gateway.reader import BEHIND_AT_MOST, Reader
from tests.gateway.running import System, code, fields

READERS = 200
SEED = 20261123


@dataclass(slots=True)
class Listener:
    """Reads one case's stream, and can lose it and take it up again."""

    system: System
    person: str
    case: str
    seen: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    async def listen(self, *, entries: int | None = None, seconds: float = 30.0) -> None:
        """Until so many entries have been seen in all, or for so long."""
        async with asyncio.timeout(seconds), self.opened() as lines:
            async for line in lines:
                if line.startswith("id: "):
                    self.seen.append(int(line[4:]))
                elif line.startswith("data: "):
                    self.texts.append(json.loads(line[6:])["text"])
                    if entries is not None and len(self.texts) >= entries:
                        return

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncIterator[str]]:
        host, port = self.system.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        last = [f"Last-Event-ID: {self.seen[-1]}"] if self.seen else []
        head = [
            f"GET /api/v1/hjorring/cases/{self.case}/timeline/stream HTTP/1.1",
            f"Host: {host}",
            f"Authorization: {self.system.headers(self.person)['Authorization']}",
            *last,
        ]
        try:
            writer.write("\r\n".join([*head, "", ""]).encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            yield _lines(reader)
        finally:
            writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    # A chunk without contents is the answer's end (RFC 9112 § 7.1); no line of a stream is like it.
    while (line := await reader.readline()) not in (b"", b"0\r\n"):
        yield line.decode().rstrip("\r\n")


async def come_and_go(listener: Listener, pauses: list[float]) -> None:
    """Listen for each of the pauses, with a shorter one away in between."""
    for pause in pauses:
        try:
            await listener.listen(seconds=pause)
        except TimeoutError:
            await asyncio.sleep(pause / 4)


def say(system: System, case: str, text: str) -> None:
    assert system.post("anna", f"/cases/{case}/messages", {"text": text}).status_code == 201


def opened(system: System) -> tuple[str, int]:
    """A new case, and how many entries its timeline has."""
    answer = system.respond("anna", system.open_hearing())
    case = str(answer.json()["case"])
    told = system.get("anna", f"/cases/{case}/timeline", after=answer)
    return case, len(told.json()["entries"])


def test_a_reader_gets_what_was_and_what_comes(system: System) -> None:
    case, known = opened(system)
    listener = Listener(system, "anna", case)

    async def run() -> None:
        listening = asyncio.create_task(listener.listen(entries=known + 3))
        for number in range(3):
            await asyncio.to_thread(say, system, case, f"Nummer {number}")
        await listening

    asyncio.run(run())
    assert listener.texts[-3:] == [f"Nummer {number}" for number in range(3)]
    assert listener.seen == sorted(set(listener.seen))


def test_two_hundred_readers_each_see_each_entry_once(system: System) -> None:
    """They leave at random moments, come back with Last-Event-ID, and miss nothing."""
    chance = random.Random(SEED)
    cases = [system.case("anna") for _ in range(10)]
    listeners = [Listener(system, "anna", cases[number % 10]) for number in range(READERS)]
    rounds = 12

    full: dict[str, list[int]] = {}
    writing: asyncio.Task[None]

    async def write_all() -> None:
        for number in range(rounds):
            for case in cases:
                await asyncio.to_thread(say, system, case, f"Nummer {number}")
        for case in cases:
            answer = await asyncio.to_thread(
                system.post, "anna", f"/cases/{case}/messages", {"text": "Sidste"}
            )
            told = system.get("anna", f"/cases/{case}/timeline", after=answer).json()["entries"]
            full[case] = [entry["position"] for entry in told]

    async def read(listener: Listener, pauses: list[float]) -> None:
        await come_and_go(listener, pauses)
        await writing
        if len(listener.texts) < len(full[listener.case]):
            await listener.listen(entries=len(full[listener.case]))

    async def run() -> None:
        nonlocal writing
        writing = asyncio.create_task(write_all())
        plans = [[chance.uniform(0.1, 1.2) for _ in range(3)] for _ in listeners]
        await asyncio.gather(*map(read, listeners, plans))

    asyncio.run(run())
    for listener in listeners:
        assert listener.seen == full[listener.case]


def test_a_stream_goes_on_when_its_listening_connection_is_killed(
    system: System, postgres: str
) -> None:
    case, known = opened(system)
    listener = Listener(system, "anna", case)

    async def run() -> None:
        listening = asyncio.create_task(listener.listen(entries=known + 2, seconds=20))
        await asyncio.to_thread(say, system, case, "Før")
        with psycopg.connect(postgres, autocommit=True) as db:
            killed = db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%_views%' OR query LIKE 'SELECT name, position%'"
            ).fetchall()
        assert killed
        await asyncio.to_thread(say, system, case, "Efter")
        await listening

    asyncio.run(run())
    assert listener.texts[-2:] == ["Før", "Efter"]
    assert listener.seen == sorted(set(listener.seen))


def test_a_stream_is_only_for_those_who_may_look(system: System) -> None:
    case = system.case("anna")
    answer = system.get("bo", f"/cases/{case}/timeline/stream")
    assert (answer.status_code, code(answer)) == (404, "case-not-found")
    bad = system.get("anna", f"/cases/{case}/timeline/stream", headers={"Last-Event-ID": "-1"})
    assert fields(bad) == {"Last-Event-ID": "input-bad-position"}


def test_a_reader_too_far_behind_is_given_no_more() -> None:
    async def run() -> None:
        held = asyncio.Event()
        sent: list[bytes] = []

        async def send(message: dict[str, object]) -> None:
            await held.wait()
            sent.append(bytes(str(message["body"]), "ascii"))

        reader = Reader(_CASE, _staff, send, 0)  # type: ignore[arg-type]
        await reader.send_backlog([])
        assert reader.offer(1, b"x")
        await asyncio.sleep(0)
        taken = [reader.offer(position, b"x") for position in range(2, BEHIND_AT_MOST + 10)]
        assert taken.count(True) == BEHIND_AT_MOST
        assert not taken[-1]
        reader.leave()

    asyncio.run(run())


_CASE = "no case"


async def _staff() -> Audience:
    return Audience(Language.DANISH, sight=None)


@pytest.mark.parametrize("number", range(3))
def test_what_came_during_the_backlog_is_sent_after_it_and_once(number: int) -> None:
    async def run() -> None:
        sent: list[bytes] = []

        async def send(message: dict[str, object]) -> None:
            await asyncio.sleep(0)
            body = message["body"]
            assert isinstance(body, bytes)
            sent.append(body)

        reader = Reader(_CASE, _staff, send, 0)  # type: ignore[arg-type]
        backlog = [(position, b"%d." % position) for position in range(1, 6)]
        for position in range(6 - number, 9):
            assert reader.offer(position, b"%d." % position)
        await reader.send_backlog(backlog)
        reader.offer(9, b"9.")
        await asyncio.sleep(0.01)
        assert b"".join(sent) == b"1.2.3.4.5.6.7.8.9."

    asyncio.run(run())
