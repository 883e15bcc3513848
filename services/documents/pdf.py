"""PDF: readable without a password, and what it would do by itself when opened.

qpdf reads it as viewers do, damaged files included, and leaves the streams in the file until they
are asked for. Names come out of it in one spelling, so `/J#61vaScript` is no hiding place.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pikepdf

from services.documents import limits, text
from services.documents.suspicion import Suspicion
from services.refusals import DocumentRefused

_CHUNK: Final = 16 * 1024
_AT_ONCE: Final = 256 * 1024

_END_OF_NAME: Final = rb"(?![A-Za-z0-9_.+-])"
_ACTIVE: Final = re.compile(
    rb"/(?:JS|JavaScript|Launch|ImportData|SubmitForm|GoToE|RichMedia|Rendition|Movie|XFA)"
    + _END_OF_NAME
    + rb"|/URI\s*\((?:javascript|file|data|vbscript):|/GoToR.{0,200}\(\\\\\\\\"
    + rb"|\(\\\\\\\\.{0,200}/GoToR",
    re.DOTALL | re.IGNORECASE,
)
_MISSED: Final = re.compile("bad_alloc|unfilterable|object stream|error decoding")
_HAS_FILE: Final = re.compile(rb"/EF" + _END_OF_NAME)
_FILE: Final = re.compile(rb"/EF\s*<<([^<>]*)>>")
_REFERENCE: Final = re.compile(rb"(\d+)\s+(\d+)\s+R")


def inspect(path: Path) -> frozenset[Suspicion]:
    """Look at every object, wherever it hangs.

    Raises:
        DocumentRefused: `document-unreadable`, `document-encrypted`, `document-expands`.
    """
    try:
        with pikepdf.open(path) as pdf:
            if len(pdf.Root.Pages.Kids) == 0:
                raise DocumentRefused("document-unreadable")
            return frozenset(_suspicions(pdf))
    except pikepdf.PasswordError as locked:
        raise DocumentRefused("document-encrypted") from locked
    except (
        pikepdf.PdfError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        RuntimeError,
    ) as broken:
        raise DocumentRefused("document-unreadable") from broken


def _suspicions(pdf: pikepdf.Pdf) -> Iterator[Suspicion]:
    left = limits.PDF_EXPANDED_AT_MOST
    has_packed_objects = False
    everything: Iterable[object] = pdf.objects
    for found in everything:
        if not isinstance(found, pikepdf.Object):
            # A number, a truth or nothing.
            continue
        if isinstance(found, pikepdf.Stream):
            written = found.stream_dict.unparse(resolved=True)
            has_packed_objects |= found.get("/Type") == pikepdf.Name.ObjStm
            left -= _expanded(found, left)
            if left < 0:
                raise DocumentRefused("document-expands")
        else:
            written = found.unparse(resolved=True)
        if _ACTIVE.search(written):
            yield Suspicion.ACTIVE_CONTENT
        if _HAS_FILE.search(written) and not _all_plain(pdf, written):
            yield Suspicion.EMBEDDED_FILE
    if _has_missed_objects(pdf.get_warnings(), has_packed_objects=has_packed_objects):
        yield Suspicion.NOT_INSPECTED


def _has_missed_objects(warnings: Sequence[object], *, has_packed_objects: bool) -> bool:
    """Whether a viewer with more memory or luck may find objects that were not shown to us.

    What qpdf cannot unpack, it warns of and takes for nothing.
    """
    said = "\n".join(map(str, warnings))
    return bool(_MISSED.search(said)) or (has_packed_objects and "reconstruct" in said)


def _all_plain(pdf: pikepdf.Pdf, written: bytes) -> bool:
    """Signing services and invoices attach their data as XML, which does nothing by itself."""
    groups = _FILE.findall(written)
    references = [each for group in groups for each in _REFERENCE.findall(group)]
    if not references or len(groups) != len(_HAS_FILE.findall(written)):
        return False
    for number, generation in set(references):
        file = pdf.get_object((int(number), int(generation)))
        if (
            not isinstance(file, pikepdf.Stream)
            or len(_filters(file)) > limits.PDF_FLATE_FILTERS_AT_MOST
        ):
            return False
        content = file.read_bytes()
        if len(content) > limits.PLAIN_FILE_AT_MOST or not text.is_harmless(content):
            return False
    return True


def _expanded(stream: pikepdf.Stream, at_most: int) -> int:
    """How many bytes a stream becomes; of a picture, whose size is known, nothing is unpacked."""
    filters = _filters(stream)
    if filters.count("/FlateDecode") > limits.PDF_FLATE_FILTERS_AT_MOST:
        raise DocumentRefused("document-expands")
    if stream.get("/Subtype") == pikepdf.Name.Image:
        width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
        bits = int(stream.get("/BitsPerComponent", 1))
        if width * height * bits // 8 > limits.PICTURE_DECODED_AT_MOST or min(width, height) < 0:
            raise DocumentRefused("document-expands")
        return 0
    if filters[:1] != ["/FlateDecode"]:
        return 0
    return _inflated_size(stream, at_most)


def _inflated_size(stream: pikepdf.Stream, at_most: int) -> int:
    inflate = zlib.decompressobj()
    size = 0
    packed = memoryview(stream.get_raw_stream_buffer())
    try:
        for at in range(0, len(packed), _CHUNK):
            rest = bytes(packed[at : at + _CHUNK])
            while rest and not inflate.eof and size <= at_most:
                size += len(inflate.decompress(rest, _AT_ONCE))
                rest = inflate.unconsumed_tail
    except zlib.error:
        # Viewers show what there is up to here.
        return size
    return size


def _filters(stream: pikepdf.Stream) -> list[str]:
    given = stream.get("/Filter")
    if given is None:
        return []
    return [str(each) for each in given] if isinstance(given, pikepdf.Array) else [str(given)]
