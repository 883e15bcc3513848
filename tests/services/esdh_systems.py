"""The records systems that are held to one contract, and what people do inside each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import httpx
from pydantic import TypeAdapter

from events.ids import EntryId
from gateway.simulator.app import create_simulator
from services.esdh.description import Sbsys, Timings
from services.esdh.memory import Fault, MemoryEsdh
from services.esdh.opening import sbsys
from services.esdh.port import (
    CaseStatus,
    Direction,
    Esdh,
    NewCase,
    NewDocument,
    NewNote,
    NewReminder,
    Person,
)
from services.esdh.settings import FILE, EsdhSettings
from services.ids import derived_id
from services.journal.references import reference_of
from tests.examples import RESPONSE_CASE

ORGANISATIONS: Final = Path(__file__).parents[2] / "organisations"
SECRETS: Final = {
    "JULELYS_HJORRING_SBSYS_CLIENT_SECRET": "julelys-demo",
    "JULELYS_HJORRING_SBSYS_PASSWORD": "julelys-demo",
    "JULELYS_VEJLE_SBSYS_CLIENT_SECRET": "julelys-demo",
}
HEARING: Final = {"memory": "1021", "hjorring": "1021", "vejle": "310"}
BUILDING: Final = {"memory": "1737", "hjorring": "1737", "vejle": "312"}
HANDLER: Final = {"memory": "karen", "hjorring": "karen", "vejle": "vera"}

ANNA: Final = Person(cpr="6101700002", name="Anna Andersen")
BO: Final = Person(cpr="6202700001", name="Bo Bertelsen")
NEWCOMER: Final = Person(cpr="6303800003", name="Carla Christensen")


def reference(name: str) -> str:
    return reference_of(EntryId(derived_id(RESPONSE_CASE, name)))


def new_case(template: str, name: str = "case", title: str = "Høring om Strandvejen") -> NewCase:
    return NewCase(
        reference=reference(name),
        template=template,
        title=title,
        kle=("01.02.05", "P16"),
        parties=(ANNA,),
    )


def document(name: str = "document", category: str | None = None) -> NewDocument:
    return NewDocument(
        reference=reference(name),
        title="Høringssvar fra Anna",
        file_name="Høringssvar.pdf",
        media_type="application/pdf",
        content=b"%PDF-1.7 ...",
        direction=Direction.IN,
        access=True,
        date=date(2026, 11, 2),
        category=category,
    )


def note(name: str = "note") -> NewNote:
    return NewNote(
        reference=reference(name),
        heading="Mødet er flyttet",
        text="Fra mandag\ntil <tirsdag>",
        at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    )


def reminder(name: str = "reminder") -> NewReminder:
    return NewReminder(reference=reference(name), name="Første svar", due_on=date(2026, 11, 9))


class People(Protocol):
    """What is done and seen inside the system by its own users, who never ask us."""

    async def close(self, number: str) -> None: ...
    async def renumber(self, number: str, to: str) -> None: ...
    async def delete(self, number: str) -> None: ...
    async def parties(self, number: str) -> int: ...
    async def handler(self, number: str) -> str | None: ...
    async def finished_reminders(self) -> int: ...
    async def go_down(self) -> None: ...
    async def lose_answers(self) -> None: ...


class PeopleInMemory:
    def __init__(self, esdh: MemoryEsdh) -> None:
        self.esdh = esdh

    def _id(self, number: str) -> str:
        cases = self.esdh.ledger.cases
        return next(id_ for id_, each in cases.items() if each.standing.esdh_case.number == number)

    async def close(self, number: str) -> None:
        self.esdh.ledger.set_status(self._id(number), CaseStatus.CLOSED)

    async def renumber(self, number: str, to: str) -> None:
        self.esdh.ledger.renumber(self._id(number), to)

    async def delete(self, number: str) -> None:
        self.esdh.ledger.delete(self._id(number))

    async def parties(self, number: str) -> int:
        return len(self.esdh.ledger.cases[self._id(number)].parties)

    async def handler(self, number: str) -> str | None:
        return self.esdh.ledger.cases[self._id(number)].handler

    async def finished_reminders(self) -> int:
        return len(self.esdh.ledger.finished)

    async def go_down(self) -> None:
        self.esdh.fault = lambda _: Fault.UNAVAILABLE

    async def lose_answers(self) -> None:
        changes = {"file_document", "open_case"}
        self.esdh.fault = lambda each: Fault.TIMEOUT_AFTER if each in changes else None


_LEDGER: Final[TypeAdapter[dict[str, dict[str, dict[str, object]]]]] = TypeAdapter(
    dict[str, dict[str, dict[str, object]]]
)
_CASES: Final[TypeAdapter[list[dict[str, object]]]] = TypeAdapter(list[dict[str, object]])
HOST: Final = "http://127.0.0.1:8801"


class PeopleAtSimulator:
    def __init__(self, http: httpx.AsyncClient, organisation: str) -> None:
        self.http, self.organisation = http, organisation

    async def _do(self, number: str, deed: str, json: Mapping[str, str]) -> None:
        path = f"{HOST}/simulator/cases/{number}/{deed}?organisation={self.organisation}"
        (await self.http.post(path, json=json)).raise_for_status()

    async def close(self, number: str) -> None:
        await self._do(number, "close", {})

    async def renumber(self, number: str, to: str) -> None:
        await self._do(number, "renumber", {"number": to})

    async def delete(self, number: str) -> None:
        await self._do(number, "delete", {})

    async def cases(self) -> list[dict[str, object]]:
        answer = await self.http.get(f"{HOST}/ledger.json")
        whole = _LEDGER.validate_json(answer.content)["municipalities"][self.organisation]
        return _CASES.validate_python(whole["cases"])

    async def _case(self, number: str) -> dict[str, object]:
        return next(case for case in await self.cases() if case["number"] == number)

    async def parties(self, number: str) -> int:
        return len(_CASES.validate_python((await self._case(number))["parties"]))

    async def handler(self, number: str) -> str | None:
        handler = (await self._case(number))["handler"]
        return None if handler is None else str(handler)

    async def finished_reminders(self) -> int:
        return sum(
            bool(each["finished"])
            for case in await self.cases()
            for each in _CASES.validate_python(case["reminders"])
        )

    async def _faults(self, **rule: object) -> None:
        answer = await self.http.put(f"{HOST}/simulator/faults", json={"faults": [rule]})
        answer.raise_for_status()

    async def go_down(self) -> None:
        await self._faults(kind="503", operation="*")

    async def lose_answers(self) -> None:
        await self.http.put(
            f"{HOST}/simulator/faults",
            json={
                "faults": [
                    {"kind": "500-after", "operation": "POST dokument/journaliser*"},
                    {"kind": "500-after", "operation": "POST sag/template"},
                ]
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    kind: str
    esdh: Esdh
    people: People

    def case(self, name: str = "case", title: str = "Høring om Strandvejen") -> NewCase:
        return new_case(HEARING[self.kind], name, title)


Scenario: TypeAlias = Callable[[System], Awaitable[None]]


def system(kind: str, folder: Path) -> AbstractAsyncContextManager[System]:
    return _memory() if kind == "memory" else _simulated(kind, folder)


@asynccontextmanager
async def _memory() -> AsyncIterator[System]:
    templates = frozenset({"1021", "1737"})
    esdh = MemoryEsdh(templates=templates, protected=frozenset({BO.cpr}))
    yield System(kind="memory", esdh=esdh, people=PeopleInMemory(esdh))


@asynccontextmanager
async def _simulated(organisation: str, folder: Path) -> AsyncIterator[System]:
    app = create_simulator(folder)
    settings = settings_of(organisation)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http,
    ):
        yield System(
            kind=organisation,
            esdh=sbsys(settings, described(settings), http),
            people=PeopleAtSimulator(http, organisation),
        )


def settings_of(organisation: str) -> EsdhSettings:
    """The demo's own settings, so that they and the simulator are held together."""
    settings = FILE.load(ORGANISATIONS / organisation, SECRETS)
    assert settings is not None
    return settings


def described(settings: EsdhSettings) -> Sbsys:
    assert isinstance(settings.described, Sbsys)
    return settings.described


def impatient(settings: EsdhSettings, seconds: float) -> EsdhSettings:
    """The same with a deadline that a test can wait for."""
    timings = Timings.model_construct(request_seconds=seconds)
    system = described(settings).model_copy(update={"timings": timings})
    return replace(settings, described=system)
