"""What somebody might send to do harm: refused or set aside, by a real server, and nothing else.

The server is a process of its own, so that its memory is its own, in a folder of its own, so that
whatever it writes anywhere is seen.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from gateway.language import Language
from gateway.wording import problem_texts
from services.clock import SystemClock
from services.config import ROOT, from_environment
from services.documents.sandbox import MODULE
from services.documents.suspicion import Suspicion
from services.identity import demo_identity
from services.preparing import prepare
from tests import files
from tests.gateway.running import code, key, wait_until
from tests.hostile_files import GOOD, HOSTILE, Hostile
from tests.services.killing import free_port

MIB = 1024 * 1024
AT_ONCE = 4
IDLE, WHOLE = 2.0, 6.0
"""Seconds after which the server gives up on an upload."""


@dataclass(slots=True)
class Memory:
    """The most that the server, and any one of the processes it looks into files with, has held."""

    process: psutil.Process
    idle: int = 0
    most: int = 0
    most_of_another: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.stop.wait(0.02):
            try:
                self.most = max(self.most, self.process.memory_info().rss)
                for child in self.process.children():
                    # Until it has become another program, it has the server's memory.
                    if MODULE in child.cmdline():
                        held = child.memory_info().rss
                        self.most_of_another = max(self.most_of_another, held)
            except psutil.NoSuchProcess:
                continue


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    folder: Path
    token: str
    client: httpx.Client
    memory: Memory
    answers: dict[str, httpx.Response] = field(default_factory=dict)

    @property
    def store(self) -> Path:
        return self.folder / "data" / "documents" / "hjorring"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key()}

    def send(self, name: str, content: bytes, kind: str | None = None) -> httpx.Response:
        file = (name, content) if kind is None else (name, content, kind)
        url = f"{self.address}/api/v1/hjorring/documents"
        return self.client.post(url, files={"file": file}, headers=self.headers())

    def lies_in(self, *parts: str) -> set[str]:
        found = self.store.joinpath(*parts).rglob("*")
        return {str(path.relative_to(self.store)) for path in found if path.is_file()}

    def outside(self) -> dict[str, float]:
        """Every file under the server's folder but those in the store, and when it was written."""
        return {
            str(path): path.stat().st_mtime
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_relative_to(self.store) and path.suffix != ".log"
        }


@pytest.fixture(scope="module")
def database_of_its_own(postgres: str) -> Iterator[str]:
    name = Identifier("hostile_uploads")
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(SQL("CREATE DATABASE {}").format(name))
        yield make_conninfo(postgres, dbname="hostile_uploads")
        db.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="module")
def server(database_of_its_own: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    for name in ("home", "tmp", "work", "data"):
        (folder / name).mkdir()
    (folder / "passwd").write_text("root")
    port = free_port()
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JULELYS_DATA": str(folder / "data"),
        "JULELYS_DATABASE_URL": database_of_its_own,
        "JULELYS_PORT": str(port),
        "JULELYS_DEMO": "1",
        "JULELYS_LIMITS": "off",
        "JULELYS_UPLOAD_IDLE_SECONDS": str(IDLE),
        "JULELYS_UPLOAD_SECONDS": str(WHOLE),
    }
    config = from_environment(environment)
    for organisation in config.organisations.iterdir():
        if organisation.is_dir():
            prepare(database_of_its_own, organisation.name)
    token = demo_identity(config, SystemClock()).token("anna")
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "gateway", "serve"],
            cwd=folder / "work",
            env=environment,
            stdout=log,
            stderr=log,
        ) as process,
        httpx.Client(timeout=120.0) as client,
    ):
        address = f"http://127.0.0.1:{port}"
        memory = Memory(psutil.Process(process.pid))
        watching = threading.Thread(target=memory.watch)
        try:
            wait_until(lambda: _answers(client, address), 60.0)
            found = Server(address, folder, token, client, memory)
            for name, content in GOOD.items():
                assert found.send(name, content).status_code == 201
            memory.idle = memory.process.memory_info().rss
            watching.start()
            yield found
        finally:
            memory.stop.set()
            process.terminate()


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(f"{address}/health/live").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def sent(server: Server) -> Server:
    """All of them sent, four at a time; what was there before and outside is looked at first."""
    before, kept = server.outside(), server.lies_in()

    def send(each: Hostile) -> tuple[str, httpx.Response]:
        return each.what, server.send(each.name, each.content(), each.kind)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        server.answers.update(pool.map(send, HOSTILE))
    server.answers.update(before=httpx.Response(200, json=before))
    server.answers.update(kept=httpx.Response(200, json=sorted(kept)))
    return server


def test_there_are_many_and_each_has_a_name() -> None:
    assert len(HOSTILE) >= 150
    assert len({each.what for each in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("each", HOSTILE, ids=lambda each: each.what)
def test_it_is_refused_or_set_aside(sent: Server, each: Hostile) -> None:
    answer = sent.answers[each.what]
    assert code(answer) == each.code
    assert answer.status_code == 422
    for language in Language:
        assert problem_texts(language)[each.code].detail
    if each.code in set(Suspicion):
        mine = sent.client.get(
            f"{sent.address}/api/v1/hjorring/documents/{answer.json()['document']}",
            headers=sent.headers(),
        ).json()
        assert (mine["state"], mine["reason"]["code"]) == ("quarantined", each.code)


def test_nothing_is_kept_but_what_is_set_aside(sent: Server) -> None:
    aside = {
        f"quarantine/{UUID(answer.json()['document'])}"
        for what, answer in sent.answers.items()
        if answer.is_error and code(answer) in set(Suspicion)
    }
    assert len(aside) > 20
    assert sent.lies_in("quarantine") == aside
    assert sent.lies_in() - aside == set(sent.answers["kept"].json())


def test_nothing_outside_the_store_has_changed(sent: Server) -> None:
    assert sent.outside() == sent.answers["before"].json()


def test_memory_stays_below_100_mib(sent: Server) -> None:
    """Of the server above what it holds when idle, and of each process that looks into a file."""
    memory = sent.memory
    assert memory.most - memory.idle < 100 * MIB, memory.most
    assert 0 < memory.most_of_another < 100 * MIB, memory.most_of_another


def test_the_server_still_takes_what_it_took_before(sent: Server) -> None:
    assert sent.send("Carport.pdf", files.PDF).status_code == 201


def answer_while_sending(connection: socket.socket, until: float) -> bytes:
    """All that comes before the server closes; a byte is sent after each silence of a timeout."""
    received = b""
    while time.monotonic() < until:
        try:
            more = connection.recv(65_536)
        except TimeoutError:
            connection.sendall(b"a")
            continue
        if not more:
            break
        # Head and body are written one after the other, and need not arrive together.
        received += more
    return received


HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + files.PDF


@pytest.mark.parametrize(
    ("pause", "at_least", "at_most"),
    [(30.0, IDLE, 20.0), (IDLE / 5, WHOLE, 20.0)],
    ids=["stalls", "trickles"],
)
def test_a_slow_body_is_cut(server: Server, pause: float, at_least: float, at_most: float) -> None:
    """One that sends nothing more, and one that sends a byte now and then."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    lines = [
        "POST /api/v1/hjorring/documents HTTP/1.1",
        f"Host: {host}",
        "Content-Type: multipart/form-data; boundary=b",
        "Content-Length: 1000000",
        *(f"{name}: {value}" for name, value in server.headers().items()),
    ]
    began = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=pause) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + HEAD)
        received = answer_while_sending(connection, began + at_most)
    assert at_least - 0.1 < time.monotonic() - began < at_most
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in received.lower()
    assert b"urn:julelys:body-too-slow" in received
    assert server.lies_in("incoming") == set()


def frame(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def part(head: bytes, content: bytes = files.PDF) -> bytes:
    return b"Content-Disposition: form-data; " + head + b"\r\n\r\n" + content


FORM = "multipart/form-data; boundary=b"
FILE = b'name="file"; filename="a.pdf"'


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (frame(part(FILE), part(FILE)), FORM, "multipart-malformed"),
        (frame(part(b'name="file"')), FORM, "multipart-malformed"),
        (
            frame(part(b"name=a; filename=a")),
            "multipart/form-data; boundary=b",
            "multipart-malformed",
        ),
        (frame(part(FILE), end=b""), FORM, "multipart-malformed"),
        (frame(part(FILE)), "multipart/form-data; boundary=c", "multipart-malformed"),
        (frame(part(FILE)), "multipart/form-data", "multipart-malformed"),
        (frame(part(b"a" * 9_000)), FORM, "multipart-malformed"),
        (b"--b\r\n" * 9_000, FORM, "multipart-malformed"),
        (frame(part(FILE, b"")), FORM, "document-empty"),
        (
            frame(part(b'name="file"; filename=""')),
            "multipart/form-data; boundary=b",
            "document-name-missing",
        ),
        (frame(part(FILE)), "application/pdf", "media-type-unsupported"),
    ],
)
def test_a_form_that_is_none_is_refused(
    server: Server, body: bytes, kind: str, expected: str
) -> None:
    headers = server.headers() | {"Content-Type": kind}
    url = f"{server.address}/api/v1/hjorring/documents"
    assert code(server.client.post(url, content=body, headers=headers)) == expected


def test_too_large_is_said_before_all_is_sent(server: Server) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(200):
            sent += 1
            yield bytes(MIB)

    headers = server.headers() | {"Content-Type": FORM}
    url = f"{server.address}/api/v1/hjorring/documents"
    try:
        answer = server.client.post(url, content=pieces(), headers=headers)
        assert (answer.status_code, code(answer)) == (413, "document-too-large")
    except httpx.WriteError:
        # The server hung up while we were sending on, as it may.
        pass
    assert sent < 200
    assert server.lies_in("incoming") == set()
