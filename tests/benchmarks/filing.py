"""What is filed in the benchmarks: documents on cases that lie in the records system already."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx

from aggregates import case
from commands.case import OpenCase
from events.case import CaseEvent, PartyAddedDocument
from events.catalogue import Event
from events.document import Document
from events.ids import CaseId, DocumentId, EntryId, HearingId
from events.journal import EsdhCaseLinked, LinkedBy, Matter, MatterKind
from services.esdh.description import Sbsys
from services.esdh.opening import client
from services.esdh.port import Direction, NewCase, NewDocument
from services.esdh.sbsys_bodies import case_body, document_upload
from services.esdh.sbsys_calls import Upload
from services.esdh.sbsys_shapes import Sag, read_case
from services.esdh.settings import EsdhSettings
from services.esdh.tokens import Tokens
from services.ids import new_id
from services.journal.references import reference_of
from services.ports import CommandWrite, EventStore, StreamWrite
from services.streams import case_stream, hearing_stream, journal_stream
from tests import examples
from tests.benchmarks import julelys
from tests.benchmarks.julelys_events import envelope, opening

BUILDING: Final = "1737"
HEARING: Final = "1021"
CONTENT: Final = b"%PDF-1.7\n" + bytes(range(256)) * 192
"""48 KB, as a drawing that somebody uploads; nobody looks into it."""

OPENED_AT_ONCE: Final = 16


@dataclass(slots=True)
class Linked:
    """A case of ours, how long its stream is, and the case it is linked to."""

    case_id: CaseId
    version: int
    there: Sag


@asynccontextmanager
async def plain_client(settings: EsdhSettings, system: Sbsys) -> AsyncIterator["PlainClient"]:
    described = system.token
    async with client(system, settings.file.parent) as http:
        tokens = Tokens(
            http,
            described,
            client_secret=settings.secret(described.client_secret_variable),
            password=settings.secret(described.password_variable or ""),
            request_seconds=float(system.timings.request_seconds),
        )
        yield PlainClient(http, system, await tokens.current())


@dataclass(frozen=True, slots=True)
class PlainClient:
    """The records system without any of our safeguards, by the client that the adapter has."""

    http: httpx.AsyncClient
    system: Sbsys
    token: str

    async def open_case(self, template: str) -> Sag:
        new = NewCase(
            reference=reference_of(EntryId(new_id())),
            template=template,
            title="Carport, Nørregade 1",
            kle=("02.34.02", "P19"),
            parties=(),
        )
        body = case_body(new, self.system, self.system.templates[template].id)
        answer = await self.http.post(
            f"{self.system.base_url}/sag/template", json=dict(body), headers=self._headers()
        )
        answer.raise_for_status()
        return read_case(answer.content)

    def upload(self, number: int) -> Upload:
        """A document on the case of that number, with a reference of its own."""
        new = NewDocument(
            reference=reference_of(EntryId(new_id())),
            title="tegning.pdf",
            file_name="tegning.pdf",
            media_type="application/pdf",
            content=CONTENT,
            direction=Direction.IN,
            access=True,
            date=examples.open_meeting_case.received_on,
        )
        return document_upload(new, self.system, number)

    async def post(self, upload: Upload) -> None:
        answer = await self.http.post(
            f"{self.system.base_url}/dokument/journaliser",
            data={"json": upload.json},
            files={"file": (upload.file_name, upload.content, upload.media_type)},
            headers=self._headers(),
        )
        answer.raise_for_status()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}


async def linked_cases(store: EventStore, plain: PlainClient, count: int) -> list[Linked]:
    """Open so many cases there and here, each linked to the other."""
    there = list[Sag]()
    for start in range(0, count, OPENED_AT_ONCE):
        at_once = min(OPENED_AT_ONCE, count - start)
        there += await asyncio.gather(*(plain.open_case(BUILDING) for _ in range(at_once)))
    opened = [_opened(opening(new_id()), each) for each in there]
    julelys.record(store, [write for _, writes in opened for write in writes])
    return [case_ for case_, _ in opened]


def _opened(command: OpenCase, there: Sag) -> tuple[Linked, list[CommandWrite]]:
    decided = case.decider.decide(command, case.decider.initial)
    matter = Matter(kind=MatterKind.CASE, id=command.case_id)
    writes = [
        write(case_stream(command.case_id), 0, decided),
        write(journal_stream(matter), 0, [_link(matter, there)]),
    ]
    return Linked(command.case_id, len(decided), there), writes


async def linked_hearing(store: EventStore, plain: PlainClient) -> HearingId:
    """A published hearing whose case there is open and known."""
    hearing = HearingId(new_id())
    published = replace(examples.hearing_published, hearing_id=hearing, material=())
    matter = Matter(kind=MatterKind.HEARING, id=hearing)
    there = await plain.open_case(HEARING)
    writes = [
        write(hearing_stream(hearing), 0, [published]),
        write(journal_stream(matter), 0, [_link(matter, there)]),
    ]
    julelys.record(store, writes)
    return hearing


def response(hearing: HearingId) -> OpenCase:
    """A response to the hearing, in the words of the service that we describe."""
    return replace(
        examples.open_response_case,
        case_id=CaseId(new_id()),
        service_version=1,
        hearing=hearing,
    )


def responses(hearing: HearingId, count: int) -> list[CommandWrite]:
    commands = [response(hearing) for _ in range(count)]
    return [
        write(case_stream(each.case_id), 0, case.decider.decide(each, case.decider.initial))
        for each in commands
    ]


def documents_added(cases: Sequence[Linked]) -> list[CommandWrite]:
    """One more document on every case."""
    writes = []
    for each in cases:
        added: CaseEvent = PartyAddedDocument(case_id=each.case_id, document=_document(new_id()))
        writes.append(write(case_stream(each.case_id), each.version, [added]))
        each.version += 1
    return writes


def keep_content(data: Path, organisation: str) -> None:
    """Where the sync looks for what was uploaded."""
    named = sha256(CONTENT).hexdigest()
    path = data / "documents" / organisation / named[:2] / named[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)


def write(stream: str, version: int, events: Sequence[Event]) -> CommandWrite:
    """A command of its own that wrote these events."""
    told = envelope()
    return CommandWrite(
        envelope=told,
        fingerprint=told.command_id.bytes,
        answer=b"{}",
        streams=[StreamWrite(stream=stream, expected_version=version, events=events)],
    )


def _document(number: UUID) -> Document:
    return Document(
        document_id=DocumentId(number),
        sha256=sha256(CONTENT).hexdigest(),
        name="tegning.pdf",
        media_type="application/pdf",
        size=len(CONTENT),
    )


def _link(matter: Matter, there: Sag) -> EsdhCaseLinked:
    return EsdhCaseLinked(matter=matter, esdh_case=there.esdh_case, by=LinkedBy.CREATED)
