"""Routes that move a case on: dialogue, meeting, assignment, closing."""

import json
from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    CloseCase,
    RecordMissedMeeting,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.submission import RescheduleMeeting, WithdrawCase
from events.case import MeetingMoved
from events.catalogue import Event
from events.document import Document
from events.ids import MessageId, SlotId
from gateway.bodies import Body
from gateway.case_shapes import MessageShape
from gateway.commanding import carry_out
from gateway.documents import REFERRED, referred
from gateway.fields import DocumentIds, LongText, Reason, SlotName
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.routers import router_of
from gateway.shapes import DocumentsShape, MeetingShape, Shape
from gateway.submissions import meeting_json
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.ids import new_id

router: Final = router_of("cases", "/cases/{case_id}")

Writing: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WRITE_ON_CASE))]
Acting: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.ACT_AS_PARTY))]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]

_ALWAYS: Final = ("case-not-found", "case-not-open")
_DOCUMENTS: Final = (*REFERRED, "document-already-added")


class MessageBody(Body):
    text: LongText
    documents: DocumentIds = ()


class DocumentsBody(Body):
    documents: Annotated[DocumentIds, Field(min_length=1)]


class RescheduleBody(Body):
    slot: SlotName


class WithdrawalBody(Body):
    reason: Reason | None = None


class NothingAskedBody(Body):
    """Nothing is asked."""


_NO_REASON: Final = WithdrawalBody()
_NOTHING_ASKED: Final = NothingAskedBody()


class ReopeningBody(Body):
    reason: Reason


class RescheduledShape(Shape):
    meeting: MeetingShape | None


@router.post(
    "/messages",
    status_code=201,
    summary="Write to the authority, or to the party",
    response_model=MessageShape,
    responses=problems_of(*_ALWAYS, *_DOCUMENTS, "message-empty", "party-anonymous"),
)
async def write_message(on: Writing, body: MessageBody) -> Response:
    message = MessageId(new_id())
    sent = await referred(on.asked, body.documents)
    command: WriteToAuthority | WriteToParty
    if on.asked.who.party is not None:
        command = WriteToAuthority(
            case_id=on.case_id, message=message, text=body.text, documents=sent
        )
    else:
        command = WriteToParty(
            case_id=on.case_id,
            message=message,
            text=body.text,
            documents=sent,
            written_on=on.asked.now().astimezone(COPENHAGEN).date(),
        )
    told = json.dumps({"message": str(message)}).encode()
    return await carry_out(on.asked, on.order, command, render=lambda _: told)


@router.post(
    "/documents",
    status_code=201,
    summary="Add uploaded documents to the case",
    response_model=DocumentsShape,
    responses=problems_of(*_ALWAYS, *_DOCUMENTS),
)
async def add_documents(on: Writing, body: DocumentsBody) -> Response:
    adds = AddCaseworkerDocuments if on.asked.who.party is None else AddPartyDocuments
    added = await referred(on.asked, body.documents)
    told = json.dumps({"documents": [_shown(each) for each in added]}, ensure_ascii=False)
    command = adds(case_id=on.case_id, documents=added)
    return await carry_out(on.asked, on.order, command, render=lambda _: told.encode())


@router.post(
    "/reschedule",
    status_code=200,
    summary="Move the meeting to another free slot",
    response_model=RescheduledShape,
    responses=problems_of(
        *_ALWAYS,
        "meeting-not-booked",
        "not-a-meeting",
        "booking-not-found",
        "day-not-found",
        "slot-not-found",
        "slot-held",
        "slot-taken",
        "slot-past",
    ),
)
async def reschedule(on: Acting, body: RescheduleBody) -> Response:
    command = RescheduleMeeting(case_id=on.case_id, slot=SlotId(body.slot), now=on.asked.now())

    def render(decided: Sequence[Event]) -> bytes:
        moved = [
            e.meeting for e in decided if isinstance(e, MeetingMoved) and e.case_id == on.case_id
        ]
        return json.dumps({"meeting": meeting_json(moved[-1]) if moved else None}).encode()

    return await carry_out(on.asked, on.order, command, render=render)


@router.post(
    "/missed",
    status_code=204,
    summary="Note that the party did not come to the meeting",
    responses=problems_of(*_ALWAYS, "meeting-not-booked", "meeting-not-begun", "not-a-meeting"),
)
async def note_missed_meeting(on: Working, _: NothingAskedBody = _NOTHING_ASKED) -> Response:
    command = RecordMissedMeeting(case_id=on.case_id, now=on.asked.now())
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/withdraw",
    status_code=204,
    summary="Withdraw the case",
    responses=problems_of(*_ALWAYS),
)
async def withdraw(on: Acting, body: WithdrawalBody = _NO_REASON) -> Response:
    command = WithdrawCase(case_id=on.case_id, reason=body.reason, now=on.asked.now())
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/close",
    status_code=204,
    summary="Close the case",
    responses=problems_of(
        *_ALWAYS,
        "response-not-answered",
        "meeting-not-held",
        "still-waiting",
        "information-awaited",
        "party-hearing-open",
        "case-undecided",
        "decision-not-dispatched",
        "completion-not-accepted",
        "complaint-not-answered",
        "complaint-not-settled",
    ),
)
async def close(on: Working, _: NothingAskedBody = _NOTHING_ASKED) -> Response:
    closed_on = on.asked.now().astimezone(COPENHAGEN).date()
    return await carry_out(on.asked, on.order, CloseCase(case_id=on.case_id, closed_on=closed_on))


@router.post(
    "/reopen",
    status_code=204,
    summary="Reopen a closed case",
    responses=problems_of(*_ALWAYS, "case-not-closed", "case-withdrawn", "reason-missing"),
)
async def reopen(on: Working, body: ReopeningBody) -> Response:
    return await carry_out(on.asked, on.order, ReopenCase(case_id=on.case_id, reason=body.reason))


def _shown(document: Document) -> dict[str, object]:
    return {
        "id": str(document.document_id),
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
    }
