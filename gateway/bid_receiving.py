"""Routes by which sealed bids are received, and taken back."""

import json
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from commands.refusal import Refused
from commands.tender_bid import SubmitBid, WithdrawBid
from events.catalogue import Event
from events.ids import BidId, LotId
from events.tender_bid import BidReceived, BidWithdrawn, Envelope
from gateway.bidding import RUNNING
from gateway.bidding_shapes import ReceiptShape
from gateway.bodies import Body
from gateway.commanding import perform, response_of
from gateway.fields import Line
from gateway.openapi import problems_of
from gateway.ordering import Making, Order
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.strict import OCTETS
from gateway.tender_door import Bidding, OnTender, carry_out_quietly, tender_of
from services.bidding.bid_file import (
    HEADING_AT_MOST,
    SIZE_AT_MOST,
    BidFileUnreadable,
    Heading,
    read_heading,
)
from services.bidding.envelopes import EnvelopeRefused, Kept
from services.bidding.opening import sealing_of
from services.bidding.receipts import told_of
from services.ids import derived_id
from services.request import Answered

router: Final = router_of("tenders")

TAKING: Final = (*RUNNING, "bid-late", "tender-takes-no-bids")


class WithdrawalBody(Body):
    lot: Line


@router.post(
    "/tenders/{tender_id}/bids",
    status_code=201,
    summary="Bid: a sealed file, as the page or `python -m gateway bid seal` makes it",
    response_model=ReceiptShape,
    responses=problems_of(
        *TAKING,
        "media-type-unsupported",
        "body-too-large",
        "body-too-slow",
        "bid-file-unreadable",
        "bid-bound-elsewhere",
        "bid-sealed-to-others",
        "bid-version-stale",
        "bidder-not-invited",
        "lot-not-found",
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def submit_bid(on: Bidding, order: Making) -> Response:
    """In time if its last byte has come before the deadline, by the database's clock."""
    kept = await _kept(on, order)
    now = await on.now()
    heading = await _heading(on, kept)
    command = SubmitBid(
        tender_id=on.tender_id,
        bid_id=BidId(derived_id(order.command_id, f"bid of {on.asked.party}")),
        lot=LotId(heading.binding.lot),
        bidder=on.asked.party,
        version=heading.binding.version,
        envelope=Envelope(
            sha256=kept.sha256,
            size=kept.size,
            commitment=heading.commitment,
            shares=heading.shares,
        ),
        now=now,
    )
    # The file is the body, so it tells a repeated request from another.
    order.request.canonical = kept.sha256.encode()
    try:
        done = await perform(on.asked, order, command, render=_receipt)
    except Refused:
        await _forget_unless_received(on, kept.sha256)
        raise
    await _forget_replaced(on, command)
    return response_of(await _signed(on, done), shows_version=False)


@router.post(
    "/tenders/{tender_id}/bids/withdraw",
    status_code=204,
    summary="Take a bid back before the deadline; its envelope is deleted",
    responses=problems_of(*TAKING, "bid-not-found"),
)
async def withdraw_bid(on: Bidding, order: Making, body: WithdrawalBody) -> Response:
    command = WithdrawBid(
        tender_id=on.tender_id,
        lot=LotId(body.lot),
        bidder=on.asked.party,
        now=await on.now(),
    )
    done = await carry_out_quietly(on.asked, order, command)
    after = await tender_of(on.asked, on.tender_id)
    gone = {fact.bid_id for fact in after.facts if isinstance(fact, BidWithdrawn)}
    for fact in after.facts:
        if isinstance(fact, BidReceived) and fact.bid_id in gone:
            await on.asked.organisation.envelopes.drop(fact.envelope.sha256)
    return done


async def _kept(on: OnTender, order: Order) -> Kept:
    headers = {"Connection": "close"}
    kind = order.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != OCTETS:
        raise Problem("media-type-unsupported", headers=headers, facts={"accepted": OCTETS})
    # A missing or malformed key is said before the file is read.
    _ = order.command_id
    try:
        return await on.asked.organisation.envelopes.keep(order.request.stream())
    except EnvelopeRefused as refused:
        limit = {"limit": f"{SIZE_AT_MOST // 1024 // 1024} MiB"}
        raise Problem(refused.code, headers=headers, facts=limit) from refused


async def _heading(on: OnTender, kept: Kept) -> Heading:
    envelopes = on.asked.organisation.envelopes
    try:
        start = await envelopes.beginning(kept.sha256, HEADING_AT_MOST + 1)
        heading, _ = read_heading(start)
    except BidFileUnreadable as unreadable:
        await _forget_unless_received(on, kept.sha256)
        raise Problem("bid-file-unreadable") from unreadable
    bound = heading.binding
    code = None
    if (bound.tender, bound.bidder) != (str(on.tender_id), on.asked.party):
        code = "bid-bound-elsewhere"
    elif bound.committee != sealing_of(on.facts).committee.digest:
        code = "bid-sealed-to-others"
    if code is not None:
        await _forget_unless_received(on, kept.sha256)
        raise Problem(code)
    return heading


async def _forget_unless_received(on: OnTender, sha256: str) -> None:
    """A file that was refused now may be one that was received before."""
    after = await tender_of(on.asked, on.tender_id)
    received = {fact.envelope.sha256 for fact in after.facts if isinstance(fact, BidReceived)}
    if sha256 not in received:
        await on.asked.organisation.envelopes.drop(sha256)


async def _forget_replaced(on: OnTender, command: SubmitBid) -> None:
    for fact in on.facts:
        if not isinstance(fact, BidReceived) or fact.version >= command.version:
            continue
        if (fact.bidder, fact.lot) == (command.bidder, command.lot):
            await on.asked.organisation.envelopes.drop(fact.envelope.sha256)


def _receipt(decided: Sequence[Event]) -> bytes:
    received = next(fact for fact in decided if isinstance(fact, BidReceived))
    return json.dumps(told_of(received)).encode()


async def _signed(on: OnTender, done: Answered) -> Answered:
    """With the bid's place in the log, known once it is there, and what all of it is signed by."""
    told = json.loads(done.body) | {"position": done.position}
    told["signed"] = (await on.asked.organisation.receipts.signer()).sign(told)
    return Answered(
        status=done.status,
        location=done.location,
        version=done.version,
        position=done.position,
        body=json.dumps(told).encode(),
    )
