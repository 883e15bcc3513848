"""Routes for asking the party for more: the shared to-do list of a case."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from commands.case_information import (
    DeliverInformation,
    RequestInformation,
    WithdrawInformationRequest,
)
from events.case_information import RequestedItem
from events.ids import MessageId, RequestId
from gateway.assignment import NothingAsked
from gateway.bodies import Body
from gateway.case_shapes import MessageShape
from gateway.commanding import carry_out, naming
from gateway.documents import referred
from gateway.fields import Day, DocumentIds, IdInPath, Line, OptionalText
from gateway.openapi import problems_of
from gateway.procedure import ALWAYS, NOTHING_ASKED, WITH_DOCUMENTS, Acting, Working
from gateway.routers import router_of
from gateway.shapes import Shape
from services.deadlines import days_off, local_date
from services.ids import new_id

ITEMS_AT_MOST: Final = 50

router: Final = router_of("procedure", "/cases/{case_id}/information-requests")


class ItemBody(Body):
    """`text` says what is wanted; `item` is its short name, without which the text is its name."""

    text: Line
    item: Line | None = None


class RequestBody(Body):
    items: Annotated[
        tuple[ItemBody, ...], Field(min_length=1, max_length=ITEMS_AT_MOST, strict=False)
    ]
    due_on: Day


class DeliveryBody(Body):
    """`items` are the names of those that this answers; the others stay on the list."""

    items: Annotated[tuple[Line, ...], Field(max_length=ITEMS_AT_MOST, strict=False)]
    text: OptionalText = ""
    documents: DocumentIds = ()


class RequestMadeShape(Shape):
    request: UUID


@router.post(
    "",
    status_code=201,
    summary="Ask the party for something; the clock of the case stands still until it is there",
    response_model=RequestMadeShape,
    responses=problems_of(
        *ALWAYS, "request-items-invalid", "due-date-not-ahead", "party-anonymous"
    ),
)
async def request_information(on: Working, body: RequestBody) -> Response:
    request = RequestId(new_id())
    command = RequestInformation(
        case_id=on.case_id,
        request=request,
        items=tuple(
            RequestedItem(item=each.item or each.text, text=each.text) for each in body.items
        ),
        requested_on=local_date(on.asked.now()),
        due_on=body.due_on,
    )
    return await carry_out(on.asked, on.order, command, render=naming("request", request))


@router.post(
    "/{request_id}/withdraw",
    status_code=204,
    summary="Do without what was asked for, and go on",
    responses=problems_of(*ALWAYS, "request-not-open"),
)
async def withdraw_request(
    on: Working, request_id: IdInPath, _: NothingAsked = NOTHING_ASKED
) -> Response:
    today = local_date(on.asked.now())
    command = WithdrawInformationRequest(
        case_id=on.case_id,
        request=RequestId(request_id),
        withdrawn_on=today,
        days_off=days_off(on.asked.organisation.catalogue.calendar, today),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/{request_id}/answer",
    status_code=201,
    summary="Send what was asked for, all of it or a part",
    response_model=MessageShape,
    responses=problems_of(
        *ALWAYS, *WITH_DOCUMENTS, "request-not-open", "request-item-unknown", "delivery-empty"
    ),
)
async def answer_request(on: Acting, request_id: IdInPath, body: DeliveryBody) -> Response:
    message, today = MessageId(new_id()), local_date(on.asked.now())
    command = DeliverInformation(
        case_id=on.case_id,
        request=RequestId(request_id),
        message=message,
        items=body.items,
        text=body.text,
        documents=await referred(on.asked, body.documents),
        delivered_on=today,
        days_off=days_off(on.asked.organisation.catalogue.calendar, today),
    )
    return await carry_out(on.asked, on.order, command, render=naming("message", message))
