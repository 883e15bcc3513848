"""What can happen to a public tender, from its draft to its contract (udbudsloven)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from events.document import Document
from events.ids import ActorId, LotId, PartyId, QuestionId, TeamId, TenderId
from events.personal import PUBLIC, PersonalText
from events.tender_award import AwardEvent
from events.tender_bid import BidEvent
from events.tender_committee import CommitteeEvent


class Procedure(StrEnum):
    """Who may bid: everybody (udbudsloven § 56), or whom the authority invites (§ 58)."""

    OPEN = "open"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A part of the tender that is bid for and awarded by itself (udbudsloven § 49)."""

    lot: LotId
    title: Annotated[str, PUBLIC]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A criterion of award and its weight in per cent (udbudsloven §§ 162 and 165).

    `is_price`: its points follow from the prices, by the formula that the material tells.
    """

    name: Annotated[str, PUBLIC]
    weight: int
    is_price: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDrafted:
    tender_id: TenderId
    team: TeamId
    procedure: Procedure
    title: Annotated[str, PUBLIC]
    description: Annotated[str, PUBLIC]
    lots: tuple[Lot, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderMaterialAdded:
    tender_id: TenderId
    material: Annotated[tuple[Document, ...], PUBLIC]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderPublished:
    """`closes_at` is the first instant at which nothing is received any more.

    That is bids in an open procedure, and requests to take part in a restricted one.
    """

    tender_id: TenderId
    published_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRequested:
    """A company asks to be invited to bid (udbudsloven § 59)."""

    tender_id: TenderId
    bidder: PartyId
    documents: tuple[Document, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRequestOpened:
    """What somebody sent who asked to be invited, once nobody can ask any more.

    Nobody has access to it before that (directive 2014/24/EU, annex IV).
    """

    tender_id: TenderId
    bidder: PartyId
    documents: tuple[Document, ...]
    received_at: datetime
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddersInvited:
    """All at once, in writing (udbudsloven § 59(5)); `closes_at` is when bids close."""

    tender_id: TenderId
    bidders: tuple[PartyId, ...]
    invited_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    tender_id: TenderId
    question_id: QuestionId
    bidder: PartyId
    text: PersonalText
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """Told to all at once; `text` is the question without what gives its asker away."""

    tender_id: TenderId
    question_id: QuestionId
    text: Annotated[str, PUBLIC]
    answer: Annotated[str, PUBLIC]
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderAmended:
    """`is_essential`: what is changed matters to whether and how one bids (§ 93(4) no. 2)."""

    tender_id: TenderId
    text: Annotated[str, PUBLIC]
    material: Annotated[tuple[Document, ...], PUBLIC]
    is_essential: bool
    amended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineProposed:
    """Nothing is moved before another has approved of it."""

    tender_id: TenderId
    closes_at: datetime
    reason: Annotated[str, PUBLIC]
    proposed_by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved:
    """`by_law`: the law moved it, because an answer or amendment came late (§ 93(4))."""

    tender_id: TenderId
    closes_at: datetime
    reason: Annotated[str, PUBLIC]
    by_law: bool
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderCancelled:
    tender_id: TenderId
    reason: Annotated[str, PUBLIC]
    cancelled_at: datetime


PublishingEvent: TypeAlias = (
    TenderDrafted
    | TenderMaterialAdded
    | TenderPublished
    | ParticipationRequested
    | ParticipationRequestOpened
    | BiddersInvited
    | TenderCancelled
)
TellingEvent: TypeAlias = (
    QuestionAsked | QuestionAnswered | TenderAmended | DeadlineProposed | DeadlineMoved
)
TenderEvent: TypeAlias = PublishingEvent | TellingEvent | CommitteeEvent | BidEvent | AwardEvent
