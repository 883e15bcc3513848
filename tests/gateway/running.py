"""A whole system for the tests: real server, real database, real worker, and a clock to set."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import httpx
import uvicorn

from gateway.app import Opening, create_app
from gateway.listening import listening
from services.bootstrap import Application, application
from services.catalogue.loading import load
from services.catalogue.service import LoginLevel
from services.clock import COPENHAGEN, SetClock
from services.config import ROOT, Config
from services.eventstore.store import PostgresEventStore
from services.identity import Actor, DemoIdentity, Identity, Login, demo_identity
from services.preparing import prepare
from services.projecting import worker
from services.registers.absent import absent_registers
from tests.keys import ENVIRONMENT, RING
from tests.postgres import drop
from tests.shipped import ORGANISATIONS

START = datetime(2026, 11, 2, 9, 0, tzinfo=COPENHAGEN)
TEAM = "byggeri-natur"

_keys = count(1)
Json = dict[str, object]

RESPONSE_ANSWERS: Mapping[str, object] = {
    "position": "against",
    "concerns": ["traffic"],
    "response": "Der kommer for mange biler på vejen.",
    "represents": "myself",
}
MEETING_ANSWERS: Mapping[str, object] = {
    "address": "Bispensgade 1, 9800 Hjørring",
    "role": "owner",
    "project": "demolition",
    "description": "Laden skal rives ned.",
    "protection": "none",
    "zone": "town",
    "attendance": "online",
}


def key() -> str:
    return str(UUID(int=next(_keys)))


def code(answer: httpx.Response) -> str:
    """The code of a problem, which must be one."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    return str(told["type"]).removeprefix("urn:julelys:")


def saved_as(answer: httpx.Response) -> str:
    """By what name a browser saves it, said twice in the same words (RFC 6266)."""
    told = answer.headers["Content-Disposition"]
    plain, whole = told.removeprefix('attachment; filename="').split("\"; filename*=UTF-8''")
    assert unquote(whole) == plain
    return str(plain)


def fields(answer: httpx.Response) -> dict[str, str]:
    """What is wrong with which field."""
    assert code(answer) == "invalid-input"
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


@dataclass(slots=True)
class System:
    """Asks as a person; `None` asks without logging in."""

    address: str
    clock: SetClock
    config: Config
    client: httpx.Client
    identity: DemoIdentity
    days: Iterator[int] = field(default_factory=lambda: count(30))

    def url(self, path: str, organisation: str = "hjorring") -> str:
        return f"{self.address}/api/v1/{organisation}{path}"

    def headers(self, person: str | None) -> dict[str, str]:
        return {} if person is None else {"Authorization": f"Bearer {self.identity.token(person)}"}

    def get(
        self,
        person: str | None,
        path: str,
        *,
        organisation: str = "hjorring",
        headers: Mapping[str, str] | None = None,
        after: httpx.Response | None = None,
    ) -> httpx.Response:
        """`after` is an answer whose writing the view must show."""
        given = self.headers(person) | dict(headers or {})
        if after is not None:
            given["Julelys-Position"] = after.headers["Julelys-Position"]
        return self.client.get(self.url(path, organisation), headers=given)

    def post(
        self,
        person: str | None,
        path: str,
        body: object = None,
        *,
        organisation: str = "hjorring",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        given = {"Idempotency-Key": key()} | self.headers(person) | dict(headers or {})
        return self.client.post(self.url(path, organisation), json=body, headers=given)

    def post_raw(
        self, person: str, path: str, content: bytes, *, headers: Mapping[str, str]
    ) -> httpx.Response:
        """A body that was written by hand."""
        given = {"Idempotency-Key": key()} | self.headers(person) | dict(headers)
        return self.client.post(self.url(path), content=content, headers=given)

    def upload(
        self,
        person: str,
        name: str,
        content: bytes,
        kind: str | None = None,
        *,
        organisation: str = "hjorring",
    ) -> str:
        answer = self.send_file(person, name, content, kind, organisation=organisation)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def send_file(
        self,
        person: str,
        name: str,
        content: bytes,
        kind: str | None = None,
        *,
        organisation: str = "hjorring",
    ) -> httpx.Response:
        headers = self.headers(person) | {"Idempotency-Key": key()}
        file = (name, content) if kind is None else (name, content, kind)
        url = self.url("/documents", organisation)
        return self.client.post(url, files={"file": file}, headers=headers)

    def open_hearing(self, *, weeks: int = 4) -> str:
        closes_at = self.clock.now() + timedelta(weeks=weeks, hours=1)
        body = {
            "kind": "local-plan",
            "title": "Lokalplan 412",
            "description": "Boliger på Bispensgade.",
            "team": TEAM,
            "closes_at": closes_at.isoformat(),
        }
        answer = self.post("karen", "/hearings", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["hearing"])

    def respond(self, person: str | None, hearing: str) -> httpx.Response:
        body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
        return self.post(person, "/services/hearing-response/submissions", body)

    def case(self, person: str = "anna") -> str:
        answer = self.respond(person, self.open_hearing())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case"])

    def publish_day(self, *, slots: int = 2) -> list[str]:
        """A day of its own with slots of half an hour from nine o'clock."""
        day = (START + timedelta(days=next(self.days))).date()
        first = datetime.combine(day, datetime.min.time(), COPENHAGEN).replace(hour=9)
        starts = [first + timedelta(minutes=30 * number) for number in range(slots)]
        body = {
            "slots": [
                {
                    "starts_at": start.isoformat(),
                    "ends_at": (start + timedelta(minutes=30)).isoformat(),
                    "place": "Springvandspladsen 5",
                }
                for start in starts
            ]
        }
        url = self.url(f"/calendars/{TEAM}/days/{day}")
        answer = self.client.put(url, json=body, headers=self.headers("karen"))
        assert answer.status_code == 200, answer.text
        return [slot["slot"] for slot in answer.json()["slots"]]

    def book(self, person: str, slot: str, if_taken: str = "refuse") -> httpx.Response:
        body = {"answers": dict(MEETING_ANSWERS), "slot": slot, "if_taken": if_taken}
        return self.post(person, "/services/building-meeting/submissions", body)


@contextmanager
def running(postgres: str, data: Path) -> Iterator[System]:
    """The system while the block lasts, with every organisation empty to begin with."""
    config = Config(
        data=data,
        database_url=postgres,
        organisations=ROOT / "organisations",
        host="127.0.0.1",
        port=0,
        demo=True,
        limits="off",
        secrets=ENVIRONMENT,
    )
    with ExitStack() as stack:
        for name in ORGANISATIONS:
            stack.callback(drop, postgres, name)
        yield stack.enter_context(serving(config, postgres))


@contextmanager
def serving(config: Config, conninfo: str) -> Iterator[System]:
    """The system for whatever organisations there are, which keep what they have afterwards."""
    clock = SetClock(START)
    organisations = sorted(load(config.organisations).organisations)
    with ExitStack() as stack:
        for name in organisations:
            prepare(conninfo, name)
        stack.enter_context(_worker(conninfo, organisations))
        address = stack.enter_context(_server(config, clock))
        client = stack.enter_context(httpx.Client(timeout=20.0))
        wait_until(lambda: client.get(f"{address}/health/ready").status_code == 200)
        yield System(address, clock, config, client, demo_identity(config, clock))


@contextmanager
def _worker(postgres: str, organisations: Sequence[str]) -> Iterator[None]:
    stop = threading.Event()
    with ExitStack() as stack:
        stores = {
            name: stack.enter_context(PostgresEventStore(postgres, name, RING))
            for name in organisations
        }
        thread = threading.Thread(target=worker.run, args=(postgres, stores, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def by_other_settings(system: System, config: Config) -> Iterator[System]:
    """Another gateway on the same organisations."""
    with _server(config, system.clock) as address:
        yield replace(system, address=address, config=config)


@contextmanager
def without_registers(system: System) -> Iterator[System]:
    """Another gateway on the same organisations, for which every register is away."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Application]:
        async with application(system.config, system.clock) as opened:
            yield replace(opened, registers=absent_registers())

    with _server(system.config, system.clock, opening) as address:
        yield replace(system, address=address)


class LowLogins:
    """Knows the same people by a login of the lowest level, and not since when."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def actor(self, bearer: str) -> Actor:
        return await self._identity.actor(bearer)

    def login(self) -> Login:
        return Login(level=LoginLevel.LOW, authenticated_at=None)


@contextmanager
def by_low_logins(system: System) -> Iterator[System]:
    """Another gateway on the same organisations, where nobody is surely who they say."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Application]:
        async with application(system.config, system.clock) as opened:
            yield replace(opened, identity=LowLogins(opened.identity))

    with _server(system.config, system.clock, opening) as address:
        yield replace(system, address=address)


@contextmanager
def _server(config: Config, clock: SetClock, opening: Opening | None = None) -> Iterator[str]:
    app = create_app(opening or partial(application, config, clock))
    settings = listening(app, config, log_level="error")
    settings.timeout_graceful_shutdown = 1
    server = uvicorn.Server(settings)
    with socket.create_server((config.host, config.port), backlog=512) as taken:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            yield f"http://{config.host}:{taken.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that happens by itself.

    Raises:
        AssertionError: it did not, in time.
    """
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, "It did not happen in time."
        time.sleep(0.02)


def free_port() -> int:
    """One that nobody has: where browsers meet us must be known before anything listens there."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
