"""Several organisations, each with people of its own, served by real processes of ours."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import yaml

from services.clock import COPENHAGEN, SystemClock
from services.config import ROOT, Config, from_environment, own_environment
from services.identity import demo_identity
from tests.broker import Broker
from tests.gateway.running import RESPONSE_ANSWERS
from tests.services.killing import Program, free_port, over_kafka, started

PROCESSES = ("serve", "work", "relay", "esdh-sync", "post")
CITIZENS = ("anna", "bo", "tomrer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An organisation; `word` is in everything that is written to it and in nothing else."""

    name: str
    team: str
    prefix: str
    word: str
    takes_anonymous: bool = False
    answers: Mapping[str, object] = field(default_factory=lambda: {"on_behalf": False}, hash=False)

    @property
    def caseworker(self) -> str:
        return f"caseworker-{self.name}"

    @property
    def auditor(self) -> str:
        return f"auditor-{self.name}"

    @property
    def administrator(self) -> str:
        return f"administrator-{self.name}"

    @property
    def committee(self) -> tuple[str, ...]:
        return tuple(f"member-{number}-{self.name}" for number in range(3))

    @property
    def staff(self) -> tuple[str, ...]:
        return (self.caseworker, self.auditor, self.administrator, self.committee[0])

    def strangers(self, text: str, others: Sequence["Side"]) -> list[str]:
        """What of the others' stands in a text."""
        return [
            mark for other in others for mark in (other.word, f"{other.prefix}-") if mark in text
        ]


HJORRING = Side(
    name="hjorring",
    team="byggeri-natur",
    prefix="HJO",
    word="kornblomst",
    takes_anonymous=True,
    answers=RESPONSE_ANSWERS,
)
VEJLE = Side(name="vejle", team="byggeri", prefix="VEJ", word="skovlilje")
VIBORG = Side(name="viborg", team="byggeri", prefix="VIB", word="bregnerod")


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """`records` is the address of the records system's stand-in."""

    config: Config
    conninfo: str
    environment: Mapping[str, str]
    broker: Broker
    programs: Mapping[str, Program]
    client: httpx.Client
    records: str
    tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, person: str | None) -> dict[str, str]:
        if person is None:
            return {}
        if person not in self.tokens:
            self.tokens[person] = demo_identity(self.config, SystemClock()).token(person)
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    def url(self, side: Side, path: str) -> str:
        return f"http://127.0.0.1:{self.config.port}/api/v1/{side.name}{path}"

    def get(
        self, side: Side, person: str | None, path: str, after: httpx.Response | None = None
    ) -> httpx.Response:
        """`after` is an answer whose writing the view must show."""
        headers = self.headers(person)
        if after is not None:
            headers = headers | {"Julelys-Position": after.headers["Julelys-Position"]}
        return self.client.get(self.url(side, path), headers=headers)

    def post(
        self, side: Side, person: str | None, path: str, body: object, key: UUID
    ) -> httpx.Response:
        headers = self.headers(person) | {"Idempotency-Key": str(key)}
        return self.client.post(self.url(side, path), json=body, headers=headers)

    def upload(
        self, side: Side, person: str, name: str, content: bytes, key: UUID
    ) -> httpx.Response:
        headers = self.headers(person) | {"Idempotency-Key": str(key)}
        file = {"file": (name, content, "text/plain")}
        return self.client.post(self.url(side, "/documents"), files=file, headers=headers)

    def open_hearing(self, side: Side, key: UUID) -> httpx.Response:
        day = (SystemClock().now().astimezone(COPENHAGEN) + timedelta(weeks=6)).date()
        body = {
            "kind": "local-plan",
            "title": f"Lokalplan {side.word}",
            "description": f"Boliger ved havnen: {side.word}.",
            "team": side.team,
            "closes_at": datetime.combine(day, time(), COPENHAGEN).isoformat(),
        }
        return self.post(side, side.caseworker, "/hearings", body, key)

    def respond(
        self, side: Side, person: str | None, hearing: str, text: str, key: UUID
    ) -> httpx.Response:
        body = {"answers": {**side.answers, "response": text}, "about": hearing}
        return self.post(side, person, "/services/hearing-response/submissions", body, key)


@contextmanager
def city(conninfo: str, folder: Path, broker: Broker) -> Iterator[City]:
    """Hjørring and Vejle, served by a process of each kind."""
    folder.joinpath("data").mkdir()
    ports = {8801: free_port(), 8802: free_port()}
    organisations = _organisations(folder / "organisations", ports)
    environment = own_environment(
        JULELYS_DATA=str(folder / "data"),
        JULELYS_DATABASE_URL=conninfo,
        JULELYS_ORGANISATIONS=str(organisations),
        JULELYS_DEMO="1",
        JULELYS_LIMITS="off",
        JULELYS_PORT=str(free_port()),
        **(over_kafka(broker) | {"JULELYS_FEED": "log"}),
    )
    stand_ins = {
        "sbsys-simulator": ("--port", str(ports[8801])),
        "mail-catcher": ("--port", str(ports[8802])),
    }
    programs = {
        name: Program(name, environment, folder / f"{name}.log", name, *stand_ins.get(name, ()))
        for name in (*stand_ins, *PROCESSES)
    }
    with ExitStack() as stack:
        stack.enter_context(started(*programs.values()))
        yield City(
            config=from_environment(environment),
            conninfo=conninfo,
            environment=environment,
            broker=broker,
            programs=programs,
            client=stack.enter_context(httpx.Client(timeout=30)),
            records=f"http://127.0.0.1:{ports[8801]}",
        )


def is_ready(place: City) -> bool:
    for program in place.programs.values():
        program.assert_runs()
    try:
        return place.client.get(f"http://127.0.0.1:{place.config.port}/health/ready").is_success
    except httpx.TransportError:
        return False


def _organisations(folder: Path, ports: Mapping[int, int]) -> Path:
    """Ours, with stand-ins on ports of their own, and the same people in each organisation."""
    shutil.copytree(ROOT / "organisations", folder)
    for home in folder.glob("*/"):
        for name in ("esdh.yaml", "post.yaml"):
            text = (home / name).read_text(encoding="utf-8")
            for port, own in ports.items():
                text = text.replace(str(port), str(own))
            (home / name).write_text(text, encoding="utf-8")
    for side in (HJORRING, VEJLE):
        staff(folder, side)
    return folder


def staff(folder: Path, side: Side) -> None:
    """Give an organisation a caseworker, an auditor, an administrator and a committee."""
    path = folder / "demo-persons.yaml"
    persons = yaml.safe_load(path.read_text(encoding="utf-8"))
    people: tuple[tuple[str, list[str], list[str]], ...] = (
        (side.caseworker, ["caseworker", "team-leader"], [side.team]),
        (side.auditor, ["auditor"], []),
        (side.administrator, ["administrator"], []),
        *((member, ["committee-member"], []) for member in side.committee),
    )
    for person, roles, teams in people:
        persons.append(
            {
                "key": person,
                "name": f"Sagsbehandler {side.word}",
                "actor": f"staff:{person}",
                "organisation": side.name,
                "roles": roles,
                "teams": teams,
            }
        )
    path.write_text(yaml.safe_dump(persons, allow_unicode=True), encoding="utf-8")
