"""That a process runs, and whom it does not get through to: for whoever looks after the system."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import class_row

from services.database import Row, pinned
from services.ids import new_id
from services.workers import Job

BEAT_SECONDS: Final = 5.0
SILENT_SECONDS: Final = 30
"""Whoever has not been heard of for so long has probably stopped."""
FORGOTTEN_HOURS: Final = 24

_BEAT: Final = b"""
    INSERT INTO pulse (process, job, unanswering, began_at, beat_at)
    VALUES (%s, %s, %s, clock_timestamp(), clock_timestamp())
    ON CONFLICT (process) DO UPDATE
        SET unanswering = excluded.unanswering, beat_at = excluded.beat_at"""
_FORGET: Final = b"DELETE FROM pulse WHERE beat_at < clock_timestamp() - make_interval(hours => %s)"
_STOPPED: Final = b"DELETE FROM pulse WHERE process = %s"
_FELT: Final = b"""
    SELECT job, unanswering, began_at, beat_at,
        beat_at < clock_timestamp() - make_interval(secs => %s) AS is_silent
    FROM pulse ORDER BY job, began_at"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """One process at one job. `unanswering` are the systems that it asks less often now, as they
    do not answer; `is_silent` when it has not been heard of for a while.
    """

    job: str
    unanswering: list[str]
    began_at: datetime
    beat_at: datetime
    is_silent: bool


async def beat(
    conninfo: str,
    organisation: str,
    job: Job,
    stop: asyncio.Event,
    unanswering: Callable[[], Sequence[str]] = tuple,
) -> None:
    """Say so every few seconds until told to stop; while the database is away, nobody hears it."""
    process = new_id()
    wanted = pinned(conninfo, organisation, application_name="julelys-pulse")
    while not stop.is_set():
        with suppress(psycopg.OperationalError):
            async with await AsyncConnection[Row].connect(wanted, autocommit=True) as db:
                await db.execute(_FORGET, [FORGOTTEN_HOURS])
                await _beat_on(db, process, job, stop, unanswering)
        if not stop.is_set():
            await _pause(stop)


async def _beat_on(
    db: AsyncConnection[Row],
    process: UUID,
    job: Job,
    stop: asyncio.Event,
    unanswering: Callable[[], Sequence[str]],
) -> None:
    while not stop.is_set():
        await db.execute(_BEAT, [process, job.value, list(unanswering())])
        await _pause(stop)
    # In good order: nobody is to take it for one that has died.
    await db.execute(_STOPPED, [process])


async def felt(db: AsyncConnection[Row]) -> list[Pulse]:
    """Of every process that has been heard of within a day and has not said that it stopped."""
    async with db.cursor(row_factory=class_row(Pulse)) as cursor:
        await cursor.execute(_FELT, [SILENT_SECONDS])
        return await cursor.fetchall()


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(BEAT_SECONDS):
            await stop.wait()
