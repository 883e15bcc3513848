"""The evaluation of a tender as its evaluators and its team see it."""

from collections.abc import Iterator
from datetime import date

from events.ids import BidId, LotId
from events.tender import Lot, TenderDrafted
from events.tender_award import (
    BidScored,
    InterestDeclared,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import BidOpened, BidReceived, BidUnreadable
from gateway.evaluation_shapes import (
    BidShape,
    ComplaintShape,
    EvaluationShape,
    InterestShape,
    LotEvaluationShape,
    ScoreShape,
)
from gateway.shapes import document_shape
from gateway.tender_door import OnTender, runs
from gateway.tenders import tender_shape
from projections.plain import document_row
from services.bidding.judged import HUNDREDTHS
from services.bidding.standing import totals, why_not_awarded, why_not_bound
from services.deadlines import local_date


async def evaluation_shape(on: OnTender) -> EvaluationShape:
    me = on.asked.who.id
    conflict = on.state.interests.get(me)
    return EvaluationShape(
        tender=tender_shape(on.asked, await on.shown()),
        me=me,
        may_score=None if conflict is None else not conflict,
        may_award=runs(on),
        bids=list(_bids(on)),
        interests=list(_interests(on)),
        lots=await _lots(on),
    )


def _bids(on: OnTender) -> Iterator[BidShape]:
    received = {fact.bid_id: fact for fact in on.facts if isinstance(fact, BidReceived)}
    found = totals(on.state)
    for fact in on.facts:
        if isinstance(fact, BidOpened | BidUnreadable):
            came = received[fact.bid_id]
            documents = fact.documents if isinstance(fact, BidOpened) else ()
            yield BidShape(
                bid=fact.bid_id,
                lot=came.lot,
                bidder=came.bidder,
                name=on.name(came.bidder),
                price_minor=fact.price_minor if isinstance(fact, BidOpened) else None,
                code=fact.code if isinstance(fact, BidUnreadable) else None,
                documents=[document_shape(document_row(each)) for each in documents],
                scores=_scores(on, fact.bid_id),
                total=None if fact.bid_id not in found else found[fact.bid_id] / HUNDREDTHS,
            )


def _scores(on: OnTender, bid: BidId) -> list[ScoreShape]:
    """The last of each evaluator by each criterion, of those who may judge."""
    last: dict[tuple[str, str], BidScored] = {}
    for fact in on.facts:
        if isinstance(fact, BidScored) and fact.bid_id == bid:
            last[fact.criterion, fact.evaluator] = fact
    return [
        ScoreShape(
            criterion=fact.criterion,
            evaluator=fact.evaluator,
            name=on.name(fact.evaluator),
            points=fact.points / HUNDREDTHS,
            reason=fact.reason,
        )
        for (criterion, evaluator), fact in last.items()
        if (bid, criterion, evaluator) in on.state.scores
    ]


def _interests(on: OnTender) -> Iterator[InterestShape]:
    last = {fact.evaluator: fact for fact in on.facts if isinstance(fact, InterestDeclared)}
    for fact in last.values():
        yield InterestShape(
            evaluator=fact.evaluator,
            name=on.name(fact.evaluator),
            has_conflict=fact.has_conflict,
            declared_at=fact.declared_at,
        )


async def _lots(on: OnTender) -> list[LotEvaluationShape]:
    today = local_date(await on.now())
    drafted = next(fact for fact in on.facts if isinstance(fact, TenderDrafted))
    return [_lot(on, each, today) for each in drafted.lots]


def _lot(on: OnTender, lot: Lot, today: date) -> LotEvaluationShape:
    award = on.state.awards.get(lot.lot)
    concluded = on.state.contracts.get(lot.lot)
    return LotEvaluationShape(
        lot=lot.lot,
        title=lot.title,
        missing=why_not_awarded(lot.lot, on.state) if award is None else None,
        winner=None if award is None else award.awarded.winner,
        standstill_until=None if award is None else award.awarded.standstill_until,
        bound=None if award is None else why_not_bound(award, today),
        complaints=_complaints(on, lot.lot),
        concluded_on=concluded,
    )


def _complaints(on: OnTender, lot: LotId) -> list[ComplaintShape]:
    ends = {
        fact.complainant: fact.end.value
        for fact in on.facts
        if isinstance(fact, TenderComplaintEnded) and fact.lot == lot
    }
    return [
        ComplaintShape(
            complainant=fact.complainant,
            name=on.name(fact.complainant),
            filed_on=fact.filed_on,
            stops_contract=fact.stops_contract,
            end=ends.get(fact.complainant),
        )
        for fact in on.facts
        if isinstance(fact, TenderComplaintFiled) and fact.lot == lot
    ]
