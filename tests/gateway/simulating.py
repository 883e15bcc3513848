"""A running SBSYS simulator for the tests: real server, real sockets, and a clock to set."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import urlsplit

import httpx
import uvicorn

from gateway.simulator.app import create_simulator
from gateway.simulator.installation import SECRET
from services.clock import COPENHAGEN, SetClock
from tests.gateway.running import wait_until

NOW: Final = datetime(2026, 11, 23, 9, 30, tzinfo=COPENHAGEN)
PROXY: Final = "/convergens-sbsip-sbsys-webapi-proxy/proxy"
TOKEN: Final = "/auth/realms/sbsip/protocol/openid-connect/token"  # noqa: S105 - a path
BY_CLIENT: Final = {
    "grant_type": "client_credentials",
    "client_id": "julelys",
    "client_secret": SECRET,
}
BY_PASSWORD: Final = {
    **BY_CLIENT,
    "grant_type": "password",
    "username": "julelys-service",
    "password": SECRET,
}
PDF: Final = b"%PDF-1.7 a letter"
HEARING: Final = 1021
BUILDING: Final = 1737
ANNA: Final = "610170-0002"
BO: Final = "620270-0001"

_titles = count(1)


class KeptDocument(TypedDict):
    name: str
    description: str | None
    size: int
    sha256: str


class KeptCase(TypedDict):
    identity: str
    number: str
    deleted_at: str | None
    documents: list[KeptDocument]


class KeptEntry(TypedDict):
    what: str


class Ledger(TypedDict):
    """As much as tests look at of one municipality's part of `/ledger.json`."""

    counts: dict[str, int]
    tokens_issued: int
    cases: list[KeptCase]
    entries: list[KeptEntry]


UNKNOWN: Final = "unknown"
"""A token that nobody has given out."""


@dataclass(slots=True)
class Sbsys:
    """A client of one municipality's API, logged in with a token."""

    client: httpx.Client
    prefix: str = ""
    token: str = ""

    def log_in(self, form: Mapping[str, str] = BY_CLIENT) -> httpx.Response:
        answer = self.client.post(self.prefix + TOKEN, data=dict(form))
        if answer.is_success:
            self.token = answer.json()["access_token"]
        return answer

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.client.get(self._url(path), params=parameters, headers=self._headers())

    def post(self, path: str, body: object, fault: str | None = None) -> httpx.Response:
        return self.client.post(self._url(path), json=body, headers=self._headers(fault))

    def put(self, path: str, body: object) -> httpx.Response:
        return self.client.put(self._url(path), json=body, headers=self._headers())

    def case(self, template: int = BUILDING, **more: object) -> dict[str, object]:
        """A new case with a title of its own."""
        body = {"SagsTitel": f"Sag {next(_titles)}", "SkabelonId": template, **more}
        answer = self.post("sag/template", body)
        assert answer.status_code == 200, answer.text
        case: dict[str, object] = answer.json()
        return case

    def journalise(
        self, told: Mapping[str, object], *, folder: object = "", fault: str | None = None
    ) -> httpx.Response:
        """Send a small PDF with these members in `json`."""
        path = f"dokument/journaliser/{folder}".rstrip("/")
        return self.client.post(
            self._url(path),
            data={"json": json.dumps(dict(told))},
            files={"file": ("brev.pdf", PDF, "application/pdf")},
            headers=self._headers(fault),
        )

    def ledger(self) -> Ledger:
        """What lies in this municipality's ledger."""
        name = self.prefix.strip("/") or "hjorring"
        told = self.client.get("/ledger.json", params={"organisation": name}).json()
        ledger: Ledger = told["municipalities"][name]
        return ledger

    def _url(self, path: str) -> str:
        return f"{self.prefix}{PROXY}/api/{path}"

    def _headers(self, fault: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        return headers if fault is None else headers | {"X-Simulate-Fault": fault}


@dataclass(slots=True)
class Simulator:
    """A simulator that answers at `address`; `hjorring` and `vejle` are logged in."""

    address: str
    clock: SetClock
    client: httpx.Client
    hjorring: Sbsys
    vejle: Sbsys

    def host_and_port(self) -> tuple[str, int]:
        split = urlsplit(self.address)
        return split.hostname or "", split.port or 0


@contextmanager
def simulating(folder: Path) -> Iterator[Simulator]:
    """The simulator with its ledgers in a folder, as a server in a thread."""
    clock = SetClock(NOW)
    settings = uvicorn.Config(
        create_simulator(folder, clock=clock),
        loop="uvloop",
        http="httptools",
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(settings)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=20.0) as client:
                hjorring, vejle = Sbsys(client), Sbsys(client, "/vejle")
                hjorring.log_in()
                vejle.log_in()
                yield Simulator(address, clock, client, hjorring, vejle)
        finally:
            server.should_exit = True
            thread.join()
