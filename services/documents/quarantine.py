"""What is set aside: shown to staff, scanned again, let through or removed, each with who and why.

A document that is held has no place in the store, so nothing can send it to anybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from psycopg import Connection
from psycopg.rows import class_row

from events.ids import DocumentId
from services.documents import places
from services.documents.holding import REMOVED, State
from services.documents.scanner import Clean, Infected, Scanner, Unscannable, Verdict
from services.documents.sealing import sealed_reason
from services.documents.suspicion import Suspicion
from services.privacy.person_keys import PersonKeys

log = structlog.get_logger()

KEPT_RELEASED_FOR: Final = timedelta(days=14)
"""Its sender has to come back and refer to it."""

SCANNER: Final = "system:scanner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`found` says more than `code`: the scanner's signature, or all that was suspicious."""

    document_id: DocumentId
    sha256: str
    name: str
    media_type: str
    size: int
    owner: str
    state: str
    code: str
    found: str
    since: datetime


class NotHeld(Exception):
    """The document is not set aside, or not any longer."""


class StillInfected(Exception):
    """The scanner finds something in what is to be let through; `signature` is its name."""

    def __init__(self, signature: str) -> None:
        super().__init__(signature)
        self.signature = signature


_HELD: Final = """
    SELECT document_id, document.sha256, name, media_type, size, owner, state, document.code,
           found, since
    FROM document JOIN quarantine USING (document_id)
    WHERE state IN ('waiting', 'quarantined')
"""


def held(db: Connection[tuple[object, ...]]) -> list[Held]:
    """All that is set aside, the oldest first."""
    with db.cursor(row_factory=class_row(Held)) as cursor:
        return cursor.execute(_HELD + "ORDER BY since, document_id").fetchall()


def one_held(db: Connection[tuple[object, ...]], document: DocumentId) -> Held:
    """Raises NotHeld."""
    with db.cursor(row_factory=class_row(Held)) as cursor:
        found = cursor.execute(_HELD + "AND document_id = %s", (document,)).fetchone()
    if found is None:
        raise NotHeld(str(document))
    return found


async def scan_for_release(
    folder: Path, document: DocumentId, scanner: Scanner, *, even_if_infected: bool
) -> None:
    """Hold what a person wants to let through against today's signatures.

    Raises:
        StillInfected, ScannerUnavailable, NotHeld: it is not to be let through now.
    """
    path = places.quarantine_path(folder, document)
    if not path.exists():
        raise NotHeld(str(document))
    verdict = await scanner.scan(path)
    if isinstance(verdict, Infected) and not even_if_infected:
        raise StillInfected(verdict.signature)


def release(
    db: Connection[tuple[object, ...]],
    folder: Path,
    document: DocumentId,
    *,
    by: str,
    reason: str,
    now: datetime,
    keys: PersonKeys,
) -> None:
    """Let a held document through; its sender may refer to it for 14 days.

    Raises:
        NotHeld: see there.
    """
    owner = one_held(db, document).owner
    sealed = sealed_reason(db, keys, document, owner, reason)
    _let_through(db, folder, document, _HELD_STATES, by=by, reason=sealed, now=now)


def remove(
    db: Connection[tuple[object, ...]],
    folder: Path,
    document: DocumentId,
    *,
    by: str,
    reason: str,
    now: datetime,
    keys: PersonKeys,
) -> None:
    """Do away with a held document; its sender is told so until its time is up.

    Raises:
        NotHeld: see there.
    """
    owner = one_held(db, document).owner
    sealed = sealed_reason(db, keys, document, owner, reason)
    with db.transaction():
        _decide(db, document, _HELD_STATES, State.REMOVED, REMOVED, None)
        _note(db, document, "removed", by, sealed, now)
    places.quarantine_path(folder, document).unlink(missing_ok=True)
    log.warning("document_removed", document=str(document), by=by)


def settle(
    db: Connection[tuple[object, ...]],
    folder: Path,
    document: DocumentId,
    verdict: Verdict,
    now: datetime,
) -> None:
    """What the scanner says of a document that waits for it; a person's decision stands.

    Raises:
        NotHeld: it does not wait any longer.
    """
    match verdict:
        case Clean():
            _let_through(db, folder, document, _WAITING, by=SCANNER, reason="", now=now)
        case Infected(signature):
            _quarantine(db, document, Suspicion.VIRUS_FOUND, signature)
        case Unscannable(why):
            _quarantine(db, document, Suspicion.NOT_INSPECTED, why)


_HELD_STATES: Final = (State.WAITING, State.QUARANTINED)
_WAITING: Final = (State.WAITING,)


def _let_through(
    db: Connection[tuple[object, ...]],
    folder: Path,
    document: DocumentId,
    among: tuple[State, ...],
    *,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    path = places.quarantine_path(folder, document)
    with db.transaction():
        # The row, locked first, keeps the sweep from the file until both are there.
        sha256 = _decide(db, document, among, State.READY, None, now + KEPT_RELEASED_FOR)
        _note(db, document, "released", by, reason, now)
        places.let_through(path, places.path_of(folder, sha256))
    path.unlink(missing_ok=True)
    log.info("document_released", document=str(document), by=by)


def _quarantine(
    db: Connection[tuple[object, ...]], document: DocumentId, code: str, found: str
) -> None:
    with db.transaction():
        _decide(db, document, _WAITING, State.QUARANTINED, code, None)
        db.execute(
            "UPDATE quarantine SET code = %s, found = %s WHERE document_id = %s",
            (code, found, document),
        )
    log.warning("document_set_aside", document=str(document), code=code, found=found)


def _decide(
    db: Connection[tuple[object, ...]],
    document: DocumentId,
    among: tuple[State, ...],
    state: State,
    code: str | None,
    expires_at: datetime | None,
) -> str:
    """Change how it stands, if it is in one of the states `among`; gives its content's hash.

    Raises:
        NotHeld: it is not.
    """
    changed = db.execute(
        """
        UPDATE document SET state = %s, code = %s, expires_at = coalesce(%s, expires_at)
        WHERE document_id = %s AND state = ANY(%s) RETURNING sha256
        """,
        (state, code, expires_at, document, list(among)),
    ).fetchone()
    if changed is None:
        raise NotHeld(str(document))
    return str(changed[0])


def _note(
    db: Connection[tuple[object, ...]],
    document: DocumentId,
    decision: str,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    db.execute(
        """
        UPDATE quarantine SET decision = %s, decided_by = %s, reason = %s, decided_at = %s
        WHERE document_id = %s
        """,
        (decision, by, reason, now, document),
    )
