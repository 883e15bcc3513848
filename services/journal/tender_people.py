"""Everybody whom the protocol of a tender names: the committee, who judged, bid and complained."""

from collections.abc import Iterable, Sequence

from events.tender import BiddersInvited, ParticipationRequested, TenderEvent
from events.tender_award import (
    BidScored,
    InterestDeclared,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import BidReceived, OpeningRefused, SharesGiven
from events.tender_committee import (
    CommitteeAppointed,
    MemberKeyLost,
    MemberRehearsed,
    MemberReplaced,
)


def people_in(facts: Iterable[TenderEvent]) -> list[str]:
    """By id, each once."""
    return list(dict.fromkeys(each for fact in facts for each in _named(fact)))


def _named(fact: TenderEvent) -> Sequence[str]:
    match fact:
        case CommitteeAppointed(members=members):
            return members
        case BiddersInvited(bidders=bidders):
            return bidders
        case MemberReplaced():
            return fact.member, fact.new_member
        case _:
            one = _alone(fact)
            return () if one is None else (one,)


def _alone(fact: TenderEvent) -> str | None:
    match fact:
        case MemberRehearsed() | MemberKeyLost() | OpeningRefused() | SharesGiven():
            return fact.member
        case InterestDeclared() | BidScored():
            return fact.evaluator
        case ParticipationRequested() | BidReceived():
            return fact.bidder
        case TenderComplaintFiled() | TenderComplaintEnded():
            return fact.complainant
        case _:
            return None
