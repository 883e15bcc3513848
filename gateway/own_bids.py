"""A tender as somebody sees it who bids: what to seal to, own receipts, and own results."""

import asyncio
from collections.abc import Iterator, Mapping

from events.ids import BidId, LotId, PartyId
from events.tender import TenderDrafted
from events.tender_bid import BidOpened, BidReceived, BidUnreadable, BidWithdrawn
from gateway.bidding_shapes import (
    BiddingShape,
    CommitteeKeysShape,
    LotToBidShape,
    MemberKeyShape,
    OwnBidShape,
    OwnResultShape,
    OwnScoreShape,
)
from gateway.problems import Problem
from gateway.tender_door import OnTender
from gateway.tenders import tender_shape
from services.bidding.envelope import key_id_of
from services.bidding.judged import judged_bid
from services.bidding.opening import sealing_of
from services.bidding.receipts import Signer, told_of
from services.bidding.standing import why_no_bid
from services.journal.award_letter import award_letter
from services.journal.letter import Letter
from services.streams import tender_stream


async def bidding_shape(on: OnTender) -> BiddingShape:
    bidder = on.asked.party
    places, signer = await _places(on), await on.asked.organisation.receipts.signer()
    return BiddingShape(
        tender=tender_shape(on.asked, await on.shown()),
        bidder=bidder,
        why_not=why_no_bid(bidder, await on.now(), on.state),
        has_requested=bidder in on.state.applicants,
        committee=_committee(on),
        lots=list(_lots(on, bidder)),
        bids=list(_bids(on, bidder, places, signer)),
        results=list(_results(on, bidder)),
    )


def _committee(on: OnTender) -> CommitteeKeysShape | None:
    committee = sealing_of(on.facts).committee
    if not committee.keys or not all(committee.keys.values()):
        return None
    return CommitteeKeysShape(
        threshold=committee.threshold,
        digest=committee.digest,
        members=[
            MemberKeyShape(
                member=member,
                name=on.name(member),
                key_id=key_id_of(key),
                public_key=key.hex(),
            )
            for member, key in sorted(committee.keys.items())
        ],
    )


def _lots(on: OnTender, bidder: PartyId) -> Iterator[LotToBidShape]:
    for fact in on.facts:
        if isinstance(fact, TenderDrafted):
            for each in fact.lots:
                sent = on.state.versions.get((bidder, each.lot), 0)
                yield LotToBidShape(lot=each.lot, title=each.title, next_version=sent + 1)


async def _places(on: OnTender) -> dict[BidId, int]:
    """Where each bid stands in the log."""
    store = on.asked.organisation.store
    found = await asyncio.to_thread(store.read_recorded, tender_stream(on.tender_id))
    return {
        each.event.bid_id: each.position for each in found if isinstance(each.event, BidReceived)
    }


def _bids(
    on: OnTender, bidder: PartyId, places: Mapping[BidId, int], signer: Signer
) -> Iterator[OwnBidShape]:
    """The last to come first."""
    for fact in reversed(on.facts):
        if isinstance(fact, BidReceived) and fact.bidder == bidder:
            told = told_of(fact) | {"position": places[fact.bid_id]}
            signed, state = signer.sign(told), _state_of(on, fact.bid_id)
            del told["tender"]
            yield OwnBidShape.model_validate({**told, "signed": signed, "state": state})


def _state_of(on: OnTender, bid: BidId) -> str:
    found = "received" if on.state.bid(bid) is not None else "replaced"
    for fact in on.facts:
        if isinstance(fact, BidWithdrawn | BidOpened | BidUnreadable) and fact.bid_id == bid:
            match fact:
                case BidWithdrawn():
                    found = "withdrawn"
                case BidOpened():
                    found = "opened"
                case BidUnreadable():
                    found = "unreadable"
    return found


def _results(on: OnTender, bidder: PartyId) -> Iterator[OwnResultShape]:
    """What the award tells each of its bidders of their own (udbudsloven § 171)."""
    for lot in on.state.awards:
        judged = judged_bid(on.facts, on.state, lot, bidder, on.name)
        if judged is not None:
            yield OwnResultShape(
                lot=lot,
                is_winner=judged.is_winner,
                place=judged.place,
                bids=judged.bids,
                total=judged.total,
                best=judged.best,
                scores=[
                    OwnScoreShape(criterion=criterion, points=points, reasons=list(reasons))
                    for criterion, points, reasons in judged.scores
                ],
            )


def own_award_letter(on: OnTender, lot: LotId) -> Letter:
    """Raises:
    Problem: `award-letter-not-found`: the lot is not awarded, or no bid of theirs was judged.
    """
    judged = judged_bid(on.facts, on.state, lot, on.asked.party, on.name)
    if judged is None:
        raise Problem("award-letter-not-found")
    awarded = on.state.awards[lot].awarded
    return award_letter(on.drafted, awarded, judged, on.asked.organisation.catalogue)
