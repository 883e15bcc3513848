"""Thousands of orders of bids, deadlines, withdrawals and openings, with clocks a moment off."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from commands.refusal import Refused
from commands.tender import ApproveDeadline, ProposeDeadline, TenderCommand
from commands.tender_bid import BeginSitting, GiveShares, SubmitBid, WithdrawBid
from events.ids import PartyId
from events.tender_bid import BidReceived, OpeningRefused, SharesGiven, SittingBegan
from tests.tender_examples import (
    ADA,
    CLOSES_AT,
    LOT,
    MANAGER,
    MEMBERS,
    PUBLISHED_AT,
    TENDER,
    Running,
    bid,
    give,
    published,
    sit,
    sitting,
)

OFF: Final = st.sampled_from(
    [timedelta(milliseconds=ms) for ms in (-86_400_000, -60_000, -1_000, -1, 0, 1, 1_000, 60_000)]
    + [timedelta(microseconds=us) for us in (-1, 1)]
    + [timedelta(days=1)]
)
BIDDERS: Final = [PartyId(f"company:{number}") for number in range(1, 4)]
KINDS: Final = ("bid", "withdraw", "extend", "sit", "give")
ACTS: Final = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), OFF), min_size=1, max_size=25
)


class Model:
    """The same rules once more, in the plainest words: what is in time, and who may open."""

    def __init__(self) -> None:
        self.closes_at = CLOSES_AT
        self.bids: dict[PartyId, int] = {}
        self.sent: dict[PartyId, int] = {}
        self.sits_until: datetime | None = None

    def takes(self, now: datetime) -> bool:
        return now < self.closes_at


@settings(max_examples=2_000, derandomize=True, database=None)
@given(ACTS)
def test_nothing_is_taken_late_or_opened_early_and_every_attempt_is_kept(
    acts: list[tuple[str, int, timedelta]],
) -> None:
    running, model = published(), Model()
    for kind, who, off in acts:
        # Everybody's clock is around the deadline that holds by now.
        now = max(PUBLISHED_AT, model.closes_at + off)
        _act(running, model, kind, who, now)
        assert running.state.closes_at == model.closes_at
        assert {each.bidder: each.version for each in running.state.bids.values()} == model.bids


def _act(running: Running, model: Model, kind: str, who: int, now: datetime) -> None:
    bidder, member = BIDDERS[who], MEMBERS[who]
    match kind:
        case "bid":
            _bid(running, model, bidder, now)
        case "withdraw":
            command = WithdrawBid(tender_id=TENDER, lot=LOT, bidder=bidder, now=now)
            expected = model.takes(now) and bidder in model.bids
            assert _is_done(running, command) == expected
            if expected:
                del model.bids[bidder]
        case "extend":
            _extend(running, model, now)
        case "sit":
            _sit(running, model, sit(member, now, number=len(running.history)), now)
        case _:
            _give(running, model, give(member, now), now)


def _bid(running: Running, model: Model, bidder: PartyId, now: datetime) -> None:
    version = model.sent.get(bidder, 0) + 1
    command: SubmitBid = replace(bid(bidder, now=now), version=version)
    assert _is_done(running, command) == model.takes(now)
    if model.takes(now):
        received = running.history[-1]
        assert isinstance(received, BidReceived)
        assert received.received_at == now
        model.bids[bidder] = model.sent[bidder] = version


def _extend(running: Running, model: Model, now: datetime) -> None:
    later = model.closes_at + timedelta(hours=1)
    propose = ProposeDeadline(tender_id=TENDER, closes_at=later, reason="Sne", by=MANAGER, now=now)
    approve = ApproveDeadline(tender_id=TENDER, closes_at=later, by=ADA, now=now)
    expected = model.takes(now)
    assert _is_done(running, propose) == expected
    assert _is_done(running, approve) == expected
    if expected:
        model.closes_at = later


def _sit(running: Running, model: Model, command: BeginSitting, now: datetime) -> None:
    is_running = model.sits_until is not None and now < model.sits_until
    if model.takes(now):
        _refused_and_kept(running, command, "tender-not-closed", now)
    elif is_running:
        assert running.refuses(command) == "sitting-running"
    else:
        [began] = running.does(command)
        assert isinstance(began, SittingBegan)
        model.sits_until = began.ends_at


def _give(running: Running, model: Model, command: GiveShares, now: datetime) -> None:
    held = running.state.sitting
    command = command if held is None else replace(command, sitting=held.sitting)
    if model.takes(now):
        _refused_and_kept(running, command, "tender-not-closed", now)
    elif model.sits_until is None:
        _refused_and_kept(running, replace(command, sitting=sitting()), "sitting-not-found", now)
    elif now >= model.sits_until:
        _refused_and_kept(running, command, "sitting-over", now)
    else:
        assert all(isinstance(each, SharesGiven) for each in running.does(command))


def _refused_and_kept(
    running: Running, command: BeginSitting | GiveShares, code: str, now: datetime
) -> None:
    [kept] = running.does(command)
    assert isinstance(kept, OpeningRefused)
    assert (kept.member, kept.code, kept.tried_at) == (command.member, code, now)


def _is_done(running: Running, command: TenderCommand) -> bool:
    try:
        running.does(command)
    except Refused:
        return False
    return True
