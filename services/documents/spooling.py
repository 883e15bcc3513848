"""A multipart body goes to a file as it comes, within limits of size and of time."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO

from multipart import (  # type: ignore[import-untyped]  # it has hints but no py.typed
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from services.documents.limits import AROUND_AT_MOST, SIZE_AT_MOST
from services.refusals import DocumentRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slow a body may come: `idle` seconds without a byte, `whole` seconds in all."""

    idle: float = 30.0
    whole: float = 1_800.0


@dataclass(frozen=True, slots=True)
class Spooled:
    segment: MultipartSegment
    size: int
    sha256: str


class _Receiver:
    """Takes the one `file` of a form out of its bytes."""

    def __init__(self, content_type: str, file: BinaryIO) -> None:
        _, options = parse_options_header(content_type)
        # Not strict, for a line end after the last boundary is allowed (RFC 2046 § 5.1.1).
        self._parser = PushMultipartParser(options.get("boundary", ""))
        self._file = file
        self._digest = hashlib.sha256()
        self._segment: MultipartSegment | None = None
        self._size = self._sent = 0

    def take(self, chunk: bytes) -> None:
        self._sent += len(chunk)
        if self._sent > SIZE_AT_MOST + AROUND_AT_MOST:
            raise DocumentRefused("document-too-large", limit="50 MiB")
        for event in self._parser.parse(chunk) if chunk else ():
            if isinstance(event, MultipartSegment):
                if self._segment is not None or event.name != "file" or event.filename is None:
                    raise DocumentRefused("multipart-malformed")
                self._segment = event
            elif event is not None:
                self._keep(event)

    def _keep(self, content: bytes) -> None:
        self._size += len(content)
        if self._size > SIZE_AT_MOST:
            raise DocumentRefused("document-too-large", limit="50 MiB")
        self._digest.update(content)
        self._file.write(content)

    def finish(self) -> Spooled:
        self._parser.close()
        if self._segment is None:
            raise DocumentRefused("multipart-malformed")
        return Spooled(self._segment, self._size, self._digest.hexdigest())


async def spool(
    content_type: str, chunks: AsyncIterator[bytes], file: BinaryIO, pace: Pace
) -> Spooled:
    """Raises DocumentRefused: `document-too-large`, `multipart-malformed`, `body-too-slow`."""
    try:
        receiver = _Receiver(content_type, file)
        async with asyncio.timeout(pace.whole):
            while True:
                async with asyncio.timeout(pace.idle):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return receiver.finish()
                receiver.take(chunk)
    except TimeoutError as slow:
        raise DocumentRefused("body-too-slow") from slow
    except (MultipartError, ValueError) as malformed:
        raise DocumentRefused("multipart-malformed") from malformed
