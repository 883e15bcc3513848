"""Routes by which a team drafts what it answers on each point that responses raise."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from pydantic import StringConstraints
from starlette.responses import Response

from commands.hearing import DraftAnswer, DropAnswer
from events.hearing import HearingKind
from events.ids import PointId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out, naming
from gateway.door import admit
from gateway.fields import IdInPath, Line
from gateway.hearing_shapes import (
    HearingKindShape,
    HearingKindsShape,
    PointIdShape,
    PointShape,
    PointsShape,
)
from gateway.openapi import problems_of
from gateway.ordering import Changing, Making
from gateway.routers import router_of
from gateway.running_hearings import ENDED, OnHearing, Running, admit_to_hearing
from gateway.shapes import shaped
from projections import hearing_points, responses
from services.authorisation import Action
from services.deadlines import local_date
from services.hearing_periods import earliest_last_day, minimum_weeks
from services.ids import new_id

router: Final = router_of("hearings")

Reading: TypeAlias = Annotated[
    OnHearing,
    Depends(admit_to_hearing(Action.RUN_HEARING, "responses", "hearing_points")),
]


class PointBody(Body):
    """`answer` may be written later."""

    theme: Line
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""


@router.get(
    "/hearing-kinds",
    summary="How long the law keeps each kind of hearing open at least",
    response_model=HearingKindsShape,
)
async def hearing_kinds(asked: Annotated[Asked, Depends(admit(Action.RUN_HEARING))]) -> Response:
    today = local_date(asked.now())
    kinds = [
        HearingKindShape(
            kind=kind, weeks=minimum_weeks(kind), earliest=earliest_last_day(kind, today)
        )
        for kind in HearingKind
    ]
    return shaped(HearingKindsShape(kinds=kinds))


@router.get(
    "/hearings/{hearing_id}/points",
    summary="The points that responses raise, and what is meant to be answered",
    response_model=PointsShape,
    responses=problems_of("hearing-not-found"),
)
async def list_points(on: Reading) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await hearing_points.of_hearing(db, on.hearing_id)
        raised = await responses.raised(db, on.hearing_id)
    points = [
        PointShape(
            point=each.point,
            theme=each.theme,
            answer=each.answer,
            responses=raised.get(each.point, 0),
        )
        for each in found
    ]
    return shaped(PointsShape(points=points))


_DRAFTING: Final = (*ENDED, "theme-missing", "points-too-many")


@router.post(
    "/hearings/{hearing_id}/points",
    status_code=201,
    summary="Begin a point to answer",
    response_model=PointIdShape,
    responses=problems_of(*_DRAFTING),
)
async def begin_point(on: Running, order: Making, body: PointBody) -> Response:
    point = PointId(new_id())
    return await carry_out(on.asked, order, _draft(on, point, body), render=naming("point", point))


@router.post(
    "/hearings/{hearing_id}/points/{point_id}",
    status_code=204,
    summary="Write what a point is about and what is answered",
    responses=problems_of(*_DRAFTING, "point-not-found"),
)
async def write_point(
    on: Running, point_id: IdInPath, order: Changing, body: PointBody
) -> Response:
    return await carry_out(on.asked, order, _draft(on, PointId(point_id), body))


@router.post(
    "/hearings/{hearing_id}/points/{point_id}/drop",
    status_code=204,
    summary="Drop a point; the responses that raise it stay",
    responses=problems_of(*ENDED, "point-not-found"),
)
async def drop_point(on: Running, point_id: IdInPath, order: Changing) -> Response:
    command = DropAnswer(hearing_id=on.hearing_id, point=PointId(point_id))
    return await carry_out(on.asked, order, command)


def _draft(on: OnHearing, point: PointId, body: PointBody) -> DraftAnswer:
    return DraftAnswer(hearing_id=on.hearing_id, point=point, theme=body.theme, answer=body.answer)
