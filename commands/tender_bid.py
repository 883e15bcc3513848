"""What can be asked of the bids of a tender. Every `now` is the database's clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.document import Document
from events.ids import ActorId, BidId, LotId, PartyId, SittingId, TenderId
from events.tender_bid import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitBid:
    """`now` was asked for when the last byte of the envelope had come."""

    tender_id: TenderId
    bid_id: BidId
    lot: LotId
    bidder: PartyId
    version: int
    envelope: Envelope
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBid:
    tender_id: TenderId
    lot: LotId
    bidder: PartyId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSitting:
    tender_id: TenderId
    sitting: SittingId
    member: ActorId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveShares:
    """The shares themselves have met their commitments and are no part of the command."""

    tender_id: TenderId
    sitting: SittingId
    member: ActorId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in a bid: documents and a price in øre, or the code of why not."""

    bid_id: BidId
    documents: tuple[Document, ...] = ()
    price_minor: int | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpening:
    tender_id: TenderId
    sitting: SittingId
    found: tuple[Found, ...]
    now: datetime


BidCommand: TypeAlias = SubmitBid | WithdrawBid | BeginSitting | GiveShares | RecordOpening
