"""Routes by which a committee opens bids together: a sitting, and each member's shares."""

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field, StringConstraints
from starlette.responses import Response

from commands.refusal import Refused
from commands.tender_bid import BeginSitting, GiveShares, RecordOpening
from events.catalogue import Event
from events.ids import BidId, SittingId
from events.tender_bid import OpeningRefused
from gateway.bodies import Body
from gateway.commanding import perform, response_of
from gateway.committee_shapes import GivenShape, SittingIdShape
from gateway.fields import Id, IdInPath
from gateway.openapi import problems_of
from gateway.ordering import Making, Order
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import shaped
from gateway.tender_door import OnTender, Opening, tender_of
from services.bidding import given
from services.bidding.committee_opening import Stores, found_in
from services.bidding.envelope import CannotOpen
from services.bidding.opening import require_shares, sealing_of
from services.command_handling import Command
from services.ids import derived_id, new_id
from services.streams import tender_stream

router: Final = router_of("tenders", "/tenders/{tender_id}/sittings")

MAY_NOT: Final = (
    "tender-not-found",
    "not-a-member",
    "tender-cancelled",
    "tender-opened",
    "tender-not-published",
    "tender-takes-no-bids",
    "tender-not-closed",
    "key-not-registered",
)


class GivenShareBody(Body):
    """One's own share of a bid's key, hexadecimal."""

    bid: Id
    share: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){2,64}$")]


class SharesBody(Body):
    """Of every bid there is."""

    shares: Annotated[tuple[GivenShareBody, ...], Field(max_length=5_000, strict=False)]


@router.post(
    "",
    status_code=201,
    summary="Sit down to open the bids: whoever takes part does so within the hour",
    response_model=SittingIdShape,
    responses=problems_of(*MAY_NOT, "sitting-running"),
)
async def begin_sitting(on: Opening, order: Making) -> Response:
    sitting = SittingId(new_id())
    command = BeginSitting(
        tender_id=on.tender_id,
        sitting=sitting,
        member=on.asked.who.id,
        now=await on.now(),
    )
    return await _tried(on, order, command, {"sitting": str(sitting)})


@router.post(
    "/{sitting_id}/shares",
    status_code=200,
    summary="Give my shares; when enough have, all bids are opened",
    response_model=GivenShape,
    responses=problems_of(
        *MAY_NOT,
        "sitting-not-found",
        "sitting-over",
        "shares-missing",
        "share-foreign",
        "share-corrupted",
    ),
)
async def give_shares(
    on: Opening, sitting_id: IdInPath, order: Making, body: SharesBody
) -> Response:
    """The shares are looked at after the rules have let the member in, and kept before the fact
    that they were given: whoever is interrupted gives them again.
    """
    sitting, member = SittingId(sitting_id), on.asked.who.id
    shares = {BidId(each.bid): bytes.fromhex(each.share) for each in body.shares}
    now = await on.now()
    command = GiveShares(tender_id=on.tender_id, sitting=sitting, member=member, now=now)
    if member in on.state.committee and on.state.is_closed(now):
        try:
            require_shares(shares, member, sealing_of(on.facts))
        except CannotOpen as cannot:
            raise Problem(cannot.code) from cannot
        keys, reads = on.asked.organisation.keys, on.asked.organisation.reads
        async with reads.connection() as db:
            await given.give(db, keys, sitting, member, shares, now)
    await _tried(on, order, command, {})
    answer = shaped(await _opened(on, order, sitting))
    # Whoever has opened them: who looks next is to see what has become of the bids.
    answer.headers["Julelys-Position"] = str(await _reached(on))
    return answer


async def _opened(on: OnTender, order: Order, sitting: SittingId) -> GivenShape:
    """Open all bids if enough shares are there; by whoever's request came last."""
    after = await tender_of(on.asked, on.tender_id)
    found = after.state.sitting
    count = 0 if found is None else len(found.given)
    told = GivenShape(given=count, threshold=after.state.threshold, is_opened=False)
    if count < after.state.threshold:
        return told
    organisation = on.asked.organisation
    async with organisation.reads.connection() as db:
        shares = await given.given_in(db, sitting)
    stores = Stores(envelopes=organisation.envelopes, documents=organisation.documents)
    now = await on.now()
    contents = await found_in(sealing_of(after.facts), shares, stores, now)
    command = RecordOpening(tender_id=on.tender_id, sitting=sitting, found=contents, now=now)
    try:
        await perform(
            on.asked, order, command, part=derived_id(order.command_id, "opening of bids")
        )
    except Refused as refused:
        # Another member's request has opened them meanwhile.
        if refused.code != "tender-opened":
            raise
    async with organisation.reads.connection() as db:
        await given.forget_given(db, sitting)
    return told.model_copy(update={"is_opened": True})


async def _reached(on: OnTender) -> int:
    store = on.asked.organisation.store
    facts = await asyncio.to_thread(store.read_recorded, tender_stream(on.tender_id))
    return facts[-1].position


async def _tried(on: OnTender, order: Order, command: Command, told: dict[str, str]) -> Response:
    """Whoever may not is refused, and that they tried is a fact.

    Raises:
        Problem: with the code of the fact.
    """

    def render(decided: Sequence[Event]) -> bytes:
        refused = [fact.code for fact in decided if isinstance(fact, OpeningRefused)]
        return json.dumps({"refused": refused[0]} if refused else told).encode()

    done = await perform(on.asked, order, command, render=render)
    said = json.loads(done.body)
    if "refused" in said:
        raise Problem(said["refused"])
    return response_of(done, shows_version=False)
