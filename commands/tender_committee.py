"""What can be asked of the committee that opens a tender's bids."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.ids import ActorId, KeyId, ReplacementId, TenderId
from events.tender_committee import ShareOfBid


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointCommittee:
    tender_id: TenderId
    members: tuple[ActorId, ...]
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMemberKey:
    tender_id: TenderId
    member: ActorId
    key_id: KeyId
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRehearsal:
    """The member has shown what only the key with this id could know."""

    tender_id: TenderId
    member: ActorId
    key_id: KeyId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKeyLost:
    tender_id: TenderId
    member: ActorId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginReplacement:
    tender_id: TenderId
    replacement: ReplacementId
    member: ActorId
    new_member: ActorId
    key_id: KeyId
    public_key: str
    helpers: tuple[ActorId, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteReplacement:
    """By the new member, who has put the helpers' parts together."""

    tender_id: TenderId
    replacement: ReplacementId
    new_member: ActorId
    shares: tuple[ShareOfBid, ...]
    now: datetime


CommitteeCommand: TypeAlias = (
    AppointCommittee
    | RegisterMemberKey
    | RecordRehearsal
    | ReportKeyLost
    | BeginReplacement
    | CompleteReplacement
)
