"""Has a file looked into by a process of its own, which knows none of our secrets."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from services.config import ROOT
from services.documents import kinds, limits
from services.documents.suspicion import Inspected, Suspicion
from services.refusals import DocumentRefused

MODULE: Final = "services.documents.inspecting"


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid")

    media_type: str | None = None
    suspicions: frozenset[Suspicion] = frozenset()
    refused: str | None = None
    facts: dict[str, str] = {}


class Sandbox:
    """Looks into files, at most two at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(limits.INSPECTIONS_AT_ONCE)

    async def inspect(self, path: Path) -> Inspected | None:
        """What is in a file (its absolute path); None when our limits were too narrow for that.

        Raises:
            DocumentRefused: it is of no kind we take, or not to be kept.
        """
        async with self._turn:
            printed = await _run(path)
        try:
            report = _Report.model_validate_json(printed)
        except ValidationError:
            # Killed for what it used, or the file broke it.
            return None
        if report.refused is not None:
            raise DocumentRefused(report.refused, **report.facts)
        if report.media_type is None:
            return None
        return Inspected(report.media_type, report.suspicions)


async def _run(path: Path) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        str(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        async with asyncio.timeout(limits.INSPECTION_SECONDS_AT_MOST):
            printed, _ = await process.communicate()
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return printed


def not_inspected(path: Path) -> Inspected:
    """What is too much for us is no reason to turn somebody away, if it can be told what it is."""
    with path.open("rb") as file:
        kind = kinds.by_signature(file.read(kinds.SIGNATURE_BYTES))
    if kind is None:
        raise DocumentRefused("document-expands")
    return Inspected(kind.media_type, frozenset({Suspicion.NOT_INSPECTED}))
