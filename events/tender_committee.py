"""What can happen to the committee that opens the bids of a tender together."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.ids import ActorId, BidId, KeyId, ReplacementId, TenderId
from events.tender_bid import SealedShare


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeAppointed:
    """Any `threshold` of the members open the bids; fewer can open none."""

    tender_id: TenderId
    members: tuple[ActorId, ...]
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberKeyRegistered:
    """`public_key` is X25519 (RFC 7748), 64 hexadecimal digits; `key_id` follows from it."""

    tender_id: TenderId
    member: ActorId
    key_id: KeyId
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRehearsed:
    """The member has opened a share of a trial bid with this key: the key file is at hand."""

    tender_id: TenderId
    member: ActorId
    key_id: KeyId
    rehearsed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberKeyLost:
    """The member cannot open anything any more, and says so."""

    tender_id: TenderId
    member: ActorId
    key_id: KeyId
    lost_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfBid:
    bid_id: BidId
    share: SealedShare


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementBegan:
    """`helpers` are `threshold` other members who give the new one a share of every bid."""

    tender_id: TenderId
    replacement: ReplacementId
    member: ActorId
    new_member: ActorId
    key_id: KeyId
    public_key: str
    helpers: tuple[ActorId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReplaced:
    """`shares` are the new member's of every bid that there was."""

    tender_id: TenderId
    replacement: ReplacementId
    member: ActorId
    new_member: ActorId
    shares: tuple[ShareOfBid, ...]
    replaced_at: datetime


CommitteeEvent: TypeAlias = (
    CommitteeAppointed
    | MemberKeyRegistered
    | MemberRehearsed
    | MemberKeyLost
    | ReplacementBegan
    | MemberReplaced
)
