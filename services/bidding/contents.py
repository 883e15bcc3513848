"""What lies inside a bid: a list of contents, the files, and nothing that tells how large they are.

`JLB1`, four bytes of the list's length (big-endian), the list as JSON, the files one after another,
and zeros up to a size that many bids have (Padmé: at most 12 % more, and hardly any bits of the
length are told; Nikitin et al., 2019).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAGIC: Final = b"JLB1"
_LENGTH_BYTES: Final = 4
SMALLEST: Final = 64 * 1024
"""Bytes; a bid of one page is as large as one of twenty."""
LARGEST: Final = 100 * 1024 * 1024
FILES_AT_MOST: Final = 50
DEAREST: Final = 10**15
"""Øre."""


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(min_length=1, max_length=255)
    type: str = Field(max_length=255)
    size: int = Field(ge=0, le=LARGEST)


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    price_minor: int | None = Field(ge=0, le=DEAREST)
    files: list[_Listed] = Field(max_length=FILES_AT_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFile:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`price_minor` in øre without VAT, None where the tender asks for none."""

    price_minor: int | None
    files: tuple[BidFile, ...]


class ContentsUnreadable(Exception):
    """What was sealed is no bid as bidders' programs make it."""


def packed(contents: Contents) -> bytes:
    """Padded so that its size tells little.

    Raises:
        ValueError: it is too large, or has too many files.
    """
    listed = _List(
        price_minor=contents.price_minor,
        files=[
            _Listed(name=each.name, type=each.media_type, size=len(each.content))
            for each in contents.files
        ],
    )
    text = json.dumps(listed.model_dump(), ensure_ascii=False, separators=(",", ":")).encode()
    head = MAGIC + len(text).to_bytes(_LENGTH_BYTES, "big") + text
    plain = head + b"".join(each.content for each in contents.files)
    if len(plain) > LARGEST:
        raise ValueError(f"A bid has at most {LARGEST // 1024 // 1024} MiB.")
    return plain.ljust(padded_size(len(plain)), b"\0")


def unpacked(plain: bytes) -> Contents:
    """What `packed` made.

    Raises:
        ContentsUnreadable: it did not.
    """
    start = len(MAGIC) + _LENGTH_BYTES
    if not plain.startswith(MAGIC) or len(plain) < start:
        raise ContentsUnreadable
    end = start + int.from_bytes(plain[len(MAGIC) : start], "big")
    try:
        listed = _List.model_validate_json(plain[start:end])
    except ValidationError as wrong:
        raise ContentsUnreadable from wrong
    return Contents(price_minor=listed.price_minor, files=tuple(_files(plain, end, listed.files)))


def padded_size(size: int) -> int:
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (size + mask) & ~mask


def _files(plain: bytes, at: int, listed: Sequence[_Listed]) -> list[BidFile]:
    if at + sum(each.size for each in listed) > len(plain):
        raise ContentsUnreadable
    files = []
    for each in listed:
        content = plain[at : at + each.size]
        files.append(BidFile(name=each.name, media_type=each.type, content=content))
        at += each.size
    return files
