"""Routes for a complaint: the decision reassessed and sent to its board, or the answer given."""

from typing import Annotated, Final

from pydantic import Field
from starlette.responses import Response

from commands.case_complaint import AnswerComplaint, ForwardComplaint, RecordBoardDecision
from commands.submission import ReassessDecision
from events.case_complaint import BoardOutcome, Reassessment
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.fields import Day, Line, LongText, OptionalText
from gateway.openapi import problems_of
from gateway.procedure import ALWAYS, Working
from gateway.routers import router_of
from services.deadlines import local_date

router: Final = router_of("procedure", "/cases/{case_id}")

_OF_COMPLAINT: Final = (*ALWAYS, "not-a-complaint")


class ReassessmentBody(Body):
    outcome: Annotated[Reassessment, Field(strict=False)]
    text: LongText


class ForwardingBody(Body):
    board: Line
    remarks: OptionalText = ""


class BoardDecisionBody(Body):
    outcome: Annotated[BoardOutcome, Field(strict=False)]
    text: OptionalText = ""
    decided_on: Day


class ComplaintAnswerBody(Body):
    text: LongText


@router.post(
    "/reassess",
    status_code=204,
    summary="Look at one's own decision again; a changed one opens its case anew",
    responses=problems_of(
        *_OF_COMPLAINT, "complaint-over-service", "complaint-already-reassessed", "message-empty"
    ),
)
async def reassess(on: Working, body: ReassessmentBody) -> Response:
    command = ReassessDecision(
        case_id=on.case_id,
        outcome=body.outcome,
        text=body.text,
        reassessed_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/forward",
    status_code=204,
    summary="Send the complaint to its board, with one's remarks",
    responses=problems_of(
        *_OF_COMPLAINT, "complaint-over-service", "complaint-not-upheld", "board-missing"
    ),
)
async def forward(on: Working, body: ForwardingBody) -> Response:
    command = ForwardComplaint(
        case_id=on.case_id,
        board=body.board,
        remarks=body.remarks,
        forwarded_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/board-decision",
    status_code=204,
    summary="Record what the board has decided",
    responses=problems_of(*_OF_COMPLAINT, "complaint-not-forwarded", "board-already-decided"),
)
async def record_board_decision(on: Working, body: BoardDecisionBody) -> Response:
    command = RecordBoardDecision(
        case_id=on.case_id,
        outcome=body.outcome,
        text=body.text,
        decided_on=body.decided_on,
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/answer-complaint",
    status_code=204,
    summary="Answer a complaint over how somebody was served",
    responses=problems_of(
        *_OF_COMPLAINT, "complaint-over-decision", "complaint-already-answered", "message-empty"
    ),
)
async def answer_complaint(on: Working, body: ComplaintAnswerBody) -> Response:
    command = AnswerComplaint(
        case_id=on.case_id, text=body.text, answered_on=local_date(on.asked.now())
    )
    return await carry_out(on.asked, on.order, command)
