"""Drops uploads that nobody came to use, and files that an interrupted upload left behind."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from psycopg import Connection

from events.ids import DocumentId
from projections import documents
from services.documents import places

log = structlog.get_logger()

AT_ONCE: Final = 1_000
LOOK_FOR_STRAYS_EVERY: Final = timedelta(hours=1)
STRAY_AFTER: Final = timedelta(hours=1)
"""No upload takes this long, so a file this old without a row is nobody's."""

_MARKER: Final = ".looked-for-strays"


@dataclass(frozen=True, slots=True)
class Swept:
    rows: int
    files: int


def sweep(db: Connection[tuple[object, ...]], folder: Path, now: datetime) -> Swept:
    """Drop what is past its time and no fact refers to; cheap enough for every second.

    Whoever is about to refer to a document has its time extended by 24 hours first, and the view
    that tells of the fact is not as late as that, so nothing in use is dropped.
    """
    expired = _expired(db, now)
    dropped = 0
    files = 0
    if expired:
        referred = documents.is_referred(db, expired)
        db.execute(
            "UPDATE document SET expires_at = NULL WHERE document_id = ANY(%s)", (list(referred),)
        )
        unused = [each for each in expired if each not in referred]
        contents, dropped = _drop(db, unused, now)
        files = _unlink(db, folder, contents)
    if _is_time(folder, now):
        files += _unlink(db, folder, set(_old_files(folder, now)))
        _remove_abandoned(folder, now)
        files += _remove_no_longer_held(db, folder, now)
    if dropped or files:
        log.info("documents_swept", rows=dropped, files=files)
    return Swept(rows=dropped, files=files)


def _expired(db: Connection[tuple[object, ...]], now: datetime) -> list[DocumentId]:
    rows = db.execute(
        "SELECT document_id FROM document WHERE expires_at < %s ORDER BY expires_at LIMIT %s",
        (now, AT_ONCE),
    )
    return [DocumentId(UUID(str(document_id))) for (document_id,) in rows.fetchall()]


def _drop(
    db: Connection[tuple[object, ...]], unused: Collection[DocumentId], now: datetime
) -> tuple[set[str], int]:
    """The contents of the rows that were dropped, which one extended meanwhile is not."""
    rows = db.execute(
        """
        DELETE FROM document WHERE document_id = ANY(%s) AND expires_at < %s
        RETURNING sha256, document_id
        """,
        (list(unused), now),
    ).fetchall()
    db.execute(
        """
        UPDATE quarantine SET decision = 'expired', decided_by = 'system:clock', decided_at = %s
        WHERE document_id = ANY(%s) AND decision IS NULL
        """,
        (now, [document_id for _, document_id in rows]),
    )
    return {str(sha256) for sha256, _ in rows}, len(rows)


def _unlink(db: Connection[tuple[object, ...]], folder: Path, contents: Collection[str]) -> int:
    """Remove the files of contents that no row names."""
    if not contents:
        return 0
    with db.transaction():
        # Waits for uploads that have a row and not yet their file, and holds new ones back.
        db.execute("LOCK TABLE document IN SHARE ROW EXCLUSIVE MODE")
        rows = db.execute(
            "SELECT DISTINCT sha256 FROM document WHERE sha256 = ANY(%s)", (list(contents),)
        ).fetchall()
        removed = 0
        for sha256 in set(contents) - {str(row[0]) for row in rows}:
            path = places.path_of(folder, sha256)
            if path.exists():
                path.unlink()
                removed += 1
    return removed


def _is_time(folder: Path, now: datetime) -> bool:
    marker = folder / _MARKER
    if not folder.is_dir():
        return False
    if marker.exists() and marker.stat().st_mtime > (now - LOOK_FOR_STRAYS_EVERY).timestamp():
        return False
    marker.touch()
    os.utime(marker, (now.timestamp(), now.timestamp()))
    return True


def _old_files(folder: Path, now: datetime) -> Iterator[str]:
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if path.stat().st_mtime < (now - STRAY_AFTER).timestamp():
            yield path.parent.name + path.name


def _remove_abandoned(folder: Path, now: datetime) -> None:
    for path in places.incoming(folder).glob("*"):
        if path.stat().st_mtime < (now - STRAY_AFTER).timestamp():
            path.unlink(missing_ok=True)


def _remove_no_longer_held(db: Connection[tuple[object, ...]], folder: Path, now: datetime) -> int:
    """Files of documents whose time is up, or that a decision cut short left behind."""
    old = {
        path.name: path
        for path in places.quarantine(folder).glob("*")
        if path.stat().st_mtime < (now - STRAY_AFTER).timestamp()
    }
    rows = db.execute(
        """
        SELECT document_id::text FROM document
        WHERE state IN ('waiting', 'quarantined') AND document_id::text = ANY(%s)
        """,
        (list(old),),
    ).fetchall()
    for name in old.keys() - {str(row[0]) for row in rows}:
        old[name].unlink(missing_ok=True)
    return len(old) - len(rows)
