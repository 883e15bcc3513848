"""What is answered about tenders to everybody, and to the team that runs them."""

from datetime import date, datetime
from uuid import UUID

from gateway.case_shapes import JournalShape
from gateway.post_shapes import TenderNotificationShape
from gateway.shapes import DocumentShape, Shape


class LotShape(Shape):
    """`lot` is its number within the tender."""

    lot: str
    title: str


class CriterionShape(Shape):
    """`weight` in per cent; the points of a price follow from the prices."""

    name: str
    weight: int
    is_price: bool


class ToldShape(Shape):
    """What all were told at once: `kind` is answer, amendment or deadline; `text` a question."""

    kind: str
    text: str | None
    told: str
    at: datetime


class AwardShape(Shape):
    """No contract is concluded before the end of `standstill_until`."""

    lot: str
    winner: str
    reasons: str
    awarded_at: datetime
    standstill_until: date
    concluded_on: date | None


class TenderRowShape(Shape):
    """`state` is draft, open, closed, opened, awarded, concluded or cancelled.

    `closes_at` is the first instant at which nothing is received any more: bids where
    `takes_bids`, else requests to be invited. `bids` is how many were opened, null before.
    """

    tender: UUID
    procedure: str
    title: str
    description: str
    team: str
    state: str
    published_at: datetime | None
    closes_at: datetime | None
    takes_bids: bool
    changed_at: datetime | None
    bids: int | None


class TenderShape(TenderRowShape):
    """Any `threshold` of the `members` open the bids together; `reason` is why it was cancelled."""

    lots: list[LotShape]
    criteria: list[CriterionShape]
    material: list[DocumentShape]
    told: list[ToldShape]
    members: int
    threshold: int
    opened_at: datetime | None
    awards: list[AwardShape]
    cancelled_at: datetime | None
    reason: str | None


class TendersShape(Shape):
    tenders: list[TenderRowShape]


class RunningRowShape(TenderRowShape):
    """`to_rehearse` is how many of the committee have a key and have not rehearsed with it for the
    deadline that stands; in a draft, for its publication.
    """

    to_rehearse: int


class RunningTendersShape(Shape):
    tenders: list[RunningRowShape]


class CommitteeTenderShape(TenderRowShape):
    """`to_do` is what I am waited for with: key, rehearsal or opening; null for nothing."""

    to_do: str | None


class CommitteeTendersShape(Shape):
    tenders: list[CommitteeTenderShape]


class RehearsalShape(Shape):
    """Every member rehearses before every deadline; who has not is told by name.

    `waiting` have a key and have not; `keyless` have lost theirs; `gone` may not be on a committee
    any more. `able` are left, and `is_enough` says whether they could open the bids. So many as
    `keys_to_spare` can be lost yet; with one more the tender is cancelled by its own rule.
    """

    closes_at: datetime
    seconds_left: int
    waiting: list[str]
    keyless: list[str]
    gone: list[str]
    able: int
    is_enough: bool
    keys_to_spare: int


class TenderIdShape(Shape):
    tender: UUID


class MemberShape(Shape):
    """`key_id` is null before a key is registered, and once it is lost; `rehearsed_at` before the
    member has rehearsed for the deadline that stands.
    """

    member: str
    name: str
    key_id: str | None
    rehearsed_at: datetime | None


class QuestionShape(Shape):
    """As it was asked; who did is nobody's to know."""

    question: UUID
    text: str
    asked_at: datetime
    is_answered: bool


class ProposalShape(Shape):
    """Another than `by` approves of it, or it comes to nothing."""

    closes_at: datetime
    reason: str
    by: str
    by_name: str


class ApplicantShape(Shape):
    """Who asks to be invited to bid, once requests are not received any more."""

    party: str
    name: str
    received_at: datetime
    is_invited: bool
    documents: list[DocumentShape]


class CandidateShape(Shape):
    """Somebody who can be appointed to a committee."""

    member: str
    name: str


class RunningTenderShape(Shape):
    """`missing` are the codes of what keeps a draft from being published.

    `earliest` is the first deadline that the law allows, were it published, or were the chosen
    invited, now. `journal` is how it stands with the records system, as it is told of a case.
    `rehearsal` is null where no bids come.
    `post` is who was told of what outside the platform; nothing of whom it would tell
    that they may bid, before the bids are open.
    """

    tender: TenderShape
    committee: list[MemberShape]
    candidates: list[CandidateShape]
    questions: list[QuestionShape]
    proposal: ProposalShape | None
    applicants: list[ApplicantShape]
    missing: list[str]
    rehearsal: RehearsalShape | None
    earliest: datetime
    journal: JournalShape
    post: list[TenderNotificationShape]
