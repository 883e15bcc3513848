"""The rules of bids: what is received, until when, and who opens it together, and never before.

Receipt by annex IV of directive 2014/24/EU: the exact time is kept, nobody has access before the
deadline, and who tries leaves a trace.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from aggregates.tender_state import Status, Tender, require_published
from commands.refusal import Refused
from commands.tender_bid import (
    BeginSitting,
    BidCommand,
    Found,
    GiveShares,
    RecordOpening,
    SubmitBid,
    WithdrawBid,
)
from events.ids import ActorId, PartyId, TenderId
from events.tender import TenderEvent
from events.tender_bid import (
    BidOpened,
    BidReceived,
    BidUnreadable,
    BidWithdrawn,
    OpeningEnded,
    OpeningRefused,
    SharesGiven,
    SittingBegan,
)

SITTING: Final = timedelta(hours=1)
"""How long a sitting lasts: whoever takes part does so while the others can be called."""

ONE_MILLISECOND: Final = timedelta(milliseconds=1)


def decide(command: BidCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case SubmitBid():
            return _submit(command, tender)
        case WithdrawBid():
            return _withdraw(command, tender)
        case BeginSitting():
            return _begin_sitting(command, tender)
        case GiveShares():
            return _give_shares(command, tender)
        case RecordOpening():
            return _record_opening(command, tender)
        case _:
            assert_never(command)


def _submit(command: SubmitBid, tender: Tender) -> list[TenderEvent]:
    """Received once its last byte has come before the deadline; a millisecond late is late."""
    require_may_bid(command.bidder, command.now, tender)
    if command.lot not in tender.lots:
        raise Refused("lot-not-found", "The tender has no such lot.")
    next_version = tender.versions.get((command.bidder, command.lot), 0) + 1
    if command.version != next_version:
        raise Refused(
            "bid-version-stale",
            "The bid is sealed as another version than the next.",
            version=str(next_version),
        )
    sealed_to = {share.member: share.key_id for share in command.envelope.shares}
    keys = {member: each.key_id for member, each in tender.committee.items() if each.key_id}
    if sealed_to != keys or len(command.envelope.shares) != len(keys):
        raise Refused("bid-sealed-to-others", "The bid is sealed to each member's present key.")
    return [
        BidReceived(
            tender_id=command.tender_id,
            bid_id=command.bid_id,
            lot=command.lot,
            bidder=command.bidder,
            version=command.version,
            envelope=command.envelope,
            received_at=command.now,
        )
    ]


def require_may_bid(bidder: PartyId, now: datetime, tender: Tender) -> None:
    """Raises:
    Refused: nobody's bid is received now, or not this one's.
    """
    require_published(tender)
    _require_in_time(now, tender)
    if tender.invited is not None and bidder not in tender.invited:
        raise Refused("bidder-not-invited", "Only those invited may bid.")


def _withdraw(command: WithdrawBid, tender: Tender) -> list[TenderEvent]:
    require_published(tender)
    _require_in_time(command.now, tender)
    bid = tender.bids.get((command.bidder, command.lot))
    if bid is None:
        raise Refused("bid-not-found", "There is no bid of yours for this lot.")
    return [BidWithdrawn(tender_id=command.tender_id, bid_id=bid.bid_id, withdrawn_at=command.now)]


def _begin_sitting(command: BeginSitting, tender: Tender) -> list[TenderEvent]:
    """A refusal is a fact of its own: who tried to open, and when, is never lost."""
    code = _why_not(command.member, command.now, tender)
    if code is not None:
        return _refused(command.tender_id, command.member, code, command.now)
    sitting = tender.sitting
    if sitting is not None and command.now < sitting.ends_at:
        raise Refused("sitting-running", "The committee is sitting.", sitting=str(sitting.sitting))
    return [
        SittingBegan(
            tender_id=command.tender_id,
            sitting=command.sitting,
            began_at=command.now,
            ends_at=command.now + SITTING,
        )
    ]


def _give_shares(command: GiveShares, tender: Tender) -> list[TenderEvent]:
    code = _why_not(command.member, command.now, tender)
    sitting = tender.sitting
    if code is None and (sitting is None or sitting.sitting != command.sitting):
        code = "sitting-not-found"
    elif code is None and sitting is not None and command.now >= sitting.ends_at:
        code = "sitting-over"
    if code is not None:
        return _refused(command.tender_id, command.member, code, command.now)
    if sitting is not None and command.member in sitting.given:
        return []
    return [
        SharesGiven(
            tender_id=command.tender_id,
            sitting=command.sitting,
            member=command.member,
            given_at=command.now,
        )
    ]


def _record_opening(command: RecordOpening, tender: Tender) -> list[TenderEvent]:
    """All bids at once, and only by a sitting in which enough have given their shares."""
    require_published(tender)
    sitting = tender.sitting
    if sitting is None or sitting.sitting != command.sitting:
        raise Refused("sitting-not-found", "There is no such sitting.")
    if len(sitting.given) < tender.threshold:
        raise Refused(
            "shares-too-few",
            "Too few members have given their shares.",
            given=str(len(sitting.given)),
            threshold=str(tender.threshold),
        )
    expected = {bid.bid_id for bid in tender.bids.values()}
    if {each.bid_id for each in command.found} != expected or len(command.found) != len(expected):
        raise Refused("bids-missing", "Every bid is opened, and each once.")
    bidders = {bid.bid_id: bid.bidder for bid in tender.bids.values()}
    opened = [_found(each, bidders[each.bid_id], command) for each in command.found]
    ended = OpeningEnded(tender_id=command.tender_id, sitting=command.sitting, ended_at=command.now)
    return [*opened, ended]


def _found(found: Found, bidder: PartyId, command: RecordOpening) -> TenderEvent:
    if found.unreadable is not None:
        return BidUnreadable(
            tender_id=command.tender_id,
            bid_id=found.bid_id,
            sitting=command.sitting,
            code=found.unreadable,
            opened_at=command.now,
        )
    return BidOpened(
        tender_id=command.tender_id,
        bid_id=found.bid_id,
        bidder=bidder,
        sitting=command.sitting,
        documents=found.documents,
        price_minor=found.price_minor,
        opened_at=command.now,
    )


def _why_not(member: ActorId, now: datetime, tender: Tender) -> str | None:
    """The code of why a member may not open bids now."""
    if tender.status is Status.UNKNOWN:
        raise Refused("tender-not-found", "There is no such tender.")
    held = tender.committee.get(member)
    reasons = {
        "not-a-member": held is None,
        "tender-cancelled": tender.status is Status.CANCELLED,
        "tender-opened": tender.status is Status.OPENED,
        "tender-not-published": tender.status is Status.DRAFT,
        "tender-takes-no-bids": not tender.takes_bids,
        "tender-not-closed": not tender.is_closed(now),
        "key-not-registered": held is not None and held.key_id is None,
    }
    return next((code for code, holds in reasons.items() if holds), None)


def _refused(tender_id: TenderId, member: ActorId, code: str, now: datetime) -> list[TenderEvent]:
    return [OpeningRefused(tender_id=tender_id, member=member, code=code, tried_at=now)]


def _require_in_time(now: datetime, tender: Tender) -> None:
    if not tender.takes_bids:
        raise Refused("tender-takes-no-bids", "Those who may bid are not invited yet.")
    if tender.closes_at is not None and now >= tender.closes_at:
        late = -((tender.closes_at - now) // ONE_MILLISECOND)
        raise Refused(
            "bid-late",
            "The deadline has passed.",
            closed_at=tender.closes_at.isoformat(),
            late_by_ms=str(late),
        )
