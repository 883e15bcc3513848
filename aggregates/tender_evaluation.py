"""The rules of the evaluation: interests declared, scores with reasons, totals that follow."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, assert_never

from aggregates.tender_state import Bid, Tender, require_opened, require_words
from commands.refusal import Refused
from commands.tender_award import DeclareInterest, EvaluationCommand, ScoreBid
from events.ids import BidId, LotId
from events.tender import TenderEvent
from events.tender_award import BidScored, InterestDeclared, Ranked

MOST_POINTS: Final = 1_000
"""Hundredths of a point."""


def decide(command: EvaluationCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case DeclareInterest():
            return _declare_interest(command, tender)
        case ScoreBid():
            return _score(command, tender)
        case _:
            assert_never(command)


def _declare_interest(command: DeclareInterest, tender: Tender) -> list[TenderEvent]:
    """Before the first score, when it is known who bids (udbudsloven § 4)."""
    require_opened(tender)
    return [
        InterestDeclared(
            tender_id=command.tender_id,
            evaluator=command.evaluator,
            has_conflict=command.has_conflict,
            declared_at=command.now,
        )
    ]


def _score(command: ScoreBid, tender: Tender) -> list[TenderEvent]:
    require_opened(tender)
    bid = _readable(command.bid_id, tender)
    require_not_awarded(bid.lot, tender)
    has_conflict = tender.interests.get(command.evaluator)
    if has_conflict is None:
        raise Refused("interest-not-declared", "Evaluators first declare their interests.")
    if has_conflict:
        raise Refused("evaluator-has-interest", "Who has an interest does not evaluate.")
    criterion = next((each for each in tender.criteria if each.name == command.criterion), None)
    if criterion is None or criterion.is_price:
        raise Refused("criterion-not-found", "No such criterion is scored by hand.")
    if not 0 <= command.points <= MOST_POINTS:
        raise Refused("points-out-of-range", "Points are from 0 to 10.", most="10")
    require_words(command.reason, Refused("reason-missing", "A score says something."))
    return [
        BidScored(
            tender_id=command.tender_id,
            bid_id=command.bid_id,
            bidder=bid.bidder,
            evaluator=command.evaluator,
            criterion=command.criterion,
            points=command.points,
            reason=command.reason,
        )
    ]


def ranked(lot: LotId, tender: Tender) -> list[Ranked]:
    """The bids for a lot by their weighted totals, the highest first.

    Raises:
        Refused: `scores-missing`, for a criterion of some bid nobody has scored.
    """
    bids = [bid for bid in tender.bids.values() if bid.lot == lot and bid.is_open]
    totals = {bid.bid_id: _total(bid, bids, tender) for bid in bids}
    order = sorted(totals, key=lambda each: (-totals[each], str(each)))
    return [Ranked(bid_id=each, total=totals[each]) for each in order]


def _total(bid: Bid, bids: Sequence[Bid], tender: Tender) -> int:
    points = [
        each.weight
        * (_price_points(bid, bids) if each.is_price else _mean(bid.bid_id, each.name, tender))
        for each in tender.criteria
    ]
    return round(sum(points, Fraction()) / 100)


def _price_points(bid: Bid, bids: Sequence[Bid]) -> Fraction:
    """The lowest price has all points, twice the price half of them."""
    if bid.price_minor is None:
        raise Refused("price-missing", "A bid tells no price.", bid=str(bid.bid_id))
    lowest = min(each.price_minor for each in bids if each.price_minor is not None)
    if bid.price_minor == lowest:
        return Fraction(MOST_POINTS)
    return Fraction(MOST_POINTS * lowest, bid.price_minor)


def _mean(bid_id: BidId, criterion: str, tender: Tender) -> Fraction:
    found = [
        points
        for (scored, name, _), points in tender.scores.items()
        if scored == bid_id and name == criterion
    ]
    if not found:
        raise Refused(
            "scores-missing", "Every bid is scored by every criterion.", criterion=criterion
        )
    return Fraction(sum(found), len(found))


def _readable(bid_id: BidId, tender: Tender) -> Bid:
    bid = tender.bid(bid_id)
    if bid is None or not bid.is_open:
        raise Refused("bid-not-found", "There is no such bid.")
    return bid


def require_not_awarded(lot: LotId, tender: Tender) -> None:
    if lot in tender.awards:
        raise Refused("lot-awarded", "The lot is awarded.")
