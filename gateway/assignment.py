"""Routes for whose hands a case is in: claimed, assigned, released, transferred."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from commands.case_assignment import AssignCase, ClaimCase, ReleaseCase, TransferCase
from events.ids import ActorId, TeamId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import OrderOnCase, admit_to_order
from gateway.fields import Line, PersonName, Reason
from gateway.openapi import problems_of
from gateway.problems import invalid
from gateway.routers import router_of
from services.authorisation import Action

router: Final = router_of("cases", "/cases/{case_id}")

Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]

_ALWAYS: Final = ("case-not-found", "case-not-open", "case-in-another-team")


class AssignmentBody(Body):
    to: PersonName


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
    status_code=204,
    summary="Give the case to a colleague",
    responses=problems_of(*_ALWAYS),
)
async def assign(on: Working, body: AssignmentBody) -> Response:
    to = colleague_in(on.asked, on.opened.team, body.to)
    command = AssignCase(case_id=on.case_id, team=on.opened.team, to=to)
    return await carry_out(on.asked, on.order, command)


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


def colleague_in(asked: Asked, team: TeamId, name: str) -> ActorId:
    """A caseworker of the team.

    Raises:
        Problem: `invalid-input`, `to` is nobody who works there.
    """
    to = ActorId(name)
    colleague = asked.gateway.people.get(to)
    if (
        colleague is None
        or colleague.organisation != asked.organisation.name
        or team not in colleague.teams
    ):
        raise invalid("to", "input-not-a-colleague")
    return to


def team_in(asked: Asked, name: str) -> TeamId:
    """A team of the organisation; those of others are not known here.

    Raises:
        Problem: `invalid-input`, `team` is none.
    """
    team = TeamId(name)
    if team not in asked.organisation.catalogue.teams:
        raise invalid("team", "input-not-a-team")
    return team
