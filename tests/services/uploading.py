"""Uploads as the tests make them: bodies by hand, and a store that takes them in pieces."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from events.ids import DocumentId
from services.clock import COPENHAGEN
from services.database import Row, connect
from services.documents.holding import Upload
from services.documents.scanner import Scanner
from services.documents.store import DocumentStore
from services.documents.sweep import sweep
from services.privacy.opening import reading_pool
from services.privacy.person_keys import PersonKeys
from services.refusals import DocumentRefused
from tests.keys import RING

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=COPENHAGEN)
FORM = "multipart/form-data; boundary=frontier"


def part(content: bytes, name: str = "Tegning.pdf", kind: str | None = None) -> bytes:
    declared = f"Content-Type: {kind}\r\n" if kind else ""
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n{declared}\r\n'
    return b"--frontier\r\n" + head.encode() + content + b"\r\n"


def body(content: bytes, name: str = "Tegning.pdf", kind: str | None = None) -> bytes:
    return part(content, name, kind) + b"--frontier--\r\n"


class Uploads:
    """A store in a folder and a schema of its own, each call on an event loop of its own."""

    def __init__(
        self, conninfo: str, organisation: str, folder: Path, scanner: Scanner | None = None
    ) -> None:
        self.conninfo, self.organisation, self.folder = conninfo, organisation, folder
        self.scanner = scanner
        self.keys = PersonKeys(organisation, RING)

    def pool(self) -> AsyncConnectionPool[AsyncConnection[Row]]:
        return reading_pool(self.conninfo, self.organisation, self.keys)

    def receive(
        self, raw: bytes, *, number: int = 1, owner: str = "person:anna", at_once: int = 7
    ) -> Upload:
        """The body arrives in pieces of `at_once` bytes, which never meet the boundaries."""

        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, len(raw), at_once):
                yield raw[start : start + at_once]

        async def run() -> Upload:
            async with self.pool() as pool:
                return await DocumentStore(
                    self.folder, pool, self.keys, scanner=self.scanner
                ).receive(
                    FORM,
                    chunks(),
                    document_id=DocumentId(UUID(int=number)),
                    owner=owner,
                    now=NOW,
                )

        return asyncio.run(run())

    def refer(self, *numbers: int, owner: str = "person:anna", now: datetime = NOW) -> list[UUID]:
        async def run() -> list[UUID]:
            async with self.pool() as pool:
                ids = [DocumentId(UUID(int=number)) for number in numbers]
                found = await DocumentStore(self.folder, pool, self.keys).refer(
                    ids, owner=owner, now=now
                )
                return [document.document_id for document in found]

        return asyncio.run(run())

    def find(self, number: int = 1, *, owner: str = "person:anna") -> Upload | None:
        async def run() -> Upload | None:
            async with self.pool() as pool:
                document = DocumentId(UUID(int=number))
                return await DocumentStore(self.folder, pool, self.keys).find(
                    document, owner=owner, now=NOW
                )

        return asyncio.run(run())

    def refusal(self, raw: bytes) -> str:
        with pytest.raises(DocumentRefused) as refused:
            self.receive(raw, at_once=64 * 1024)
        assert self.files() == []
        return refused.value.code

    def sweep(self, now: datetime) -> tuple[int, int]:
        with connect(self.conninfo, self.organisation) as db:
            swept = sweep(db, self.folder, now)
            return swept.rows, swept.files

    def files(self) -> list[str]:
        return [path.parent.name + path.name for path in self.folder.glob("*/*") if path.is_file()]
