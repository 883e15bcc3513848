"""Routes by which a member of a committee is replaced, with the help of as many others as open."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints
from starlette.responses import Response

from commands.tender_committee import BeginReplacement, CompleteReplacement
from events.ids import ActorId, BidId, KeyId, ReplacementId
from events.tender_bid import SealedShare
from events.tender_committee import MemberReplaced, ReplacementBegan, ShareOfBid
from gateway.bodies import Body
from gateway.commanding import naming
from gateway.committee import PUBLIC_KEY
from gateway.fields import Id, IdInPath, PersonName
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.running_tenders import STOPPED
from gateway.shapes import Shape
from gateway.tender_door import OnTender, Sitting, carry_out_quietly
from services.bidding import given
from services.bidding.envelope import key_id_of
from services.ids import new_id

router: Final = router_of("tenders", "/tenders/{tender_id}/replacements")

SEALED: Final = r"^([0-9a-f]{2}){33,200}$"
PIECES_AT_MOST: Final = 5_000


class ReplacementIdShape(Shape):
    replacement: str


class ReplacementBody(Body):
    """I take the place of `member`, with a key of my own; `helpers` are as many as open bids."""

    member: PersonName
    public_key: Annotated[str, StringConstraints(pattern=PUBLIC_KEY)]
    helpers: Annotated[tuple[PersonName, ...], Field(max_length=30, strict=False)]


class PieceBody(Body):
    """Sealed to one (HPKE, RFC 9180), hexadecimal."""

    bid: Id
    sealed: Annotated[str, StringConstraints(pattern=SEALED)]


class PiecesBody(Body):
    """`receiver` is another helper; for the new member they are the sums of what all have sent."""

    receiver: PersonName
    pieces: Annotated[tuple[PieceBody, ...], Field(max_length=PIECES_AT_MOST, strict=False)]


class NewShareBody(Body):
    bid: Id
    place: Annotated[int, Field(ge=1, le=255)]
    commitment: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    sealed: Annotated[str, StringConstraints(pattern=SEALED)]


class NewSharesBody(Body):
    shares: Annotated[tuple[NewShareBody, ...], Field(max_length=PIECES_AT_MOST, strict=False)]


@router.post(
    "",
    status_code=201,
    summary="Take a member's place, once the deadline has passed",
    response_model=ReplacementIdShape,
    responses=problems_of(
        *STOPPED,
        "tender-opened",
        "not-a-member",
        "member-twice",
        "helpers-unclear",
        "replacement-waits",
    ),
)
async def begin_replacement(on: Sitting, order: Making, body: ReplacementBody) -> Response:
    replacement = ReplacementId(new_id())
    command = BeginReplacement(
        tender_id=on.tender_id,
        replacement=replacement,
        member=ActorId(body.member),
        new_member=on.asked.who.id,
        key_id=key_id_of(bytes.fromhex(body.public_key)),
        public_key=body.public_key,
        helpers=tuple(ActorId(each) for each in body.helpers),
        now=await on.now(),
    )
    return await carry_out_quietly(
        on.asked, order, command, render=naming("replacement", replacement)
    )


@router.post(
    "/{replacement_id}/pieces",
    status_code=204,
    summary="Help: leave pieces for another helper, or their sums for the new member",
    responses=problems_of(*STOPPED, "replacement-not-found", "not-a-helper", "shares-missing"),
)
async def send_pieces(
    on: Sitting, replacement_id: IdInPath, order: Making, body: PiecesBody
) -> Response:
    """Sent anew, they take the place of those before; nobody but their receiver can open them."""
    _ = order.command_id
    begun, me = _begun(on, replacement_id), on.asked.who.id
    is_sum = body.receiver == begun.new_member
    if me not in begun.helpers or not (is_sum or body.receiver in begun.helpers):
        raise Problem("not-a-helper")
    pieces = {BidId(each.bid): each.sealed for each in body.pieces}
    if pieces.keys() != {bid.bid_id for bid in on.state.bids.values()}:
        raise Problem("shares-missing")
    async with on.asked.organisation.reads.connection() as db:
        await given.send(db, begun.replacement, me, ActorId(body.receiver), pieces, is_sum=is_sum)
    return Response(status_code=204)


@router.post(
    "/{replacement_id}/complete",
    status_code=204,
    summary="Register the shares that I have put together from what the helpers sent",
    responses=problems_of(*STOPPED, "tender-opened", "replacement-not-found", "shares-missing"),
)
async def complete_replacement(
    on: Sitting, replacement_id: IdInPath, order: Making, body: NewSharesBody
) -> Response:
    begun, me = _begun(on, replacement_id), on.asked.who.id
    command = CompleteReplacement(
        tender_id=on.tender_id,
        replacement=begun.replacement,
        new_member=me,
        shares=tuple(_share(each, me, begun.key_id) for each in body.shares),
        now=await on.now(),
    )
    done = await carry_out_quietly(on.asked, order, command)
    async with on.asked.organisation.reads.connection() as db:
        await given.forget_sent(db, begun.replacement)
    return done


def _share(body: NewShareBody, me: ActorId, key_id: KeyId) -> ShareOfBid:
    share = SealedShare(
        member=me,
        key_id=key_id,
        place=body.place,
        commitment=body.commitment,
        sealed=body.sealed,
    )
    return ShareOfBid(bid_id=BidId(body.bid), share=share)


def _begun(on: OnTender, replacement_id: IdInPath) -> ReplacementBegan:
    ended = {fact.replacement for fact in on.facts if isinstance(fact, MemberReplaced)}
    for fact in on.facts:
        if isinstance(fact, ReplacementBegan) and fact.replacement == replacement_id:
            if fact.replacement in ended and fact.new_member != on.asked.who.id:
                break
            return fact
    raise Problem("replacement-not-found")
