"""What can be asked of a public tender before its bids are opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from commands.case_deadline import DaysOff
from commands.tender_award import AwardCommand, EvaluationCommand
from commands.tender_bid import BidCommand
from commands.tender_committee import CommitteeCommand
from events.document import Document
from events.ids import ActorId, PartyId, QuestionId, TeamId, TenderId
from events.tender import Criterion, Lot, Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTender:
    tender_id: TenderId
    team: TeamId
    procedure: Procedure
    title: str
    description: str
    lots: tuple[Lot, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTenderMaterial:
    tender_id: TenderId
    material: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishTender:
    """Both times carry the offset of Europe/Copenhagen, for the days are counted there."""

    tender_id: TenderId
    published_at: datetime
    closes_at: datetime
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestParticipation:
    tender_id: TenderId
    bidder: PartyId
    documents: tuple[Document, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteBidders:
    """As `PublishTender` for the times."""

    tender_id: TenderId
    bidders: tuple[PartyId, ...]
    closes_at: datetime
    now: datetime
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion:
    tender_id: TenderId
    question_id: QuestionId
    bidder: PartyId
    text: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    tender_id: TenderId
    question_id: QuestionId
    text: str
    answer: str
    now: datetime
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendTender:
    tender_id: TenderId
    text: str
    material: tuple[Document, ...]
    is_essential: bool
    now: datetime
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDeadline:
    tender_id: TenderId
    closes_at: datetime
    reason: str
    by: ActorId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDeadline:
    """`closes_at` is what is approved, so that nobody approves of what they have not seen."""

    tender_id: TenderId
    closes_at: datetime
    by: ActorId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTender:
    tender_id: TenderId
    reason: str
    now: datetime


PublishingCommand: TypeAlias = (
    DraftTender
    | AddTenderMaterial
    | PublishTender
    | RequestParticipation
    | InviteBidders
    | CancelTender
)
TellingCommand: TypeAlias = (
    AskQuestion | AnswerQuestion | AmendTender | ProposeDeadline | ApproveDeadline
)
TenderCommand: TypeAlias = (
    PublishingCommand
    | TellingCommand
    | CommitteeCommand
    | BidCommand
    | EvaluationCommand
    | AwardCommand
)
