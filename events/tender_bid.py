"""What can happen to the bids of a tender, and to whoever tries to open them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.document import Document
from events.ids import ActorId, BidId, KeyId, LotId, PartyId, SittingId, TenderId


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """One member's share of a bid's key, sealed to that member (HPKE, RFC 9180).

    `place` is the share's own, from 1, and no secret. `commitment` is the SHA-256 of the share,
    which whoever opens it must meet.
    """

    member: ActorId
    key_id: KeyId
    place: int
    commitment: str
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A sealed bid as it came: `sha256` and `size` in bytes of what lies in the store.

    `commitment` is that to its key. Nothing here tells anything of what is inside.
    """

    sha256: str
    size: int
    commitment: str
    shares: tuple[SealedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BidReceived:
    """`received_at` is the database's clock; `version` counts a bidder's bids for a lot."""

    tender_id: TenderId
    bid_id: BidId
    lot: LotId
    bidder: PartyId
    version: int
    envelope: Envelope
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithdrawn:
    """The last that the bidder sent for the lot; its envelope is deleted."""

    tender_id: TenderId
    bid_id: BidId
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRefused:
    """Somebody tried to open bids and might not; `code` says why."""

    tender_id: TenderId
    member: ActorId
    code: str
    tried_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingBegan:
    """The committee sits down to open; whoever takes part does so until `ends_at`."""

    tender_id: TenderId
    sitting: SittingId
    began_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesGiven:
    """A member has given the shares of all bids, each of which met its commitment."""

    tender_id: TenderId
    sitting: SittingId
    member: ActorId
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BidOpened:
    """What was in it, as documents; `price_minor` is in øre without VAT, if it tells one."""

    tender_id: TenderId
    bid_id: BidId
    bidder: PartyId
    sitting: SittingId
    documents: tuple[Document, ...]
    price_minor: int | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BidUnreadable:
    """Its key does not open it, or it holds no bid: the bidder sealed it wrongly."""

    tender_id: TenderId
    bid_id: BidId
    sitting: SittingId
    code: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningEnded:
    """Every bid was opened or found unreadable."""

    tender_id: TenderId
    sitting: SittingId
    ended_at: datetime


BidEvent: TypeAlias = (
    BidReceived
    | BidWithdrawn
    | OpeningRefused
    | SittingBegan
    | SharesGiven
    | BidOpened
    | BidUnreadable
    | OpeningEnded
)
