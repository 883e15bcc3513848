"""Routes for whose hands a case is in: claimed, assigned, released, transferred."""

import json
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from commands.case_assignment import AssignCase, ClaimCase, ReleaseCase, TransferCase
from events.ids import TeamId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.colleagues import AbsentShape, absent_json, away_today, colleague_in
from gateway.commanding import carry_out
from gateway.fields import Line, PersonName, Reason
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.problems import invalid
from gateway.routers import router_of
from gateway.shapes import Shape
from services.authorisation import Action

router: Final = router_of("cases", "/cases/{case_id}")

Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]

_ALWAYS: Final = ("case-not-found", "case-not-open", "case-in-another-team")


class AssignmentBody(Body):
    to: PersonName


class AssignedShape(Shape):
    """`absence` warns that the colleague is away today; null when that is not so."""

    assigned_to: str
    absence: AbsentShape | None


class TransferBody(Body):
    team: Line
    reason: Reason


class NothingAsked(Body):
    """Nothing is asked."""


_NOTHING_ASKED: Final = NothingAsked()


@router.post(
    "/claim",
    status_code=204,
    summary="Take a case that nobody works on",
    responses=problems_of(*_ALWAYS, "case-assigned-to-another"),
)
async def claim(on: Working, _: NothingAsked = _NOTHING_ASKED) -> Response:
    command = ClaimCase(case_id=on.case_id, team=on.opened.team, by=on.asked.who.id)
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/assign",
    status_code=200,
    summary="Give the case to a colleague; the answer says if the colleague is away",
    response_model=AssignedShape,
    responses=problems_of(*_ALWAYS),
)
async def assign(on: Working, body: AssignmentBody) -> Response:
    to = colleague_in(on.asked, on.opened.team, body.to)
    away = absent_json((await away_today(on.asked)).get(to))
    told = json.dumps({"assigned_to": to, "absence": away}).encode()
    command = AssignCase(case_id=on.case_id, team=on.opened.team, to=to)
    return await carry_out(on.asked, on.order, command, render=lambda _: told)


@router.post(
    "/release",
    status_code=204,
    summary="Give the case back to its team",
    responses=problems_of(*_ALWAYS),
)
async def release(on: Working, _: NothingAsked = _NOTHING_ASKED) -> Response:
    command = ReleaseCase(case_id=on.case_id, team=on.opened.team)
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/transfer",
    status_code=204,
    summary="Give the case to another team",
    responses=problems_of(*_ALWAYS, "transfer-reason-missing"),
)
async def transfer(on: Working, body: TransferBody) -> Response:
    command = TransferCase(
        case_id=on.case_id,
        team=on.opened.team,
        to_team=team_in(on.asked, body.team),
        reason=body.reason,
    )
    return await carry_out(on.asked, on.order, command)


def team_in(asked: Asked, name: str) -> TeamId:
    """A team of the organisation; those of others are not known here.

    Raises:
        Problem: `invalid-input`, `team` is none.
    """
    team = TeamId(name)
    if team not in asked.organisation.catalogue.teams:
        raise invalid("team", "input-not-a-team")
    return team
