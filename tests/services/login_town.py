"""A relying party against the demo issuer, over real HTTP, with a browser that a test drives."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeAlias
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import uvicorn

from gateway.issuer.app import create_issuer
from gateway.issuer.clients import clients_of
from services.clock import SystemClock
from services.config import ROOT
from services.identity import Person, demo_entries
from services.login.authorising import Begun
from services.login.description import Issuer
from services.login.memory import MemoryPendingLogins
from services.login.presets import Broker
from services.login.provider import open_providers
from services.login.pseudonyms import open_pseudonyms
from services.login.relying_party import LoggedIn, RelyingParty
from services.login.settings import LoginSettings
from services.ports import Clock
from tests.gateway.running import wait_until
from tests.services.login_examples import issuer_of, settings_of

PERSONS: Final[Mapping[str, Person]] = {
    person.key: person for person in demo_entries(ROOT / "organisations")
}
GROUPS: Final = {
    "caseworker.byggeri-natur": {"roles": ["caseworker"], "teams": ["byggeri-natur"]},
    "auditor": {"roles": ["auditor"], "teams": []},
}
TRUSTING: Final = ssl.create_default_context()
Answer: TypeAlias = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Site:
    """Stands where our own site would, and keeps the logout tokens that issuers send there."""

    address: str
    tokens: list[str]


@contextmanager
def our_site() -> Iterator[Site]:
    tokens: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens.append(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", tokens)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    settings: LoginSettings
    site: Site


def brokers_at(address: str) -> dict[str, Issuer]:
    """An issuer in the shape of each broker."""
    found = {
        broker.value: issuer_of(broker, issuer=f"{address}/hjorring/{broker}")
        for broker in Broker
        if broker is not Broker.ENTRA_ID
    }
    entra = issuer_of(Broker.ENTRA_ID, issuer=f"{address}/hjorring/entra-id", groups=GROUPS)
    return {**found, "entra-id": entra}


@contextmanager
def issuing() -> Iterator[Town]:
    """The demo issuer, with a client for each broker."""
    with our_site() as site, socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = settings_of(site.address, **brokers_at(address))
        with served(settings, address, listening, SystemClock()):
            yield Town(settings=settings, site=site)


@contextmanager
def served(
    settings: LoginSettings,
    address: str,
    listening: socket.socket,
    clock: Clock,
    persons: Sequence[Person] = tuple(PERSONS.values()),
) -> Iterator[None]:
    """The demo issuer for one organisation, on a socket that is open already."""
    app = create_issuer(clients_of(settings, address), persons, clock)
    config = uvicorn.Config(
        app, http="httptools", log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield
    finally:
        server.should_exit = True
        thread.join()


@asynccontextmanager
async def relying(
    settings: LoginSettings, clock: Clock | None = None
) -> AsyncIterator[RelyingParty]:
    async with AsyncExitStack() as stack:
        yield RelyingParty(
            settings.organisation,
            await open_providers(settings, stack, time.monotonic),
            MemoryPendingLogins(),
            open_pseudonyms(settings),
            clock or SystemClock(),
        )


class Browser:
    """Somebody at the demo issuer's page. Its cookies are kept from one step to the next."""

    def __init__(self) -> None:
        self._cookies = httpx.Cookies()

    async def get(self, address: str) -> httpx.Response:
        return await self._ask("GET", address, {})

    async def post(self, address: str, form: Mapping[str, str]) -> httpx.Response:
        return await self._ask("POST", address, form)

    async def _ask(self, method: str, address: str, form: Mapping[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(cookies=self._cookies, verify=TRUSTING) as client:
            answer = await client.request(method, address, data=dict(form))
        self._cookies.update(answer.cookies)
        return answer

    async def answer(self, begun: Begun, person: str, level: str = "substantial") -> Answer:
        """What the issuer sends back after a person has chosen who to be."""
        page = await self.get(begun.address)
        assert page.status_code == 200, page.text
        assert f'value="{person}"' in page.text
        told = await self.post(begun.address, {"person": person, "level": level})
        assert told.status_code == 303, told.text
        return parse_qsl(urlsplit(told.headers["Location"]).query)


async def logged_in(
    party: RelyingParty, key: str, person: str, level: str = "substantial"
) -> LoggedIn:
    begun = await party.begin(key)
    return await party.complete(key, await Browser().answer(begun, person, level), begun.browser)


def played(settings: LoginSettings, key: str, person: str, level: str = "substantial") -> LoggedIn:
    async def scenario() -> LoggedIn:
        async with relying(settings) as party:
            return await logged_in(party, key, person, level)

    return asyncio.run(scenario())
