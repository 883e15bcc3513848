"""Routes by which bids are judged once they lie open: interests, scores with reasons, totals."""

import asyncio
from typing import Annotated, Final

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.tender_award import DeclareInterest, ScoreBid
from events.ids import BidId, DocumentId
from events.tender_bid import BidOpened, OpeningEnded
from gateway.bodies import Body
from gateway.documents import BINARY, Download
from gateway.evaluation_shapes import EvaluationShape
from gateway.evaluation_view import evaluation_shape
from gateway.fields import Id, IdInPath, Line, Reason
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.running_tenders import STOPPED
from gateway.saved_letters import typeset
from gateway.shapes import shaped
from gateway.tender_door import (
    Evaluating,
    OnTender,
    admit_to_tender,
    carry_out_quietly,
    matter_of,
)
from projections import documents
from services.authorisation import Action
from services.documents.holding import State
from services.journal.tender_protocol import protocol
from services.streams import post_stream

router: Final = router_of("tenders", "/tenders/{tender_id}")

JUDGING: Final = (*STOPPED, "tender-not-opened", "not-an-evaluator")


class InterestBody(Body):
    """Whether I have an interest in any of the bidders (udbudsloven § 4)."""

    has_conflict: bool


class BidScoreBody(Body):
    """`points` in hundredths of a point, from 0 to 1,000; `reason` is told to the bidder."""

    bid: Id
    criterion: Line
    points: Annotated[int, Field(ge=0, le=1_000)]
    reason: Reason


@router.get(
    "/evaluation",
    summary="The bids as they were found, interests, scores and totals",
    response_model=EvaluationShape,
    responses=problems_of(*JUDGING),
)
async def show_evaluation(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.EVALUATE_BIDS, "tenders"))],
) -> Response:
    if not any(isinstance(fact, OpeningEnded) for fact in on.facts):
        raise Problem("tender-not-opened")
    return shaped(await evaluation_shape(on))


@router.post(
    "/interests",
    status_code=204,
    summary="Declare whether I have an interest in any of the bidders",
    responses=problems_of(*JUDGING),
)
async def declare_interest(on: Evaluating, order: Making, body: InterestBody) -> Response:
    command = DeclareInterest(
        tender_id=on.tender_id,
        evaluator=on.asked.who.id,
        has_conflict=body.has_conflict,
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/scores",
    status_code=204,
    summary="Score a bid by a criterion, with the reason that its bidder is told",
    responses=problems_of(
        *JUDGING,
        "bid-not-found",
        "lot-awarded",
        "interest-not-declared",
        "evaluator-has-interest",
        "criterion-not-found",
        "points-out-of-range",
        "reason-missing",
    ),
)
async def score_bid(on: Evaluating, order: Making, body: BidScoreBody) -> Response:
    command = ScoreBid(
        tender_id=on.tender_id,
        bid_id=BidId(body.bid),
        evaluator=on.asked.who.id,
        criterion=body.criterion,
        points=body.points,
        reason=body.reason,
    )
    return await carry_out_quietly(on.asked, order, command)


@router.get(
    "/protocol.pdf",
    summary="The protocol: committee, bids, openings and attempts, scores, award, post, complaints",
    response_class=Response,
    responses=BINARY | problems_of(*JUDGING),
)
async def tender_protocol(on: Evaluating) -> Response:
    if not any(isinstance(fact, OpeningEnded) for fact in on.facts):
        raise Problem("tender-not-opened")
    catalogue, now = on.asked.organisation.catalogue, await on.now()
    store, stream = on.asked.organisation.store, post_stream(matter_of(on))
    post = await asyncio.to_thread(store.read_recorded, stream)
    return await typeset(protocol(on.facts, catalogue, on.name, now, post), catalogue)


@router.get(
    "/bids/{bid_id}/documents/{document_id}",
    summary="A document of a bid that was opened",
    response_class=Response,
    responses=BINARY | problems_of(*JUDGING, "document-not-found", "document-set-aside"),
)
async def download_bid(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.EVALUATE_BIDS, "documents"))],
    bid_id: IdInPath,
    document_id: IdInPath,
) -> Response:
    opened = [each for each in on.facts if isinstance(each, BidOpened) and each.bid_id == bid_id]
    wanted = DocumentId(document_id)
    if not opened or wanted not in {each.document_id for each in opened[0].documents}:
        raise Problem("document-not-found")
    organisation = on.asked.organisation
    upload = await organisation.documents.find(wanted, owner=opened[0].bidder, now=on.asked.now())
    async with organisation.reads.connection() as db:
        found = await documents.one(db, wanted, on.tender_id)
    if found is None or upload is None:
        raise Problem("document-not-found")
    if upload.state != State.READY:
        raise Problem("document-set-aside")
    return Download(on.asked, found)
