"""Which kinds of file we take, how each is recognised, and what it may call itself."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from services.refusals import DocumentRefused

NAME_AT_MOST: Final = 200
SIGNATURE_BYTES: Final = 16
_UNDECLARED: Final = frozenset({None, "", "application/octet-stream"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """`also` are other names that senders use for the media type."""

    media_type: str
    suffixes: tuple[str, ...]
    also: tuple[str, ...] = ()


PDF: Final = DocumentType(media_type="application/pdf", suffixes=(".pdf",))
PNG: Final = DocumentType(media_type="image/png", suffixes=(".png",))
JPEG: Final = DocumentType(
    media_type="image/jpeg", suffixes=(".jpg", ".jpeg"), also=("image/jpg", "image/pjpeg")
)
TIFF: Final = DocumentType(media_type="image/tiff", suffixes=(".tif", ".tiff"))
DOCX: Final = DocumentType(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    suffixes=(".docx",),
)
XLSX: Final = DocumentType(
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    suffixes=(".xlsx",),
)
ODT: Final = DocumentType(media_type="application/vnd.oasis.opendocument.text", suffixes=(".odt",))
TEXT: Final = DocumentType(media_type="text/plain", suffixes=(".txt",))

KINDS: Final[Mapping[str, DocumentType]] = {
    kind.media_type: kind for kind in (PDF, PNG, JPEG, TIFF, DOCX, XLSX, ODT, TEXT)
}

_SIGNATURES: Final[tuple[tuple[bytes, DocumentType], ...]] = (
    # At the very beginning: readers of PDF find it later too, and others read what stands before.
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)


def by_signature(head: bytes) -> DocumentType | None:
    """The kind that a file says it is in its first bytes, if it says so."""
    return next((kind for first, kind in _SIGNATURES if head.startswith(first)), None)


def refuse_other_names(
    found: DocumentType, name: str, declared: str | None, charset: str | None
) -> None:
    """Hold what a file is against the name and the media type it was sent under.

    Raises:
        DocumentRefused: `document-type-mismatch`.
    """
    suffix = PurePosixPath(name).suffix.lower()
    says_otherwise = declared not in {*_UNDECLARED, found.media_type, *found.also}
    other_charset = found is TEXT and (charset or "utf-8").lower() not in {"utf-8", "us-ascii"}
    if suffix not in found.suffixes or says_otherwise or other_charset:
        raise DocumentRefused("document-type-mismatch", found=found.media_type)


def clean_name(name: str) -> str:
    """A name that is safe to show and to save under: no path, no invisible or reversing signs."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        sign for sign in last if not unicodedata.category(sign).startswith(("C", "Zl", "Zp"))
    )
    stripped = " ".join(visible.split()).lstrip(". ")
    stem, suffix = PurePosixPath(stripped).stem, PurePosixPath(stripped).suffix
    return stem[: NAME_AT_MOST - len(suffix)] + suffix if stem else ""
