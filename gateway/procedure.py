"""Routes for what any kind of case has: deadlines put off, and messages that were read.

The procedure's other routes stand beside, one module for each part of it; this one also holds
what they share.
"""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from commands.case_deadline import ExtendDeadline
from commands.case_document import ReadMessage
from events.case_deadline import DeadlineKind
from events.ids import MessageId
from gateway.assignment import NothingAsked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.documents import REFERRED
from gateway.fields import Day, IdInPath, Reason
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.problems import Problem
from gateway.routers import router_of
from services.authorisation import Action

router: Final = router_of("procedure", "/cases/{case_id}")

Acting: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.ACT_AS_PARTY))]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]
Confirming: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.CONFIRM_READING))]

ALWAYS: Final = ("case-not-found", "case-not-open")
WITH_DOCUMENTS: Final = (*REFERRED, "document-already-added")
NOTHING_ASKED: Final = NothingAsked()


class ExtensionBody(Body):
    due_on: Day
    reason: Reason


@router.post(
    "/deadlines/{deadline}/extend",
    status_code=204,
    summary="Give a deadline of ours a later day, with the reason that the party is told",
    responses=problems_of(
        *ALWAYS,
        "deadline-not-extendable",
        "deadline-suspended",
        "extension-not-later",
        "reason-missing",
    ),
)
async def extend_deadline(on: Working, deadline: str, body: ExtensionBody) -> Response:
    if deadline not in set(DeadlineKind):
        raise Problem("deadline-not-extendable")
    command = ExtendDeadline(
        case_id=on.case_id,
        deadline=DeadlineKind(deadline),
        due_on=body.due_on,
        reason=body.reason,
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/messages/{message_id}/read",
    status_code=204,
    summary="Say that a message of the other side has been opened",
    responses=problems_of("case-not-found", "message-not-found"),
)
async def read_message(
    on: Confirming, message_id: IdInPath, _: NothingAsked = NOTHING_ASKED
) -> Response:
    """For a message of one's own side, or one that was read before, nothing happens."""
    command = ReadMessage(
        case_id=on.case_id,
        message=MessageId(message_id),
        by_party=on.asked.who.party is not None,
    )
    return await carry_out(on.asked, on.order, command)
