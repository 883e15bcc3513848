"""Browsers at a gateway whose organisation has a login.yaml, and the demo issuer that it names."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from services.config import ROOT, Config
from services.login.settings import FILE
from tests.gateway.running import System, free_port, serving
from tests.keys import ENVIRONMENT
from tests.services.login_examples import VARIABLES
from tests.services.login_town import served

HOME: Final = "/api/v1/hjorring"
LOGIN: Final = """
site: {site}
pseudonyms: {{current: "2026", keys: {{"2026": JULELYS_PSEUDONYM_KEY}}}}
issuers:
  mitid:
    preset: nets-eid-broker
    title: {{da: MitID, en: MitID (Danish eID)}}
    issuer: {address}/hjorring/mitid
    client_id: julelys-hjorring
    authentication: {{method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}}
    admits: [citizens, companies]
  kodeord:
    preset: idura
    title: {{da: Kodeord, en: Password}}
    issuer: {address}/hjorring/kodeord
    client_id: julelys-hjorring-low
    authentication: {{method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}}
    admits: [citizens]
    level: low
  ansatte:
    preset: entra-id
    title: {{da: Ansatte, en: Staff}}
    issuer: {address}/hjorring/ansatte
    client_id: julelys-hjorring-staff
    authentication: {{method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}}
    admits: [staff]
    groups:
      caseworker.byggeri-natur: {{roles: [caseworker], teams: [byggeri-natur]}}
      caseworker.ejendomsdata: {{roles: [caseworker], teams: [ejendomsdata]}}
      team-leader.byggeri-natur: {{roles: [team-leader], teams: [byggeri-natur]}}
      auditor: {{roles: [auditor]}}
"""


TRUSTED: Final = httpx.create_ssl_context()
"""Read once: that takes longer than a login."""


@contextmanager
def visited(conninfo: str) -> Iterator[System]:
    """Hjørring alone, with logins by the demo issuer."""
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
    ):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        organisations = Path(folder) / "organisations"
        shutil.copytree(ROOT / "organisations" / "hjorring", organisations / "hjorring")
        for file in (ROOT / "organisations").glob("*.yaml"):
            shutil.copy(file, organisations)
        port = free_port()
        told = LOGIN.format(site=f"http://127.0.0.1:{port}", address=address)
        (organisations / "hjorring" / "login.yaml").write_text(told, encoding="utf-8")
        config = Config(
            data=Path(folder) / "data",
            database_url=conninfo,
            organisations=organisations,
            host="127.0.0.1",
            port=port,
            demo=True,
            secrets={**VARIABLES, **ENVIRONMENT},
        )
        settings = FILE.load(organisations / "hjorring", VARIABLES)
        assert settings is not None
        with (
            serving(config, conninfo) as system,
            served(settings, address, listening, system.clock),
        ):
            yield system


@dataclass(slots=True)
class Visitor:
    """A browser: it keeps cookies by the name they have, and goes where it is sent.

    `issuers` are those of the issuer that it was at last, whose address is `issuer`.
    """

    system: System
    cookies: dict[str, str]
    issuers: dict[str, str] = field(default_factory=dict)
    issuer: str = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers)

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        """As a page of our own does it, unless `headers` say otherwise."""
        own = {"Sec-Fetch-Site": "same-origin", "Julelys-CSRF": self.token(), **headers}
        return self.ask("POST", path, own, body)

    def token(self) -> str:
        """What the page knows by `GET /me`."""
        told = self.get(f"{HOME}/me")
        return "" if told.is_error else str(told.json()["session"]["csrf_token"])

    def choose(self, address: str, person: str, level: str = "substantial") -> str:
        """Say at the issuer who one is; the path of ours that it sends the browser to."""
        # By no client that others use: the issuer's cookies are this browser's alone.
        told = httpx.post(address, data={"person": person, "level": level}, verify=TRUSTED)
        self.issuers = dict(told.cookies)
        self.issuer = address.partition("/authorize?")[0]
        back = urlsplit(told.headers["Location"])
        assert f"{back.scheme}://{back.netloc}" == self.system.address
        return f"{back.path}?{back.query}"

    def log_in(
        self, person: str = "anna", level: str = "substantial", *, by: str = "mitid"
    ) -> httpx.Response:
        begun = self.get(f"{HOME}/login/{by}?return_to=/cases")
        assert begun.status_code == 303, begun.text
        return self.get(self.choose(begun.headers["Location"], person, level))

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: object = None
    ) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        answer = self.system.client.request(
            method, self.system.address + path, headers={**sent, "Cookie": cookie}, json=body
        )
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer
