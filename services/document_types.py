"""What a file is, judged by its content and never by what it says of itself."""

import codecs
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import puremagic

from services.refusals import DocumentRefused

NAME_AT_MOST: Final = 200
HEAD_BYTES: Final = 4_096
_CHUNK: Final = 64 * 1024
_UNDECLARED: Final = frozenset({None, "", "application/octet-stream"})
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


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


def document_type(path: Path, name: str, declared: str | None, charset: str | None) -> DocumentType:
    """The type of a file that was sent under a name and a media type.

    Raises:
        DocumentRefused: `document-type-refused` for content we do not take,
            `document-type-mismatch` for content that is not what the sender said.
    """
    found = _by_content(path)
    suffix = PurePosixPath(name).suffix.lower()
    if found is None:
        raise DocumentRefused("document-type-refused")
    says_otherwise = declared not in {*_UNDECLARED, found.media_type, *found.also}
    other_charset = found is TEXT and (charset or "utf-8").lower() not in {"utf-8", "us-ascii"}
    if suffix not in found.suffixes or says_otherwise or other_charset:
        raise DocumentRefused("document-type-mismatch", found=found.media_type)
    return found


def clean_name(name: str) -> str:
    """A name that is safe to show and to save under: no path, no invisible or reversing signs."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        sign for sign in last if not unicodedata.category(sign).startswith(("C", "Zl", "Zp"))
    )
    stripped = " ".join(visible.split()).lstrip(". ")
    stem, suffix = PurePosixPath(stripped).stem, PurePosixPath(stripped).suffix
    return stem[: NAME_AT_MOST - len(suffix)] + suffix if stem else ""


def _by_content(path: Path) -> DocumentType | None:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        suffixes = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        suffixes = set()
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    for candidate in (PDF, PNG, JPEG, TIFF):
        if suffixes.intersection(candidate.suffixes):
            return candidate
    return TEXT if _is_text(path) else None


def _office(path: Path) -> DocumentType | None:
    """Which office format a ZIP archive is; none when it carries macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if any(PurePosixPath(name).name == "vbaProject.bin" for name in names):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= HEAD_BYTES:
                return ODT if archive.read("mimetype").decode() == ODT.media_type else None
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError, OSError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(path: Path) -> bool:
    """UTF-8 throughout, without control signs other than line ends, tabs and form feeds."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if _CONTROLS.search(decoder.decode(chunk)):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
