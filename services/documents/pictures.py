"""Pictures: readable, and not larger than whoever opens them can bear."""

import struct
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from services.documents import limits
from services.documents.suspicion import Suspicion
from services.refusals import DocumentRefused

_BITS: Final[Mapping[str, int]] = {"1": 1, "L": 8, "P": 8, "LA": 16, "PA": 16, "I;16": 16}
_MOST_BITS: Final = 32

_UNREADABLE: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
)
"""What Pillow lets through when a header makes no sense."""


def inspect(path: Path) -> frozenset[Suspicion]:
    """Look at the headers only; nothing is unpacked.

    Raises:
        DocumentRefused: `document-unreadable`, `document-expands`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sizes = list(_decoded_sizes(path))
    except _UNREADABLE as broken:
        raise DocumentRefused("document-unreadable") from broken
    if not sizes or min(sizes) == 0:
        raise DocumentRefused("document-unreadable")
    too_many = len(sizes) > limits.PICTURE_PAGES_AT_MOST
    if too_many or max(sizes) > limits.PICTURE_DECODED_AT_MOST:
        raise DocumentRefused("document-expands")
    return frozenset()


def decoded_size(width: int, height: int, mode: str) -> int:
    """Bytes of a picture unpacked."""
    return width * height * _BITS.get(mode, _MOST_BITS) // 8


def _decoded_sizes(path: Path) -> Iterator[int]:
    # Pillow's own limit knows pixels only, and a line drawing of A0 has more than a photo may.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
        for page in range(limits.PICTURE_PAGES_AT_MOST + 1):
            if page > 0:
                if picture.format != "TIFF":
                    return
                try:
                    picture.seek(page)
                except EOFError:
                    return
            width, height = picture.size
            if width == 0 or height == 0:
                yield 0
            yield max(decoded_size(width, height, picture.mode), 1)
