"""What a tender's rules remember, and what each fact changes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum, auto

from commands.refusal import Refused
from events.document import Document
from events.ids import (
    ActorId,
    BidId,
    DocumentId,
    KeyId,
    LotId,
    PartyId,
    QuestionId,
    ReplacementId,
    SittingId,
)
from events.tender import Criterion, Procedure
from events.tender_award import LotAwarded


class Status(Enum):
    UNKNOWN = auto()
    DRAFT = auto()
    PUBLISHED = auto()
    OPENED = auto()
    CANCELLED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """`key_id` is None before a key is registered, and once it is lost.

    `has_rehearsed`: with this key, since the deadline that stands was set.
    """

    key_id: KeyId | None = None
    has_rehearsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody has sent who asks to be invited to bid."""

    documents: tuple[Document, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """`price_minor` is in øre; `is_open` once it was opened and found to be a bid."""

    bid_id: BidId
    lot: LotId
    bidder: PartyId
    version: int
    is_open: bool = False
    price_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    sitting: SittingId
    ends_at: datetime
    given: frozenset[ActorId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    closes_at: datetime
    reason: str
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """`stopped_by` are complainants who may not be ignored; `upheld` if one was right."""

    awarded: LotAwarded
    stopped_by: frozenset[PartyId] = frozenset()
    is_upheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """`closes_at` is the first instant at which no bid, or no request to bid, is received.

    `bids` are the last of each bidder for each lot, by both, without those withdrawn; `versions`
    counts what each has sent for it.
    """

    status: Status = Status.UNKNOWN
    procedure: Procedure = Procedure.OPEN
    lots: Sequence[LotId] = ()
    criteria: Sequence[Criterion] = ()
    material: frozenset[DocumentId] = frozenset()
    closes_at: datetime | None = None
    proposal: Proposal | None = None
    applicants: Mapping[PartyId, Application] = field(default_factory=dict)
    invited: frozenset[PartyId] | None = None
    questions: frozenset[QuestionId] = frozenset()
    answered: frozenset[QuestionId] = frozenset()
    committee: Mapping[ActorId, Member] = field(default_factory=dict)
    threshold: int = 0
    replacements: frozenset[tuple[ReplacementId, ActorId, ActorId]] = frozenset()
    new_keys: Mapping[ReplacementId, KeyId] = field(default_factory=dict)
    bids: Mapping[tuple[PartyId, LotId], Bid] = field(default_factory=dict)
    versions: Mapping[tuple[PartyId, LotId], int] = field(default_factory=dict)
    sitting: Sitting | None = None
    interests: Mapping[ActorId, bool] = field(default_factory=dict)
    scores: Mapping[tuple[BidId, str, ActorId], int] = field(default_factory=dict)
    awards: Mapping[LotId, Award] = field(default_factory=dict)
    contracts: Mapping[LotId, date] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        return self.status is Status.DRAFT

    @property
    def takes_bids(self) -> bool:
        """Whether what is received now are bids, and not requests to be invited."""
        return self.procedure is Procedure.OPEN or self.invited is not None

    def awaits_bids(self, now: datetime) -> bool:
        """Whether bids may come until a deadline that has not passed."""
        return self.status is Status.PUBLISHED and self.takes_bids and not self.is_closed(now)

    @property
    def to_rehearse(self) -> frozenset[ActorId]:
        """Who holds a key and has not shown since the deadline was set that it is at hand."""
        return frozenset(
            member
            for member, each in self.committee.items()
            if each.key_id is not None and not each.has_rehearsed
        )

    @property
    def keys_to_spare(self) -> int:
        """How many members more can lose their keys before nobody can open the bids."""
        return sum(each.key_id is not None for each in self.committee.values()) - self.threshold

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and now >= self.closes_at

    def bid(self, bid_id: BidId) -> Bid | None:
        return next((each for each in self.bids.values() if each.bid_id == bid_id), None)

    def with_new_deadline(self, closes_at: datetime) -> "Tender":
        """Members rehearse before every deadline by which bids come: a key file that was at hand
        when the tender was published need not be so weeks later. Requests to be invited are not
        sealed, so nobody rehearses for theirs.
        """
        committee = self.committee
        if self.takes_bids:
            committee = {
                member: replace(each, has_rehearsed=False) for member, each in committee.items()
            }
        return replace(self, closes_at=closes_at, committee=committee)

    def with_material(self, material: Sequence[Document]) -> "Tender":
        added = {document.document_id for document in material}
        return replace(self, material=self.material | added)

    def without_scores_of(self, evaluator: ActorId) -> "Tender":
        scores = {place: each for place, each in self.scores.items() if place[2] != evaluator}
        return replace(self, scores=scores)

    def with_bid(self, bid: Bid) -> "Tender":
        return replace(self, bids={**self.bids, (bid.bidder, bid.lot): bid})

    def with_award(self, award: Award) -> "Tender":
        return replace(self, awards={**self.awards, award.awarded.lot: award})


def require_draft(tender: Tender) -> None:
    if tender.status is not Status.DRAFT:
        _require_known(tender)
        raise Refused("tender-already-published", "The tender is published.")


def require_open(tender: Tender, now: datetime) -> datetime:
    """The deadline of a tender that is published and has not closed."""
    require_published(tender)
    if tender.closes_at is None or now >= tender.closes_at:
        raise Refused("tender-closed", "The deadline has passed.")
    return tender.closes_at


def require_published(tender: Tender) -> None:
    _require_known(tender)
    if tender.status is Status.DRAFT:
        raise Refused("tender-not-published", "The tender is not published yet.")
    if tender.status is Status.OPENED:
        raise Refused("tender-opened", "The bids are opened.")


def require_opened(tender: Tender) -> None:
    _require_known(tender)
    if tender.status is not Status.OPENED:
        raise Refused("tender-not-opened", "The bids are not opened yet.")


def _require_known(tender: Tender) -> None:
    if tender.status is Status.UNKNOWN:
        raise Refused("tender-not-found", "There is no such tender.")
    if tender.status is Status.CANCELLED:
        raise Refused("tender-cancelled", "The tender is cancelled.")


def require_words(text: str, refused: Refused) -> None:
    """Raises:
    Refused: as told, where nothing is said.
    """
    if not text.strip():
        raise refused
