"""Routes for an application beside its decision: complete, inspected, finished."""

import asyncio
from typing import Final
from uuid import UUID

from starlette.responses import Response

from commands.case_application import (
    AcceptCompletion,
    NotifyCompletion,
    RecordInspection,
    ScheduleInspection,
)
from events.ids import InspectionId, MessageId
from gateway.assignment import NothingAsked
from gateway.bodies import Body
from gateway.case_shapes import MessageShape
from gateway.commanding import carry_out, naming
from gateway.documents import referred
from gateway.fields import Day, DocumentIds, IdInPath, Line, LongText, OptionalText
from gateway.openapi import problems_of
from gateway.procedure import ALWAYS, NOTHING_ASKED, WITH_DOCUMENTS, Acting, Working
from gateway.routers import router_of
from gateway.shapes import Shape
from services.applications import complete
from services.deadlines import local_date
from services.ids import new_id

router: Final = router_of("procedure", "/cases/{case_id}")

_OF_APPLICATION: Final = (*ALWAYS, "not-an-application")


class InspectionBody(Body):
    on: Day
    place: Line


class InspectionHeldBody(Body):
    """`remarks` say what must be put right when it is not approved."""

    is_approved: bool
    remarks: OptionalText = ""


class CompletionBody(Body):
    text: LongText
    documents: DocumentIds = ()
    completed_on: Day


class InspectionMadeShape(Shape):
    inspection: UUID


@router.post(
    "/complete",
    status_code=204,
    summary="Declare the application fully informed; the service target runs from here",
    responses=problems_of(*_OF_APPLICATION, "information-awaited"),
)
async def complete_application(on: Working, _: NothingAsked = NOTHING_ASKED) -> Response:
    organisation, today = on.asked.organisation, local_date(on.asked.now())
    command = await asyncio.to_thread(
        complete, organisation.store, organisation.catalogue, on.case_id, today
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/inspections",
    status_code=201,
    summary="Plan an inspection",
    response_model=InspectionMadeShape,
    responses=problems_of(*_OF_APPLICATION, "inspection-already-scheduled"),
)
async def schedule_inspection(on: Working, body: InspectionBody) -> Response:
    inspection = InspectionId(new_id())
    command = ScheduleInspection(
        case_id=on.case_id, inspection=inspection, on=body.on, place=body.place
    )
    return await carry_out(on.asked, on.order, command, render=naming("inspection", inspection))


@router.post(
    "/inspections/{inspection_id}/held",
    status_code=204,
    summary="Record what an inspection found",
    responses=problems_of(
        *_OF_APPLICATION, "inspection-not-found", "inspection-already-held", "remarks-missing"
    ),
)
async def record_inspection(
    on: Working, inspection_id: IdInPath, body: InspectionHeldBody
) -> Response:
    command = RecordInspection(
        case_id=on.case_id,
        inspection=InspectionId(inspection_id),
        is_approved=body.is_approved,
        remarks=body.remarks,
        held_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/completion",
    status_code=201,
    summary="Say that the work is done",
    response_model=MessageShape,
    responses=problems_of(
        *_OF_APPLICATION,
        *WITH_DOCUMENTS,
        "completion-not-expected",
        "completion-already-accepted",
    ),
)
async def notify_completion(on: Acting, body: CompletionBody) -> Response:
    message = MessageId(new_id())
    command = NotifyCompletion(
        case_id=on.case_id,
        message=message,
        text=body.text,
        documents=await referred(on.asked, body.documents),
        completed_on=body.completed_on,
    )
    return await carry_out(on.asked, on.order, command, render=naming("message", message))


@router.post(
    "/completion/accept",
    status_code=204,
    summary="Accept the finished work, which may then be used",
    responses=problems_of(
        *_OF_APPLICATION,
        "completion-not-notified",
        "inspection-outstanding",
        "inspection-not-approved",
    ),
)
async def accept_completion(on: Working, _: NothingAsked = NOTHING_ASKED) -> Response:
    command = AcceptCompletion(case_id=on.case_id, accepted_on=local_date(on.asked.now()))
    return await carry_out(on.asked, on.order, command)
