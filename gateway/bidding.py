"""Routes by which companies ask to be invited, ask questions, and see what they have sent."""

from typing import Annotated, Final

from fastapi import Depends, Query
from starlette.responses import Response

from commands.tender import AskQuestion, RequestParticipation
from events.ids import LotId, QuestionId
from gateway import bodies
from gateway.asked import Asked
from gateway.bidding_shapes import (
    BiddingShape,
    ReceiptKeyShape,
    ReceiptKeysShape,
    TakingPartShape,
)
from gateway.bodies import Body
from gateway.commanding import naming
from gateway.documents import BINARY, REFERRED, referred
from gateway.door import admit
from gateway.fields import DocumentIds, Line, LongText
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.own_bids import bidding_shape, own_award_letter
from gateway.routers import router_of
from gateway.saved_letters import typeset
from gateway.shapes import Shape, shaped
from gateway.tender_door import Bidding, OnTender, admit_to_tender, carry_out_quietly
from gateway.tenders import tender_row
from projections import tender_people, tenders
from services.authorisation import Action
from services.ids import new_id

router: Final = router_of("tenders")

RUNNING: Final = ("tender-not-found", "tender-cancelled", "tender-not-published", "tender-opened")
CLOSED: Final = (*RUNNING, "tender-closed")


class QuestionIdShape(Shape):
    question: str


class LotQuery(bodies.Query):
    lot: Line


class ParticipationBody(Body):
    documents: DocumentIds = ()


class QuestionBody(Body):
    text: LongText


@router.get(
    "/bidding",
    summary="The tenders that I have asked about, asked to be invited to, or bid for",
    response_model=TakingPartShape,
)
async def list_own_tenders(
    asked: Annotated[Asked, Depends(admit(Action.BID, "tenders", "tender_people"))],
) -> Response:
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        mine = await tender_people.tenders_of(db, asked.party)
        found = await tenders.some(db, mine, now)
    return shaped(TakingPartShape(tenders=list(map(tender_row, found))))


@router.get(
    "/receipt-keys",
    summary="What receipts of bids are signed by, and ever were",
    response_model=ReceiptKeysShape,
)
async def list_receipt_keys(
    asked: Annotated[Asked, Depends(admit(Action.READ_PUBLIC))],
) -> Response:
    published = await asked.organisation.receipts.published()
    return shaped(ReceiptKeysShape(keys=[ReceiptKeyShape(**each) for each in published]))


@router.get(
    "/bidding/{tender_id}",
    summary="What a bid is sealed to, my bids with their receipts, and what became of them",
    response_model=BiddingShape,
    responses=problems_of("tender-not-found"),
)
async def show_bidding(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.BID, "tenders"))],
) -> Response:
    return shaped(await bidding_shape(on))


@router.get(
    "/bidding/{tender_id}/award-letter.pdf",
    summary="The letter about the award of a lot: whether my bid has won, and why",
    response_class=Response,
    responses=BINARY | problems_of("tender-not-found", "award-letter-not-found"),
)
async def show_award_letter(on: Bidding, query: Annotated[LotQuery, Query()]) -> Response:
    letter = own_award_letter(on, LotId(query.lot))
    return await typeset(letter, on.asked.organisation.catalogue)


@router.post(
    "/tenders/{tender_id}/participation",
    status_code=204,
    summary="Ask to be invited to bid",
    responses=problems_of(
        *CLOSED, *REFERRED, "tender-open-to-all", "bidders-invited", "participation-requested"
    ),
)
async def request_participation(on: Bidding, order: Making, body: ParticipationBody) -> Response:
    command = RequestParticipation(
        tender_id=on.tender_id,
        bidder=on.asked.party,
        documents=await referred(on.asked, body.documents),
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/tenders/{tender_id}/questions",
    status_code=201,
    summary="Ask a question, which is answered to all, without your name",
    response_model=QuestionIdShape,
    responses=problems_of(*CLOSED, "text-missing"),
)
async def ask_question(on: Bidding, order: Making, body: QuestionBody) -> Response:
    question_id = QuestionId(new_id())
    command = AskQuestion(
        tender_id=on.tender_id,
        question_id=question_id,
        bidder=on.asked.party,
        text=body.text,
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command, render=naming("question", question_id))
