"""Office files: ZIP archives of XML parts (ECMA-376, ISO/IEC 26300), each part looked at."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from services.documents import limits
from services.documents.archives import Archive, Budget, Entry, open_archive
from services.documents.kinds import DOCX, ODT, XLSX, DocumentType
from services.documents.suspicion import Inspected, Suspicion
from services.refusals import DocumentRefused

_OVERLAP: Final = 256
_MAIN: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_CONTENT_TYPES: Final = "[Content_Types].xml"
_ODF_MANIFEST: Final = "META-INF/manifest.xml"

_MACRO_PARTS: Final = re.compile(r"(?i)(^|/)vba\w*\.(bin|xml)$|^(Basic|Scripts)/|\.(class|jar)$")
_ARCHIVES: Final = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"ITSF",
)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"%PDF-")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")
_XML_NAMES: Final = (".xml", ".rels", ".vml", ".svg", ".html", ".htm", ".xhtml")
_ENTITIES: Final = (b"<!entity", b"<\0!\0e\0n\0t\0i\0t\0y")
_DOCTYPE: Final = (b"<!doctype", b"<\0!\0d\0o\0c\0t\0y\0p\0e")
_ACTIVE: Final = (
    b"ddeauto",
    b"ddelink ",
    b"<script",
    b":script ",
    b":script>",
    b"javascript:",
    b"vnd.sun.star.script:",
    b"<office:event-listeners",
    b"onload=",
    b"onclick=",
    b"onerror=",
    b"onmouseover=",
)
"""In small letters. Plain searches, for a part may be hundreds of MiB."""
_FETCHED: Final = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/package")
"""What is opened by itself with the document when it lies elsewhere; links wait for a click."""


@dataclass(slots=True)
class _Look:
    """What has been seen of one office file and of those within it."""

    budget: Budget
    depth: int
    suspicions: set[Suspicion] = field(default_factory=set)
    kept: dict[str, bytes] = field(default_factory=dict)


def inspect(path: Path) -> Inspected:
    """Which office format a ZIP archive is, and what is in it.

    Raises:
        DocumentRefused: see docs/documents.md.
    """
    with path.open("rb") as file:
        look = _Look(Budget(), depth=0)
        kind = _inspect(file, look)
    return Inspected(kind.media_type, frozenset(look.suspicions))


def _inspect(file: BinaryIO, look: _Look) -> DocumentType:
    archive = open_archive(file)
    for entry in archive.entries:
        if _MACRO_PARTS.search(entry.name):
            raise DocumentRefused("document-type-refused")
    for entry in archive.entries:
        _look_at(archive, entry, look)
    return _kind(archive.entries, look)


def _look_at(archive: Archive, entry: Entry, look: _Look) -> None:
    """Unpack one part, as programs will, and look at it while it passes."""
    pieces = archive.contents(entry, look.budget)
    beginning = _beginning(pieces)
    _judge_beginning(beginning, look)
    is_nested = beginning.startswith(_ZIP)
    is_markup = _MARKUP.match(beginning) is not None or entry.name.endswith(_XML_NAMES)
    is_kept = is_nested or _is_read_as_xml(entry.name)
    at_most = limits.NESTED_ARCHIVE_AT_MOST if is_nested else limits.XML_AT_MOST
    kept = bytearray()
    before = b""
    for piece in chain((beginning,), pieces):
        if is_markup:
            _judge_markup(before + piece, look)
            before = piece[-_OVERLAP:]
        if is_kept:
            kept += piece
            if len(kept) > at_most:
                raise DocumentRefused("document-expands")
    if is_nested:
        _inspect_nested(bytes(kept), look)
    elif is_kept:
        look.kept[entry.name] = bytes(kept)


def _beginning(pieces: Iterator[bytes]) -> bytes:
    """Enough to tell what it is, however small the pieces were packed."""
    found = b""
    for piece in pieces:
        found += piece
        if len(found) >= _OVERLAP:
            break
    return found


def _is_read_as_xml(name: str) -> bool:
    return name in {_CONTENT_TYPES, "mimetype", _ODF_MANIFEST} or name.endswith(".rels")


def _judge_beginning(beginning: bytes, look: _Look) -> None:
    """Turn away what office files never hold, and more than one archive within another."""
    # A chart in a letter carries its sheet with it, and nothing that goes deeper.
    too_deep = beginning.startswith(_ZIP) and look.depth > 0
    if too_deep or beginning.startswith((*_ARCHIVES, *_PROGRAMS)):
        raise DocumentRefused("document-archive-inside")
    if beginning.startswith(_OLE):
        look.suspicions.add(Suspicion.EMBEDDED_FILE)


def _judge_markup(text: bytes, look: _Look) -> None:
    small = text.lower()
    if any(entity in small for entity in _ENTITIES):
        raise DocumentRefused("document-unreadable")
    if any(active in small for active in _ACTIVE):
        look.suspicions.add(Suspicion.ACTIVE_CONTENT)


def _inspect_nested(content: bytes, look: _Look) -> None:
    nested = _Look(look.budget, look.depth + 1)
    try:
        _inspect(BytesIO(content), nested)
    except DocumentRefused as refused:
        if refused.code == "document-type-refused":
            raise DocumentRefused("document-archive-inside") from refused
        raise
    look.suspicions |= nested.suspicions


def _kind(entries: Iterable[Entry], look: _Look) -> DocumentType:
    names = {entry.name for entry in entries}
    if _CONTENT_TYPES in names:
        return _office_open_kind(names, look)
    if look.kept.get("mimetype", b"").strip() == ODT.media_type.encode():
        if b"encryption-data" in look.kept.get(_ODF_MANIFEST, b""):
            raise DocumentRefused("document-encrypted")
        return ODT
    raise DocumentRefused("document-type-refused")


def _office_open_kind(names: set[str], look: _Look) -> DocumentType:
    for name, relations in look.kept.items():
        if name.endswith(".rels") and _fetches(_xml(relations)):
            look.suspicions.add(Suspicion.ACTIVE_CONTENT)
    kinds = set[DocumentType]()
    for override in _xml(look.kept[_CONTENT_TYPES]).iter():
        declared = override.get("ContentType", "")
        if "macroenabled" in declared.lower():
            raise DocumentRefused("document-type-refused")
        part = override.get("PartName", "").removeprefix("/")
        if declared in _MAIN and part in names:
            kinds.add(_MAIN[declared])
    if len(kinds) != 1:
        raise DocumentRefused("document-type-refused")
    return kinds.pop()


def _fetches(relationships: Element) -> bool:
    return any(
        each.get("TargetMode") == "External" and each.get("Type", "").endswith(_FETCHED)
        for each in relationships.iter()
    )


def _xml(part: bytes) -> Element:
    if any(declared in part.lower() for declared in _DOCTYPE):
        # Parts have no document type declaration (ECMA-376 part 2, § 8.2.5).
        raise DocumentRefused("document-unreadable")
    try:
        return fromstring(part, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as broken:
        raise DocumentRefused("document-unreadable") from broken
