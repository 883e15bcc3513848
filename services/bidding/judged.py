"""A bid as its own bidder is told of it: won or not, its place, its points and why."""

from collections.abc import Callable, Sequence

from aggregates.tender_state import Tender
from events.ids import BidId, LotId, PartyId
from events.tender import TenderEvent
from events.tender_award import BidScored
from services.journal.award_letter import JudgedBid

HUNDREDTHS = 100
"""Of a point, as facts have them."""


def judged_bid(
    facts: Sequence[TenderEvent],
    state: Tender,
    lot: LotId,
    bidder: PartyId,
    name: Callable[[str], str],
) -> JudgedBid | None:
    """None where the lot is not awarded, or no bid of theirs was judged.

    `state` is what the rules make of the facts, and `name` what somebody is called.
    """
    award = state.awards.get(lot)
    bid = state.bids.get((bidder, lot))
    if award is None or bid is None or not bid.is_open:
        return None
    awarded = award.awarded
    totals = {each.bid_id: each.total for each in awarded.ranking}
    total = totals[bid.bid_id]
    winner = next(each for each in state.bids.values() if each.bid_id == awarded.winner)
    return JudgedBid(
        bidder=name(bidder),
        winner=name(winner.bidder),
        is_winner=awarded.winner == bid.bid_id,
        place=1 + sum(each > total for each in totals.values()),
        bids=len(totals),
        total=total / HUNDREDTHS,
        best=max(totals.values()) / HUNDREDTHS,
        scores=_scores(facts, state, bid.bid_id),
    )


def _scores(
    facts: Sequence[TenderEvent], state: Tender, bid: BidId
) -> list[tuple[str, float, list[str]]]:
    """By criterion: the mean of what the evaluators gave, and each one's reason."""
    given: dict[str, dict[str, BidScored]] = {}
    for fact in facts:
        if isinstance(fact, BidScored) and (bid, fact.criterion, fact.evaluator) in state.scores:
            given.setdefault(fact.criterion, {})[fact.evaluator] = fact
    return [
        (
            criterion,
            sum(each.points for each in by.values()) / len(by) / HUNDREDTHS,
            [each.reason for each in by.values()],
        )
        for criterion, by in given.items()
    ]
