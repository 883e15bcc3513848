"""Scans what came while the scanner was away, once it is back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

import structlog
from psycopg import Connection, OperationalError

from services.documents import places
from services.documents.holding import State
from services.documents.quarantine import NotHeld, held, settle
from services.documents.scanner import Scanner, ScannerUnavailable
from services.ports import Clock

log = structlog.get_logger()

ROUND_SECONDS: Final = 10.0
FAILURES_IN_A_ROW: Final = 3
"""A file that the scanner stumbles over keeps nobody else's waiting; a scanner that is away does
not have to be asked for each."""


async def scan_waiting(
    db: Connection[tuple[object, ...]],
    folder: Path,
    scanner: Scanner,
    clock: Clock,
    *,
    in_a_row: int = FAILURES_IN_A_ROW,
) -> int:
    """Scan what waits for the scanner, the oldest first; how many were settled.

    Raises:
        ScannerUnavailable: it is away still; what got no verdict waits on.
    """
    settled = failed = 0
    for waiting in held(db):
        if waiting.state != State.WAITING:
            continue
        path = places.quarantine_path(folder, waiting.document_id)
        try:
            verdict = await scanner.scan(path)
            settle(db, folder, waiting.document_id, verdict, clock.now())
        except (NotHeld, FileNotFoundError):
            # Somebody was faster.
            continue
        except ScannerUnavailable:
            failed += 1
            if failed == in_a_row:
                raise
        else:
            settled += 1
            failed = 0
    return settled


def run(
    connect: Callable[[], Connection[tuple[object, ...]]],
    folder: Path,
    scanner: Scanner,
    clock: Clock,
    stop: Event,
) -> None:
    """A round every ten seconds until told to stop; apart from the clockwork, as scans are slow."""
    while not stop.wait(ROUND_SECONDS):
        try:
            with connect() as db:
                settled = asyncio.run(scan_waiting(db, folder, scanner, clock))
        except (OperationalError, ScannerUnavailable) as away:
            log.warning("rescan_interrupted", error=type(away).__name__)
        else:
            if settled:
                log.info("documents_rescanned", documents=settled)
