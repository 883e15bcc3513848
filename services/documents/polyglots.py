"""Files that are two things at once, so that two programs see two different contents.

Photos may well have something after their end: phones put depth maps and short films there. So it
is not that there is more that counts, but that there is a second format.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.documents.kinds import PDF, DocumentType
from services.refusals import DocumentRefused

_CHUNK: Final = 1024 * 1024
_LONGEST: Final = 512
"""No pattern is longer, so that none is missed between two chunks."""

_END_RECORD_WITHIN: Final = 65_557
_HEAD_OF_PDF: Final = 1_024

# Each long enough not to turn up by chance in 50 MiB of compressed picture.
_MARKUP: Final = (
    rb"<script[\s>/]|<html[\s>]|<iframe[\s>]|<!doctype\s+html|<\?php\s|<svg[^>]{0,200}\sxmlns"
)
_OTHERS: Final = re.compile(
    _MARKUP + rb"|%PDF-[12]\.|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|__HALT_COMPILER"
    rb"|This program cannot be run in DOS mode",
    re.IGNORECASE,
)
_MARKUP_ONLY: Final = re.compile(_MARKUP, re.IGNORECASE)


def refuse_second_format(path: Path, kind: DocumentType) -> None:
    """Raises DocumentRefused: `document-two-in-one`."""
    parts = _around_pdf(path) if kind is PDF else _chunks(path)
    patterns = _MARKUP_ONLY if kind is PDF else _OTHERS
    if any(patterns.search(part) for part in parts) or _has_archive(path) or _is_tape(path):
        raise DocumentRefused("document-two-in-one", found=kind.media_type)


def _chunks(path: Path) -> Iterator[bytes]:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield before + chunk
            before = chunk[-_LONGEST:]


def _around_pdf(path: Path) -> Iterator[bytes]:
    """What is not within it: a text about web pages may hold `<script>` as anybody's may."""
    with path.open("rb") as file:
        head = file.read(_HEAD_OF_PDF)
        yield head.partition(b" obj")[0]
        file.seek(max(path.stat().st_size - _END_RECORD_WITHIN, 0))
        yield file.read().rpartition(b"%%EOF")[2]


def _has_archive(path: Path) -> bool:
    """Whether an unpacker, which looks from the end, would find a ZIP archive (so also a JAR)."""
    with path.open("rb") as file:
        start = max(path.stat().st_size - _END_RECORD_WITHIN, 0)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        while at >= 0:
            directory = int.from_bytes(tail[at + 12 : at + 16], "little")
            file.seek(max(start + at - directory, 0))
            if file.read(4) == b"PK\x01\x02" or b"PK\x06\x06" in tail:
                return True
            at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _is_tape(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(257)
        return file.read(5) == b"ustar"
