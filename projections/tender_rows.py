"""A row of the public tenders: what it holds, and what each fact changes of it."""

from typing import TypeAlias, TypedDict, assert_never

from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderDrafted,
    TenderMaterialAdded,
    TenderPublished,
)
from events.tender_award import AwardAnnulled, ContractConcluded, LotAwarded
from events.tender_bid import BidOpened, BidUnreadable, OpeningEnded
from events.tender_committee import CommitteeAppointed
from projections.plain import DocumentRow, document_row

RowFact: TypeAlias = (
    TenderMaterialAdded
    | CommitteeAppointed
    | TenderPublished
    | BiddersInvited
    | QuestionAnswered
    | TenderAmended
    | DeadlineMoved
    | BidOpened
    | BidUnreadable
    | OpeningEnded
    | TenderCancelled
    | LotAwarded
    | AwardAnnulled
    | ContractConcluded
)
"""What changes a row of a tender; what is not named here is nobody's to see."""


class LotRow(TypedDict):
    lot: str
    title: str


class CriterionRow(TypedDict):
    name: str
    weight: int
    is_price: bool


class ToldRow(TypedDict):
    """What all were told: `kind` is answer, amendment or deadline; `text` a question, if one."""

    kind: str
    text: str | None
    told: str
    at: str


class BidRow(TypedDict):
    """A bid that was opened; `bidder` is None where it could not be read."""

    bid_id: str
    bidder: str | None


class AwardRow(TypedDict):
    lot: str
    winner: str
    reasons: str
    awarded_at: str
    standstill_until: str


class ContractRow(TypedDict):
    lot: str
    bid_id: str
    concluded_on: str


class TenderRow(TypedDict):
    tender_id: str
    team: str
    procedure: str
    title: str
    description: str
    lots: list[LotRow]
    criteria: list[CriterionRow]
    material: list[DocumentRow]
    members: int
    threshold: int
    published_at: str | None
    closes_at: str | None
    takes_bids: bool
    told: list[ToldRow]
    opened_at: str | None
    bids: list[BidRow]
    awards: list[AwardRow]
    contracts: list[ContractRow]
    cancelled_at: str | None
    reason: str | None
    changed_at: str | None


def drafted(event: TenderDrafted) -> TenderRow:
    return TenderRow(
        tender_id=str(event.tender_id),
        team=event.team,
        procedure=event.procedure.value,
        title=event.title,
        description=event.description,
        lots=[LotRow(lot=each.lot, title=each.title) for each in event.lots],
        criteria=[
            CriterionRow(name=each.name, weight=each.weight, is_price=each.is_price)
            for each in event.criteria
        ],
        material=[],
        members=0,
        threshold=0,
        published_at=None,
        closes_at=None,
        takes_bids=event.procedure.value == "open",
        told=[],
        opened_at=None,
        bids=[],
        awards=[],
        contracts=[],
        cancelled_at=None,
        reason=None,
        changed_at=None,
    )


def evolve(row: TenderRow, event: RowFact) -> None:
    """What the row says once this has happened too."""
    match event:
        case TenderMaterialAdded():
            row["material"] = [*row["material"], *map(document_row, event.material)]
        case CommitteeAppointed():
            row["members"], row["threshold"] = len(event.members), event.threshold
        case TenderPublished():
            row["published_at"] = row["changed_at"] = event.published_at.isoformat()
            row["closes_at"] = event.closes_at.isoformat()
        case BiddersInvited():
            row["takes_bids"], row["closes_at"] = True, event.closes_at.isoformat()
            row["changed_at"] = event.invited_at.isoformat()
        case QuestionAnswered() | TenderAmended() | DeadlineMoved():
            _tell(row, event)
        case BidOpened() | BidUnreadable():
            bidder = event.bidder if isinstance(event, BidOpened) else None
            row["bids"] = [*row["bids"], BidRow(bid_id=str(event.bid_id), bidder=bidder)]
        case OpeningEnded():
            row["opened_at"] = row["changed_at"] = event.ended_at.isoformat()
        case TenderCancelled():
            row["cancelled_at"] = row["changed_at"] = event.cancelled_at.isoformat()
            row["reason"] = event.reason
        case LotAwarded() | AwardAnnulled() | ContractConcluded():
            _award(row, event)
        case _:
            assert_never(event)


def _tell(row: TenderRow, event: QuestionAnswered | TenderAmended | DeadlineMoved) -> None:
    match event:
        case QuestionAnswered():
            told = _told("answer", event.text, event.answer, event.answered_at.isoformat())
        case TenderAmended():
            row["material"] = [*row["material"], *map(document_row, event.material)]
            told = _told("amendment", None, event.text, event.amended_at.isoformat())
        case DeadlineMoved():
            row["closes_at"] = event.closes_at.isoformat()
            told = _told("deadline", None, event.reason, event.moved_at.isoformat())
        case _:
            assert_never(event)
    row["told"] = [*row["told"], told]
    row["changed_at"] = told["at"]


def _told(kind: str, text: str | None, told: str, at: str) -> ToldRow:
    return ToldRow(kind=kind, text=text, told=told, at=at)


def _award(row: TenderRow, event: LotAwarded | AwardAnnulled | ContractConcluded) -> None:
    match event:
        case LotAwarded():
            awarded = AwardRow(
                lot=event.lot,
                winner=str(event.winner),
                reasons=event.reasons,
                awarded_at=event.awarded_at.isoformat(),
                standstill_until=event.standstill_until.isoformat(),
            )
            row["awards"] = [*row["awards"], awarded]
            row["changed_at"] = awarded["awarded_at"]
        case AwardAnnulled():
            row["awards"] = [each for each in row["awards"] if each["lot"] != event.lot]
            row["changed_at"] = event.annulled_at.isoformat()
        case ContractConcluded():
            concluded = ContractRow(
                lot=event.lot,
                bid_id=str(event.bid_id),
                concluded_on=event.concluded_on.isoformat(),
            )
            row["contracts"] = [*row["contracts"], concluded]
        case _:
            assert_never(event)
