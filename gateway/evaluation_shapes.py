"""What is answered to those who judge bids."""

from datetime import date, datetime
from uuid import UUID

from gateway.shapes import DocumentShape, Shape
from gateway.tender_shapes import TenderShape


class ScoreShape(Shape):
    criterion: str
    evaluator: str
    name: str
    points: float
    reason: str


class BidShape(Shape):
    """`price_minor` in øre without VAT; `code` is why it could not be read, null if it could."""

    bid: UUID
    lot: str
    bidder: str
    name: str
    price_minor: int | None
    code: str | None
    documents: list[DocumentShape]
    scores: list[ScoreShape]
    total: float | None


class InterestShape(Shape):
    evaluator: str
    name: str
    has_conflict: bool
    declared_at: datetime


class ComplaintShape(Shape):
    complainant: str
    name: str
    filed_on: date
    stops_contract: bool
    end: str | None


class LotEvaluationShape(Shape):
    """`missing` is the code of why it cannot be awarded; `bound` of why no contract can be made."""

    lot: str
    title: str
    missing: str | None
    winner: UUID | None
    standstill_until: date | None
    bound: str | None
    complaints: list[ComplaintShape]
    concluded_on: date | None


class EvaluationShape(Shape):
    """`may_score` is null until one has declared one's interests; `may_award`: one runs it."""

    tender: TenderShape
    me: str
    may_score: bool | None
    may_award: bool
    bids: list[BidShape]
    interests: list[InterestShape]
    lots: list[LotEvaluationShape]
