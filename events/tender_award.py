"""How the bids of a tender are judged, who is told, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from events.ids import ActorId, BidId, LotId, PartyId, TenderId
from events.personal import PUBLIC, PersonalText


class Notice(StrEnum):
    """How bidders are told of the award, on which the length of standstill depends."""

    ELECTRONIC = "electronic"
    LETTER = "letter"


class ComplaintEnd(StrEnum):
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestDeclared:
    """Whether an evaluator has an interest in any of the bidders (udbudsloven § 4)."""

    tender_id: TenderId
    evaluator: ActorId
    has_conflict: bool
    declared_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BidScored:
    """`points` in hundredths of a point, from 0 to 1,000; `reason` is told to the bidder."""

    tender_id: TenderId
    bid_id: BidId
    bidder: PartyId
    evaluator: ActorId
    criterion: Annotated[str, PUBLIC]
    points: int
    reason: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A bid's weighted total, in hundredths of a point."""

    bid_id: BidId
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAwarded:
    """Told to all bidders at once, with reasons (udbudsloven § 171).

    No contract before the end of `standstill_until` (lov om Klagenævnet for Udbud § 3).
    """

    tender_id: TenderId
    lot: LotId
    winner: BidId
    ranking: tuple[Ranked, ...]
    reasons: Annotated[str, PUBLIC]
    notice: Notice
    awarded_at: datetime
    standstill_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderComplaintFiled:
    """`stops_contract`: filed within standstill, so it has suspensive effect (§ 12)."""

    tender_id: TenderId
    lot: LotId
    complainant: PartyId
    filed_on: date
    stops_contract: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderComplaintEnded:
    tender_id: TenderId
    lot: LotId
    complainant: PartyId
    end: ComplaintEnd
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardAnnulled:
    """The award falls; the lot is awarded anew or the tender cancelled."""

    tender_id: TenderId
    lot: LotId
    reason: Annotated[str, PUBLIC]
    annulled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractConcluded:
    tender_id: TenderId
    lot: LotId
    bid_id: BidId
    concluded_on: date


AwardEvent: TypeAlias = (
    InterestDeclared
    | BidScored
    | LotAwarded
    | TenderComplaintFiled
    | TenderComplaintEnded
    | AwardAnnulled
    | ContractConcluded
)
