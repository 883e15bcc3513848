"""Uploaded documents: bytes in files named by their SHA-256, a row for each upload."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

import structlog
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from events.document import Document
from events.ids import DocumentId
from services.documents import kinds, places, statements
from services.documents.holding import Hold, State, Upload, unusable, worst
from services.documents.sandbox import Sandbox, not_inspected
from services.documents.scanner import (
    Clean,
    Infected,
    NoScanner,
    Scanner,
    ScannerUnavailable,
    Unscannable,
)
from services.documents.sealing import sealed_name
from services.documents.sent import Sent, sent_as
from services.documents.spooling import Pace, spool
from services.documents.suspicion import Suspicion
from services.ids import new_id
from services.privacy.person_keys import PersonKeys
from services.refusals import DocumentRefused
from services.request import KeyReused

log = structlog.get_logger()

KEPT_UNUSED_FOR: Final = timedelta(hours=24)
KEPT_HELD_FOR: Final = timedelta(days=30)
"""What is set aside and nobody decides about is dropped then (databeskyttelsesforordningen,
art. 5(1)(e))."""

UPLOAD: Final = class_row(Upload)

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[tuple[object, ...]]]


class DocumentStore:
    """One organisation's documents under `folder`.

    What they are called is sealed by the key of whoever sends them; `pool` opens what is read.
    """

    def __init__(
        self,
        folder: Path,
        pool: Pool,
        keys: PersonKeys,
        *,
        scanner: Scanner | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._pool = pool
        self._keys = keys
        self._sandbox = Sandbox()
        self._scanner = scanner or NoScanner()
        self._pace = pace or Pace()

    def path(self, sha256: str) -> Path:
        return places.path_of(self._folder, sha256)

    async def receive(
        self,
        content_type: str,
        chunks: AsyncIterator[bytes],
        *,
        document_id: DocumentId,
        owner: str,
        now: datetime,
    ) -> Upload:
        """Keep the one `file` of a multipart/form-data body (RFC 7578), read as it arrives.

        What is suspicious, or could not be scanned yet, is kept aside and cannot be referred to.

        Raises:
            DocumentRefused: too large or too slow (said at once, the rest is not read), empty,
                not what its name or declared type says, or for what is in it; see
                docs/documents.md.
            KeyReused: another document has this id already; the same one again is a repeat, and
                answered with how it stands now.
        """
        incoming = places.make_private(places.incoming(self._folder))
        temporary = incoming / str(new_id())
        try:
            with temporary.open("xb") as file:
                spooled = await spool(content_type, chunks, file, self._pace)
                await asyncio.to_thread(_to_disk, file)
            document, hold = await self._judge(document_id, temporary, sent_as(spooled))
            return await self._keep(document, hold, temporary, owner=owner, now=now)
        finally:
            temporary.unlink(missing_ok=True)

    async def take(
        self, content: bytes, name: str, *, document_id: DocumentId, owner: str, now: datetime
    ) -> Upload:
        """Keep a file that came within a bid, whatever it is.

        What would be refused of an upload is set aside: nobody can send it again.

        Raises:
            KeyReused: as `receive`.
        """
        temporary = places.make_private(places.incoming(self._folder)) / str(new_id())
        sent = Sent(name=name, size=len(content), sha256=sha256(content).hexdigest())
        try:
            with temporary.open("xb") as file:
                await asyncio.to_thread(file.write, content)
                await asyncio.to_thread(_to_disk, file)
            try:
                document, hold = await self._judge(document_id, temporary, sent)
            except DocumentRefused as refused:
                document = sent.unknown(document_id)
                hold = Hold(State.QUARANTINED, refused.code, "")
            return await self._keep(document, hold, temporary, owner=owner, now=now)
        finally:
            temporary.unlink(missing_ok=True)

    async def find(self, document_id: DocumentId, *, owner: str, now: datetime) -> Upload | None:
        """How an upload stands; None when there is none, or it is another's."""
        async with self._pool.connection() as db, db.cursor(row_factory=UPLOAD) as cursor:
            await cursor.execute(
                statements.FIND, {"ids": [document_id], "owner": owner, "now": now}
            )
            return await cursor.fetchone()

    async def refer(
        self, document_ids: Sequence[DocumentId], *, owner: str, now: datetime
    ) -> tuple[Document, ...]:
        """The documents that a command is about to refer to, kept for another 24 hours.

        Raises:
            DocumentRefused: `document-unknown`, when one does not exist or is another's; why it
                is kept aside, when it is.
        """
        if not document_ids:
            return ()
        wanted = {"ids": list(document_ids), "owner": owner, "now": now}
        async with self._pool.connection() as db, db.cursor(row_factory=UPLOAD) as cursor:
            await cursor.execute(statements.EXTEND, wanted | {"until": now + KEPT_UNUSED_FOR})
            known = {upload.document_id: upload async for upload in cursor}
            if len(known) < len(set(document_ids)):
                await cursor.execute(statements.FIND, wanted)
                held = {upload.document_id: upload async for upload in cursor} | known
                raise unusable(document_ids, held)
        return tuple(known[each].document() for each in document_ids)

    async def _judge(
        self, document_id: DocumentId, path: Path, sent: Sent
    ) -> tuple[Document, Hold | None]:
        """What has been sent, and why it is to be kept aside, if it is."""
        if sent.size == 0:
            raise DocumentRefused("document-empty")
        name = kinds.clean_name(sent.name)
        if not name:
            raise DocumentRefused("document-name-missing")
        inspected = await self._sandbox.inspect(path)
        if inspected is None:
            inspected = await asyncio.to_thread(not_inspected, path)
        kind = kinds.KINDS[inspected.media_type]
        kinds.refuse_other_names(kind, name, sent.declared, sent.charset)
        document = Document(
            document_id=document_id,
            sha256=sent.sha256,
            name=name,
            media_type=kind.media_type,
            size=sent.size,
        )
        return document, worst(inspected.suspicions, await self._scan(path))

    async def _scan(self, path: Path) -> Hold | None:
        try:
            verdict = await self._scanner.scan(path)
        except ScannerUnavailable as away:
            log.warning("scanner_unavailable", error=str(away))
            return Hold(State.WAITING, "document-waiting", "")
        match verdict:
            case Clean():
                return None
            case Infected(signature):
                return Hold(State.QUARANTINED, Suspicion.VIRUS_FOUND, signature)
            case Unscannable(why):
                return Hold(State.QUARANTINED, Suspicion.NOT_INSPECTED, why)

    async def _keep(
        self,
        document: Document,
        hold: Hold | None,
        temporary: Path,
        *,
        owner: str,
        now: datetime,
    ) -> Upload:
        async with self._pool.connection() as db:
            name = await sealed_name(db, self._keys, document, owner)
        values = _values(document, hold, now) | {"name": name, "owner": owner}
        # The row, inserted first, keeps the sweep from the file until both are there.
        async with self._pool.connection() as db, db.transaction():
            inserted = await db.execute(statements.INSERT, values)
            if inserted.rowcount == 0:
                async with db.cursor(row_factory=UPLOAD) as cursor:
                    same = await (await cursor.execute(statements.SAME, values)).fetchone()
                if same is None:
                    raise KeyReused
                return same
            if hold is None:
                final = self.path(document.sha256)
            else:
                await db.execute(statements.HOLD, values)
                final = places.quarantine_path(self._folder, document.document_id)
            await asyncio.to_thread(places.move, temporary, final)
        if hold is not None:
            identity = str(document.document_id)
            log.warning("document_set_aside", document=identity, code=hold.code, found=hold.found)
        state, code = (State.READY, None) if hold is None else (hold.state, hold.code)
        return Upload(**asdict(document), state=state, code=code)


def _values(document: Document, hold: Hold | None, now: datetime) -> dict[str, object]:
    kept_for = KEPT_UNUSED_FOR if hold is None else KEPT_HELD_FOR
    return asdict(document) | {
        "uploaded_at": now,
        "expires_at": now + kept_for,
        "state": State.READY if hold is None else hold.state,
        "code": None if hold is None else hold.code,
        "found": "" if hold is None else hold.found,
    }


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
