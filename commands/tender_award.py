"""What can be asked when the bids of a tender lie open."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from commands.case_deadline import DaysOff
from events.ids import ActorId, BidId, LotId, PartyId, TenderId
from events.tender_award import ComplaintEnd, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareInterest:
    tender_id: TenderId
    evaluator: ActorId
    has_conflict: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBid:
    """`points` in hundredths of a point, from 0 to 1,000."""

    tender_id: TenderId
    bid_id: BidId
    evaluator: ActorId
    criterion: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardLot:
    """`now` carries the offset of Europe/Copenhagen, for the days are counted there."""

    tender_id: TenderId
    lot: LotId
    winner: BidId
    reasons: str
    notice: Notice
    now: datetime
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTenderComplaint:
    tender_id: TenderId
    lot: LotId
    complainant: PartyId
    filed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTenderComplaint:
    tender_id: TenderId
    lot: LotId
    complainant: PartyId
    end: ComplaintEnd
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulAward:
    tender_id: TenderId
    lot: LotId
    reason: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeContract:
    tender_id: TenderId
    lot: LotId
    today: date


EvaluationCommand: TypeAlias = DeclareInterest | ScoreBid
AwardCommand: TypeAlias = (
    AwardLot | FileTenderComplaint | EndTenderComplaint | AnnulAward | ConcludeContract
)
