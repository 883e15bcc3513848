"""Files for the tests, each the smallest that its readers take for whole."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Final

OOXML: Final = "application/vnd.openxmlformats-officedocument"
WORD: Final = f"{OOXML}.wordprocessingml.document.main+xml"
SHEET: Final = f"{OOXML}.spreadsheetml.sheet.main+xml"
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
DEFLATED: Final = zipfile.ZIP_DEFLATED


def pdf(*objects: str, catalog: str = "", page: str = "") -> bytes:
    """One empty page; `objects` are numbered from 4 on."""
    parts = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]{page}>>",
        *objects,
    ]
    text = "".join(f"{n} 0 obj\n{each}\nendobj\n" for n, each in enumerate(parts, 1))
    # Without a table of objects: readers look for them, as they do in files cut on their way.
    end = f"trailer\n<</Root 1 0 R/Size {len(parts) + 1}>>\n%%EOF\n"
    return b"%PDF-1.7\n" + (text + end).encode("latin-1")


def stream(content: bytes, entries: str = "") -> str:
    """A stream object for `pdf`."""
    head = f"<</Length {len(content)}{entries}>>\nstream\n"
    return head + content.decode("latin-1") + "\nendstream"


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG (ISO/IEC 15948 § 5.3)."""
    crc = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + crc.to_bytes(4, "big")


def png(
    width: int = 1, height: int = 1, *, more: bytes = b"", depth: int = 8, colours: int = 0
) -> bytes:
    """Grey unless `colours` says otherwise; the header may promise more than there is."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = chunk(b"IHDR", size + bytes([depth, colours, 0, 0, 0]))
    body = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + head + more + body + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1, *, comment: bytes = b"") -> bytes:
    """A header that readers of headers take; there is no picture in it."""
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    parts = [b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"]
    if comment:
        parts.append(b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment)
    parts += [
        b"\xff\xc0" + (len(frame) + 2).to_bytes(2, "big") + frame,
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00",
    ]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def tiff(width: int = 1, height: int = 1, *, next_page: int = 0, order: str = "little") -> bytes:
    """One strip of grey, or of nothing; `next_page` is where the header of another is promised."""

    def entry(tag: int, kind: int, value: int) -> bytes:
        size = {3: 2, 4: 4}[kind]
        held = value.to_bytes(size, order).ljust(4, b"\0")  # type: ignore[arg-type]  # as given
        numbers = ((tag, 2), (kind, 2), (1, 4))
        return b"".join(n.to_bytes(w, order) for n, w in numbers) + held  # type: ignore[arg-type]

    entries = [
        entry(256, 4, width),
        entry(257, 4, height),
        entry(258, 3, 8),
        entry(259, 3, 1),
        entry(262, 3, 1),
        entry(273, 4, 8),
        entry(277, 3, 1),
        entry(278, 4, height),
        entry(279, 4, 1),
    ]
    mark = b"II*\x00" if order == "little" else b"MM\x00*"
    numbers = (8).to_bytes(4, order) + len(entries).to_bytes(2, order)  # type: ignore[arg-type]
    return mark + numbers + b"".join(entries) + next_page.to_bytes(4, order)  # type: ignore[arg-type]


def archive(parts: Mapping[str, bytes | str], *, method: int = DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return content.getvalue()


def content_types(part: str, kind: str) -> str:
    """`[Content_Types].xml` of an office file whose main part is `part`."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    override = f'<Override PartName="/{part}" ContentType="{kind}"/>'
    return f'<?xml version="1.0"?><Types xmlns="{types}">{override}</Types>'


def relations(kind: str, target: str, mode: str = "External") -> str:
    """A `.rels` part with one relationship."""
    uri = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    one = f'<Relationship Id="r1" Type="{uri}" Target="{target}" TargetMode="{mode}"/>'
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">{one}</Relationships>'


def docx_parts(more: Mapping[str, bytes | str] | None = None) -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": content_types("word/document.xml", WORD),
        "word/document.xml": "<w:document xmlns:w='w'>Carport</w:document>",
        **(more or {}),
    }


def docx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    return archive(docx_parts(more))


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types("xl/workbook.xml", SHEET),
        "xl/workbook.xml": "<workbook/>",
    }
    return archive(parts | dict(more or {}))


def odt(more: Mapping[str, bytes | str] | None = None) -> bytes:
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<office:document-content xmlns:office='o'/>",
        "META-INF/manifest.xml": "<manifest:manifest xmlns:manifest='m'/>",
    }
    return archive(parts | dict(more or {}))


PDF: Final = pdf()
PNG: Final = png()
JPEG: Final = jpeg()
TIFF: Final = tiff()
DOCX: Final = docx()
XLSX: Final = xlsx()
ODT: Final = odt()
