"""Looking for words in bytes, however they are written there."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

_GZIP: Final = b"\x1f\x8b\x08"
_PIECE: Final = 1 << 16
_SHIFTS: Final = (0, 2, 3)
"""How many letters of base64 hold something of the one or two bytes before a word."""


def spellings(word: str) -> dict[str, set[bytes]]:
    """The word in each encoding that it might lie about in, all in small letters."""
    raw = word.encode()
    return {
        "utf-8": {raw},
        "utf-16-le": {word.encode("utf-16-le")},
        "utf-16-be": {word.encode("utf-16-be")},
        "latin-1": {word.encode("latin-1")},
        "hex": {raw.hex().encode()},
        "base64": set(_base64(raw)),
        "url": {quote(word).lower().encode()},
        "json": {json.dumps(word)[1:-1].encode()},
    }


def _base64(raw: bytes) -> Iterator[bytes]:
    """Without the letters at both ends, which hold something of the neighbours too."""
    for before, shift in enumerate(_SHIFTS):
        whole = (len(raw) + before) * 8 // 6
        encoded = base64.b64encode(bytes(before) + raw)[shift:whole]
        yield encoded
        yield encoded.replace(b"+", b"-").replace(b"/", b"_")


def found(words: Iterable[str], data: bytes) -> set[str]:
    """In which encodings any of the words is in the data, or in what is packed in it by gzip."""
    names = set[str]()
    needles = _needles(tuple(words))
    for prefix, hay in (("", data), *(("gzip of ", each) for each in _unpacked(data))):
        small = hay.lower()
        for needle, encodings in needles.items():
            # Base64 alone tells large letters from small.
            if needle in (hay if encodings == {"base64"} else small):
                names |= {prefix + name for name in encodings}
    return names


@cache
def _needles(words: tuple[str, ...]) -> dict[bytes, set[str]]:
    """In which encodings each is written so; letters and digits alone look alike in many."""
    needles: dict[bytes, set[str]] = {}
    for word in words:
        for name, written in spellings(word).items():
            for needle in written:
                needles.setdefault(needle, set()).add(name)
    return needles


def _unpacked(data: bytes) -> Iterator[bytes]:
    at = data.find(_GZIP)
    while at >= 0:
        with suppress(zlib.error):
            yield _unpacked_from(data, at)
        at = data.find(_GZIP, at + 1)


def _unpacked_from(data: bytes, start: int) -> bytes:
    """Piece by piece: all that follows would be copied for each of many beginnings."""
    unpacking, parts = zlib.decompressobj(wbits=31), list[bytes]()
    for at in range(start, len(data), _PIECE):
        parts.append(unpacking.decompress(data[at : at + _PIECE]))
        if unpacking.eof:
            break
    return b"".join(parts)


def found_in_files(
    words: Iterable[str], folder: Path, apart_from: frozenset[Path] = frozenset()
) -> dict[str, set[str]]:
    """By file, where there is any."""
    known = list(words)
    files = (
        path for path in folder.rglob("*") if path.is_file() and apart_from.isdisjoint(path.parents)
    )
    seen = {str(path.relative_to(folder)): found(known, path.read_bytes()) for path in files}
    return {name: names for name, names in seen.items() if names}
