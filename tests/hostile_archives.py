"""Archives that say one thing and are another, written byte by byte."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from tests import files
from tests.files import docx_parts

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One entry as it is written; what is None follows from the rest."""

    name: str
    packed: bytes = b""
    method: int = 0
    size: int | None = None
    crc: int | None = None
    flags: int = 0x800
    mode: int = 0
    local_name: str | None = None
    at: int | None = None


def plain(name: str, content: bytes | str) -> Raw:
    text = content.encode() if isinstance(content, str) else content
    return Raw(name=name, packed=text, crc=zlib.crc32(text))


def parts(more: Mapping[str, bytes | str] | None = None) -> list[Raw]:
    """A whole letter, to which something is added."""
    return [plain(name, content) for name, content in docx_parts(more).items()]


def written(
    entries: Sequence[Raw],
    *,
    before: bytes = b"",
    between: bytes = b"",
    after: bytes = b"",
    claimed: int | None = None,
) -> bytes:
    """An archive; `between` stands before its directory, `claimed` is how many it says it has."""
    body = before
    central = b""
    for entry in entries:
        size = len(entry.packed) if entry.size is None else entry.size
        crc = zlib.crc32(entry.packed) if entry.crc is None else entry.crc
        at = len(body) if entry.at is None else entry.at
        name, local = entry.name.encode(), (entry.local_name or entry.name).encode()
        sizes = (crc, len(entry.packed), size)
        if entry.at is None:
            head = (b"PK\3\4", 20, entry.flags, entry.method, 0, 0, *sizes, len(local), 0)
            body += struct.pack("<4s5H3L2H", *head) + local + entry.packed
        made = (b"PK\1\2", 0x031E, 20, entry.flags, entry.method, 0, 0, *sizes)
        rest = (len(name), 0, 0, 0, 0, entry.mode << 16, at)
        central += struct.pack("<4s6H3L5H2L", *made, *rest) + name
    body += between
    count = len(entries) if claimed is None else claimed
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(body), 0)
    return body + central + end + after


def zeros(mebibytes: int) -> tuple[bytes, int]:
    """So many MiB of nothing, packed, and their CRC; made of one MiB, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(bytes(MIB), crc)
    return once * mebibytes + b"\x03\x00", crc


def bomb(mebibytes: int, *, says: int | None = None) -> bytes:
    """A letter with a part that becomes so large; `says` is what it claims instead, in bytes."""
    packed, crc = zeros(mebibytes)
    size = mebibytes * MIB if says is None else says
    part = Raw(name="word/media/a.bin", packed=packed, method=8, size=size, crc=crc)
    return written([*parts(), part])


def overlapping(copies: int) -> bytes:
    """Many entries that are one (Fifield 2019)."""
    letter = parts()
    at = len(written(letter)) - len(written([]))  # where the next would stand, or nearly
    shared = plain("word/media/0.bin", bytes(1000))
    return written(
        [*letter, shared, *(plain_at(f"word/media/{n}.bin", at) for n in range(1, copies))]
    )


def plain_at(name: str, at: int) -> Raw:
    content = bytes(1000)
    return Raw(name=name, packed=content, crc=zlib.crc32(content), at=at)


def over_itself() -> bytes:
    """The second name for the first entry's bytes."""
    first = plain("[Content_Types].xml", "x" * 50)
    return written([first, Raw(name="word/document.xml", packed=first.packed, at=0)])


def nested(depth: int) -> bytes:
    """A sheet in a sheet in a sheet."""
    content = files.XLSX
    for _ in range(depth):
        content = files.xlsx({"xl/embeddings/sheet.xlsx": content})
    return content


def locked_pdf() -> bytes:
    content = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content, encryption=pikepdf.Encryption(owner="a", user="b"))
    return content.getvalue()


def packed_objects(text: str) -> bytes:
    """A PDF whose objects lie in a stream, where a search through its bytes finds nothing."""
    content = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = document.make_indirect(pikepdf.Object.parse(text.encode()))
        document.save(content, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


def object_bomb(mebibytes: int) -> bytes:
    """A PDF whose stream of objects becomes so large."""
    packer = zlib.compressobj(9)
    once = packer.compress(b"4 0 " + bytes(MIB - 4)) + packer.flush(zlib.Z_FULL_FLUSH)
    more = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = more.compress(bytes(MIB)) + more.flush(zlib.Z_FULL_FLUSH)
    packed = once + again * (mebibytes - 1)
    holder = files.stream(packed, "/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    body = files.pdf("null", holder)
    start = len(body)
    at = [body.index(b"%d 0 obj" % number) for number in (1, 2, 3, 5)]
    rows = [
        (0, 0, 255),
        *((1, each, 0) for each in at[:3]),
        (2, 5, 0),
        (1, at[3], 0),
        (1, start, 0),
    ]
    table = b"".join(bytes([a]) + b.to_bytes(4, "big") + bytes([c]) for a, b, c in rows)
    index = files.stream(table, "/Type/XRef/W[1 4 1]/Size 7/Root 1 0 R").encode("latin-1")
    return body + b"6 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
