"""Where sealed bids lie: files under the hash of what came, whole or not at all."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.bidding.bid_file import SIZE_AT_MOST
from services.documents.places import make_private, move, path_of
from services.documents.spooling import Pace
from services.ids import new_id


class EnvelopeRefused(Exception):
    """`code` says why: `body-too-large`, `body-too-slow`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    sha256: str
    size: int


class Envelopes:
    """One organisation's; nothing here can be read by whoever has the files alone."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        self._folder, self._pace = folder, pace

    async def keep(self, chunks: AsyncIterator[bytes]) -> Kept:
        """Take a body as it comes; it lies on the disk when this returns.

        Raises:
            EnvelopeRefused: it is too large, or does not come.
        """
        incoming = make_private(self._folder / "incoming") / str(new_id())
        try:
            with incoming.open("xb") as file:
                kept = await self._spooled(chunks, file)
                await asyncio.to_thread(_to_disk, file)
            await asyncio.to_thread(move, incoming, path_of(self._folder, kept.sha256))
        finally:
            incoming.unlink(missing_ok=True)
        return kept

    async def content(self, sha256: str) -> bytes:
        return await asyncio.to_thread(path_of(self._folder, sha256).read_bytes)

    async def beginning(self, sha256: str, size: int) -> bytes:
        """So many bytes of it, or all there are."""
        return await asyncio.to_thread(_start_of, path_of(self._folder, sha256), size)

    async def drop(self, sha256: str) -> None:
        """Delete it: nobody is to open it any more."""
        await asyncio.to_thread(path_of(self._folder, sha256).unlink, missing_ok=True)

    async def _spooled(self, chunks: AsyncIterator[bytes], file: BinaryIO) -> Kept:
        digest, size = hashlib.sha256(), 0
        try:
            async with asyncio.timeout(self._pace.whole):
                while True:
                    async with asyncio.timeout(self._pace.idle):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        return Kept(sha256=digest.hexdigest(), size=size)
                    size += len(chunk)
                    if size > SIZE_AT_MOST:
                        raise EnvelopeRefused("body-too-large")
                    digest.update(chunk)
                    file.write(chunk)
        except TimeoutError as slow:
            raise EnvelopeRefused("body-too-slow") from slow


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _start_of(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
