"""A sealed bid as it is sent and kept: what it is for, who can open it, and the envelope itself.

`JLSB`, four bytes of the length of what follows (big-endian), that as JSON, then the envelope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.ids import ActorId, KeyId
from events.tender_bid import SealedShare
from services.bidding.contents import LARGEST
from services.bidding.envelope import Binding, Sealed
from services.bidding.shares import MOST_SHARES

MAGIC: Final = b"JLSB"
_LENGTH_BYTES: Final = 4
_START: Final = len(MAGIC) + _LENGTH_BYTES
HEADING_AT_MOST: Final = 64 * 1024
"""Bytes of what stands before the envelope: with the shares of seven members it is 2 KB."""
SIZE_AT_MOST: Final = LARGEST + LARGEST // 8 + HEADING_AT_MOST
"""Bytes of the whole file; padding adds an eighth at most."""

_Digest = Field(pattern=r"^[0-9a-f]{64}$")


class _Share(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    member: str = Field(min_length=1, max_length=100)
    key_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    place: int = Field(ge=1, le=MOST_SHARES)
    commitment: str = _Digest
    sealed: str = Field(pattern=r"^([0-9a-f]{2}){1,200}$")


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    tender: str = Field(max_length=40)
    lot: str = Field(max_length=40)
    bidder: str = Field(max_length=100)
    version: int = Field(ge=1, le=10_000)
    committee: str = _Digest
    commitment: str = _Digest
    shares: list[_Share] = Field(min_length=1, max_length=255)


class BidFileUnreadable(Exception):
    """It is no sealed bid, or not all of it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands before the envelope."""

    binding: Binding
    commitment: str
    shares: tuple[SealedShare, ...]


def written(binding: Binding, sealed: Sealed) -> bytes:
    head = _Head(
        tender=binding.tender,
        lot=binding.lot,
        bidder=binding.bidder,
        version=binding.version,
        committee=binding.committee,
        commitment=sealed.commitment,
        shares=[_told(each) for each in sealed.shares],
    )
    text = head.model_dump_json().encode()
    return MAGIC + len(text).to_bytes(_LENGTH_BYTES, "big") + text + sealed.sealed


def read(content: bytes) -> tuple[Heading, bytes]:
    """What `written` and bidders' browsers write: what it is for, and the envelope.

    Raises:
        BidFileUnreadable: it is something else.
    """
    heading, end = read_heading(content)
    return heading, content[end:]


def read_heading(start: bytes) -> tuple[Heading, int]:
    """The same of the beginning of one, `HEADING_AT_MOST` of it, and where the envelope begins.

    Raises:
        BidFileUnreadable: it is something else, or there is no envelope.
    """
    if len(start) < _START or not start.startswith(MAGIC):
        raise BidFileUnreadable
    end = _START + int.from_bytes(start[len(MAGIC) : _START], "big")
    if end > HEADING_AT_MOST or end >= len(start):
        raise BidFileUnreadable
    try:
        head = _Head.model_validate_json(start[_START:end])
    except ValidationError as wrong:
        raise BidFileUnreadable from wrong
    binding = Binding(
        tender=head.tender,
        lot=head.lot,
        bidder=head.bidder,
        version=head.version,
        committee=head.committee,
    )
    shares = _shares(head.shares)
    return Heading(binding=binding, commitment=head.commitment, shares=shares), end


def _told(share: SealedShare) -> _Share:
    return _Share(
        member=share.member,
        key_id=share.key_id,
        place=share.place,
        commitment=share.commitment,
        sealed=share.sealed,
    )


def _shares(shares: Sequence[_Share]) -> tuple[SealedShare, ...]:
    return tuple(
        SealedShare(
            member=ActorId(each.member),
            key_id=KeyId(each.key_id),
            place=each.place,
            commitment=each.commitment,
            sealed=each.sealed,
        )
        for each in shares
    )
