"""ZIP archives read with suspicion: what they claim is checked before and while unpacking.

`zipfile` reads the directory; what it promises of each entry is then held against the bytes that
are there, for programs that read an archive differently must all see the same.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from services.documents import limits
from services.refusals import DocumentRefused

_NAME_AT_MOST: Final = 255
_UNACCOUNTED_AT_MOST: Final = 4_096
_DESCRIPTOR: Final = 24
"""What may follow an entry's data (APPNOTE 4.3.9)."""
_CHUNK: Final = 64 * 1024
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END: Final = struct.Struct("<4s4H2LH")
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_DRIVE: Final = re.compile(r"[A-Za-z]:")

_BROKEN: Final = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    OSError,
    EOFError,
)
"""What `zipfile` lets through when a directory makes no sense."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked of one upload, archives within it included."""

    left: int = limits.ARCHIVE_EXPANDED_AT_MOST

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise DocumentRefused("document-expands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    method: int
    begins: int
    packed: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Archive:
    file: BinaryIO
    entries: Sequence[Entry]

    def contents(self, entry: Entry, budget: Budget) -> Iterator[bytes]:
        """Unpack an entry piece by piece.

        Raises:
            DocumentRefused: `document-expands`, `document-unreadable`.
        """
        inflate = zlib.decompressobj(-15) if entry.method == ZIP_DEFLATED else None
        crc = size = 0
        try:
            for packed in self._packed(entry):
                for piece in (packed,) if inflate is None else _inflated(inflate, packed):
                    budget.spend(len(piece))
                    size += len(piece)
                    crc = zlib.crc32(piece, crc)
                    yield piece
        except zlib.error as broken:
            raise DocumentRefused("document-unreadable") from broken
        is_whole = inflate is None or (inflate.eof and not inflate.unused_data)
        if not is_whole or size != entry.size or crc != entry.crc:
            raise DocumentRefused("document-unreadable")

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        at, end = entry.begins, entry.begins + entry.packed
        while at < end:
            # Whoever unpacks an archive within this one may have moved the file meanwhile.
            self.file.seek(at)
            chunk = self.file.read(min(_CHUNK, end - at))
            if not chunk:
                raise DocumentRefused("document-unreadable")
            at += len(chunk)
            yield chunk


def open_archive(file: BinaryIO) -> Archive:
    """Read the directory of an archive and check all that it claims.

    Raises:
        DocumentRefused: `document-unreadable`, `document-expands`, `document-encrypted`,
            `document-archive-unsafe`, `document-two-in-one`.
    """
    size = file.seek(0, 2)
    _check_end(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            found, directory = archive.infolist(), archive.start_dir
            entries = [_entry(file, info) for info in found]
    except _BROKEN as broken:
        raise DocumentRefused("document-unreadable") from broken
    _check_sizes(entries, size)
    _check_names(found)
    _check_layout(found, entries, directory)
    return Archive(file, entries)


def _check_end(file: BinaryIO, size: int) -> None:
    """The directory must be small enough to be read, and nothing may follow it."""
    file.seek(max(size - 65_557, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise DocumentRefused("document-unreadable")
    _, _, _, _, entries, directory, _, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise DocumentRefused("document-two-in-one", found="application/zip")
    is_zip64 = entries == 0xFFFF or directory == 0xFFFFFFFF  # noqa: PLR2004 - APPNOTE 4.4.1.4
    if not is_zip64 and entries > limits.ARCHIVE_ENTRIES_AT_MOST:
        raise DocumentRefused("document-expands")


def _entry(file: BinaryIO, info: ZipInfo) -> Entry:
    if info.flag_bits & _ENCRYPTED:
        raise DocumentRefused("document-encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise DocumentRefused("document-unreadable")
    file.seek(info.header_offset)
    signature, _, flags, method, _, _, _, _, _, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    spelt = file.read(name).decode("utf-8" if flags & 0x800 else "cp437")
    if signature != b"PK\x03\x04" or method != info.compress_type or spelt != info.orig_filename:
        raise DocumentRefused("document-archive-unsafe")
    return Entry(
        name=info.orig_filename,
        method=info.compress_type,
        begins=info.header_offset + _LOCAL.size + name + extra,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
    )


def _check_sizes(entries: Sequence[Entry], size: int) -> None:
    expanded = sum(entry.size for entry in entries)
    is_bomb = expanded > max(limits.ARCHIVE_RATIO_COUNTS_FROM, limits.ARCHIVE_RATIO_AT_MOST * size)
    is_large = expanded > limits.ARCHIVE_EXPANDED_AT_MOST
    if is_bomb or is_large or len(entries) > limits.ARCHIVE_ENTRIES_AT_MOST:
        raise DocumentRefused("document-expands")


def _check_names(found: Sequence[ZipInfo]) -> None:
    """No name may lead out of a folder, hide in it, stand twice, or be a link."""
    names = {info.orig_filename.casefold() for info in found}
    links = any(stat.S_ISLNK(info.external_attr >> 16) for info in found)
    if links or len(names) != len(found) or any(_is_tricky(info.orig_filename) for info in found):
        raise DocumentRefused("document-archive-unsafe")


def _is_tricky(name: str) -> bool:
    steps = name.removesuffix("/").split("/")
    return (
        len(name) > _NAME_AT_MOST
        or "\\" in name
        or _DRIVE.match(name) is not None
        or not {"", ".", ".."}.isdisjoint(steps)
        or any(unicodedata.category(sign).startswith("C") for sign in name)
    )


def _check_layout(found: Sequence[ZipInfo], entries: Sequence[Entry], directory: int) -> None:
    """Entries stand one after the other from the first byte on, and share nothing."""
    ranges = sorted(
        (info.header_offset, entry.begins + entry.packed)
        for info, entry in zip(found, entries, strict=True)
    )
    at = gaps = 0
    for begins, ends in [*ranges, (directory, directory)]:
        if begins < at:
            raise DocumentRefused("document-archive-unsafe")
        gaps += max(begins - at - _DESCRIPTOR, 0)
        at = ends
    if gaps > _UNACCOUNTED_AT_MOST or (ranges and ranges[0][0] != 0):
        raise DocumentRefused("document-two-in-one", found="application/zip")


def _inflated(inflate: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    rest = packed
    while rest and not inflate.eof:
        yield inflate.decompress(rest, _CHUNK)
        rest = inflate.unconsumed_tail
