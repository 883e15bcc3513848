"""How a tender stands, by its rules, for whoever shows it or asks what may be done."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce

from aggregates.tender_award import why_no_contract
from aggregates.tender_bids import require_may_bid
from aggregates.tender_evaluation import ranked
from aggregates.tender_history import evolve
from aggregates.tender_periods import earliest_deadline
from aggregates.tender_publishing import why_not_yet
from aggregates.tender_state import Award, Member, Tender
from commands.case_deadline import DaysOff
from commands.refusal import Refused
from events.ids import BidId, LotId, PartyId
from events.tender import TenderEvent

__all__ = [
    "Award",
    "Member",
    "Tender",
    "earliest",
    "lacking",
    "standing_of",
    "totals",
    "why_no_bid",
    "why_not_awarded",
    "why_not_bound",
]


def standing_of(facts: Iterable[TenderEvent]) -> Tender:
    return reduce(evolve, facts, Tender())


def lacking(tender: Tender) -> list[str]:
    """The codes of what keeps a draft from being published."""
    return [each.code for each in why_not_yet(tender)] if tender.is_draft else []


def earliest(tender: Tender, now: datetime, days_off: DaysOff) -> datetime:
    """The first deadline that the law allows, were a draft published, or some invited, now."""
    return earliest_deadline(tender.procedure, now, days_off, invited=not tender.is_draft)


def why_no_bid(bidder: PartyId, now: datetime, tender: Tender) -> str | None:
    """The code of why nothing would be received of this bidder now."""
    try:
        require_may_bid(bidder, now, tender)
    except Refused as refused:
        return refused.code
    return None


def why_not_awarded(lot: LotId, tender: Tender) -> str | None:
    """The code of what is missing to award a lot."""
    try:
        return None if ranked(lot, tender) else "bid-not-found"
    except Refused as refused:
        return refused.code


def why_not_bound(award: Award, today: date) -> str | None:
    """The code of what keeps a contract from being concluded."""
    reason = why_no_contract(award, today)
    return None if reason is None else reason.code


def totals(tender: Tender) -> Mapping[BidId, int]:
    """Of the bids of each lot that every criterion was scored for, in hundredths of a point."""
    found: dict[BidId, int] = {}
    for lot in tender.lots:
        try:
            found.update((each.bid_id, each.total) for each in ranked(lot, tender))
        except Refused:
            # Not all of it is scored yet.
            continue
    return found
