"""Uploaded documents: bytes in files named by their SHA-256, a row for each upload."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from multipart import (  # type: ignore[import-untyped]  # it has hints but no py.typed
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from events.document import Document
from events.ids import DocumentId
from services.document_types import clean_name, document_type
from services.ids import new_id
from services.refusals import DocumentRefused
from services.request import KeyReused

SIZE_AT_MOST: Final = 50 * 1024 * 1024
AROUND_AT_MOST: Final = 64 * 1024
"""What a body may hold beside the file itself."""

KEPT_UNUSED_FOR: Final = timedelta(hours=24)

DOCUMENT: Final = class_row(Document)

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class _Spooled:
    segment: MultipartSegment
    size: int
    sha256: str


class DocumentStore:
    """One organisation's documents under `folder`."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self._folder = folder
        self._pool = pool

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:]

    async def receive(
        self,
        content_type: str,
        chunks: AsyncIterator[bytes],
        *,
        document_id: DocumentId,
        owner: str,
        now: datetime,
    ) -> Document:
        """Keep the one `file` of a multipart/form-data body (RFC 7578), read as it arrives.

        Raises:
            DocumentRefused: too large (said at once, the rest is not read), empty, of a type we
                do not take, not what its name or declared type says, or not multipart at all.
            KeyReused: another document has this id already; the same one again is a repeat.
        """
        incoming = self._folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        temporary = incoming / str(new_id())
        try:
            with temporary.open("xb") as file:
                spooled = await _spool(content_type, chunks, file)
                await asyncio.to_thread(_to_disk, file)
            document = await asyncio.to_thread(_describe, document_id, temporary, spooled)
            await self._keep(document, temporary, owner=owner, now=now)
        finally:
            temporary.unlink(missing_ok=True)
        return document

    async def refer(
        self, document_ids: Sequence[DocumentId], *, owner: str, now: datetime
    ) -> tuple[Document, ...]:
        """The documents that a command is about to refer to, kept for another 24 hours.

        Raises:
            DocumentRefused: `document-unknown`, when one does not exist or is another's.
        """
        if not document_ids:
            return ()
        async with self._pool.connection() as db, db.cursor(row_factory=DOCUMENT) as cursor:
            await cursor.execute(
                """
                UPDATE document SET expires_at = greatest(expires_at, %s)
                WHERE document_id = ANY(%s) AND owner = %s
                  AND (expires_at IS NULL OR expires_at > %s)
                RETURNING document_id, sha256, name, media_type, size
                """,
                (now + KEPT_UNUSED_FOR, list(document_ids), owner, now),
            )
            known = {document.document_id: document async for document in cursor}
        unknown = [str(wanted) for wanted in document_ids if wanted not in known]
        if unknown:
            raise DocumentRefused("document-unknown", document=unknown[0])
        return tuple(known[wanted] for wanted in document_ids)

    async def _keep(
        self, document: Document, temporary: Path, *, owner: str, now: datetime
    ) -> None:
        values = asdict(document) | {
            "owner": owner,
            "uploaded_at": now,
            "expires_at": now + KEPT_UNUSED_FOR,
        }
        # The row, inserted first, keeps the sweep from the file until both are there.
        async with self._pool.connection() as db, db.transaction():
            inserted = await db.execute(_INSERT, values)
            if inserted.rowcount == 0:
                same = await (await db.execute(_SAME, values)).fetchone()
                if same is None:
                    raise KeyReused
            await asyncio.to_thread(_move, temporary, self.path(document.sha256))


_INSERT: Final = """
    INSERT INTO document
        (document_id, sha256, name, media_type, size, owner, uploaded_at, expires_at)
    VALUES (%(document_id)s, %(sha256)s, %(name)s, %(media_type)s, %(size)s, %(owner)s,
            %(uploaded_at)s, %(expires_at)s)
    ON CONFLICT (document_id) DO NOTHING
"""
_SAME: Final = """
    SELECT FROM document WHERE document_id = %(document_id)s AND sha256 = %(sha256)s
    AND name = %(name)s AND owner = %(owner)s
"""


async def _spool(content_type: str, chunks: AsyncIterator[bytes], file: BinaryIO) -> _Spooled:
    _, options = parse_options_header(content_type)
    digest = hashlib.sha256()
    segment: MultipartSegment | None = None
    size = sent = 0
    try:
        # Not strict, for a line end after the last boundary is allowed (RFC 2046 § 5.1.1).
        parser = PushMultipartParser(options.get("boundary", ""))
        async for chunk in chunks:
            sent += len(chunk)
            if sent > SIZE_AT_MOST + AROUND_AT_MOST:
                raise DocumentRefused("document-too-large", limit="50 MiB")
            for event in parser.parse(chunk) if chunk else ():
                if isinstance(event, MultipartSegment):
                    if segment is not None or event.name != "file" or event.filename is None:
                        raise DocumentRefused("multipart-malformed")
                    segment = event
                elif event is not None:
                    size += len(event)
                    if size > SIZE_AT_MOST:
                        raise DocumentRefused("document-too-large", limit="50 MiB")
                    digest.update(event)
                    file.write(event)
        parser.close()
    except (MultipartError, ValueError) as malformed:
        raise DocumentRefused("multipart-malformed") from malformed
    if segment is None:
        raise DocumentRefused("multipart-malformed")
    return _Spooled(segment, size, digest.hexdigest())


def _describe(document_id: DocumentId, path: Path, spooled: _Spooled) -> Document:
    if spooled.size == 0:
        raise DocumentRefused("document-empty")
    segment = spooled.segment
    name = clean_name(segment.filename or "")
    if not name:
        raise DocumentRefused("document-name-missing")
    kind = document_type(path, name, segment.content_type, segment.charset)
    return Document(
        document_id=document_id,
        sha256=spooled.sha256,
        name=name,
        media_type=kind.media_type,
        size=spooled.size,
    )


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _move(temporary: Path, final: Path) -> None:
    """Put the file under its name for good: whole or not at all, also after a power cut."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
