"""Routes by which a team tells all bidders something at once, and invites those who may bid."""

from typing import Annotated, Final

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.tender import (
    AmendTender,
    AnswerQuestion,
    ApproveDeadline,
    InviteBidders,
    ProposeDeadline,
)
from events.ids import DocumentId, PartyId, QuestionId, TenderId
from events.tender import ParticipationRequested
from gateway.bodies import Body
from gateway.documents import BINARY, REFERRED, Download, referred
from gateway.fields import DocumentIds, Id, IdInPath, LongText, Moment, PartyName, Reason
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.running_tenders import STOPPED
from gateway.tender_door import OnTender, Running, admit_to_tender, carry_out_quietly
from projections import documents
from services.authorisation import Action
from services.clock import COPENHAGEN

router: Final = router_of("tenders", "/tenders/{tender_id}")

TELLING: Final = (*STOPPED, "tender-not-published", "tender-opened", "tender-closed")


class AnsweredQuestionBody(Body):
    """`text` is the question as all read it: without what gives its asker away."""

    question: Id
    text: LongText
    answer: LongText


class AmendmentBody(Body):
    """`is_essential`: it matters to whether and how one bids (udbudsloven § 93(4) no. 2)."""

    text: LongText
    documents: DocumentIds = ()
    is_essential: bool = False


class DeadlineBody(Body):
    closes_at: Moment
    reason: Reason


class ApprovalBody(Body):
    """The deadline that is approved of."""

    closes_at: Moment


class InvitationBody(Body):
    bidders: Annotated[tuple[PartyName, ...], Field(min_length=1, max_length=200, strict=False)]
    closes_at: Moment


@router.post(
    "/answers",
    status_code=204,
    summary="Answer a question, to all at once; the deadline moves if they have too few days left",
    responses=problems_of(*TELLING, "question-not-found", "question-answered", "text-missing"),
)
async def answer_question(on: Running, order: Making, body: AnsweredQuestionBody) -> Response:
    now = await on.now()
    command = AnswerQuestion(
        tender_id=on.tender_id,
        question_id=QuestionId(body.question),
        text=body.text,
        answer=body.answer,
        now=now,
        days_off=on.days_off(now),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/amendments",
    status_code=204,
    summary="Amend a tender; the deadline moves if there are too few days left to read it",
    responses=problems_of(*TELLING, *REFERRED, "document-already-added", "text-missing"),
)
async def amend_tender(on: Running, order: Making, body: AmendmentBody) -> Response:
    now = await on.now()
    command = AmendTender(
        tender_id=on.tender_id,
        text=body.text,
        material=await referred(on.asked, body.documents),
        is_essential=body.is_essential,
        now=now,
        days_off=on.days_off(now),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/deadline-proposals",
    status_code=204,
    summary="Propose a later deadline, for another to approve of",
    responses=problems_of(*TELLING, "reason-missing", "tender-deadline-not-later"),
)
async def propose_deadline(on: Running, order: Making, body: DeadlineBody) -> Response:
    command = ProposeDeadline(
        tender_id=on.tender_id,
        closes_at=body.closes_at.astimezone(COPENHAGEN),
        reason=body.reason,
        by=on.asked.who.id,
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/deadline-approvals",
    status_code=204,
    summary="Approve of the deadline that another has proposed",
    responses=problems_of(
        *TELLING, "deadline-not-proposed", "second-person-needed", "tender-deadline-not-later"
    ),
)
async def approve_deadline(on: Running, order: Making, body: ApprovalBody) -> Response:
    command = ApproveDeadline(
        tender_id=on.tender_id,
        closes_at=body.closes_at.astimezone(COPENHAGEN),
        by=on.asked.who.id,
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/invitations",
    status_code=204,
    summary="Invite those to bid who were chosen, all at once",
    responses=problems_of(
        *STOPPED,
        "tender-not-published",
        "tender-opened",
        "bidders-invited",
        "tender-not-closed",
        "bidders-unknown",
        "tender-period-too-short",
    ),
)
async def invite_bidders(on: Running, order: Making, body: InvitationBody) -> Response:
    now = await on.now()
    command = InviteBidders(
        tender_id=on.tender_id,
        bidders=tuple(PartyId(each) for each in body.bidders),
        closes_at=body.closes_at.astimezone(COPENHAGEN),
        now=now,
        days_off=on.days_off(now),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.get(
    "/participation/{document_id}",
    summary="A document of somebody who asks to be invited, once requests are closed",
    response_class=Response,
    responses=BINARY | problems_of("tender-not-found", "document-not-found"),
)
async def download_request(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.RUN_TENDER, "documents"))],
    document_id: IdInPath,
) -> Response:
    given = {
        each.document_id
        for fact in on.facts
        if isinstance(fact, ParticipationRequested)
        for each in fact.documents
    }
    is_closed = on.state.invited is not None or on.state.is_closed(await on.now())
    if not is_closed or DocumentId(document_id) not in given:
        raise Problem("document-not-found")
    async with on.asked.organisation.reads.connection() as db:
        found = await documents.one(db, DocumentId(document_id), TenderId(on.tender_id))
    if found is None:
        raise Problem("document-not-found")
    return Download(on.asked, found)
