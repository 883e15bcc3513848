"""Who I am here, and where I am logged in."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from gateway.asked import Asked, Gateway
from gateway.caller import Caller
from gateway.csrf import token_of
from gateway.door import LockedDoor, admit
from gateway.fields import IdInPath
from gateway.login import office_of
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from services.authorisation import Action, Resource, may
from services.bootstrap import Organisation
from services.catalogue.service import LoginLevel
from services.identity import Role
from services.login.sessions import Session

router: Final = router_of("login", "/me")


class OwnSessionShape(Shape):
    """The session that asks. It ends at `ends_at` if it is not used again, and at
    `ends_at_latest` however much it is; `csrf_token` goes into `Julelys-CSRF`.
    """

    id: UUID
    issuer: str
    began_at: datetime
    ends_at: datetime
    ends_at_latest: datetime
    csrf_token: str


class MeShape(Shape):
    """`party` is whose matters are mine, `on_behalf_of` the company I act for, both null for staff.

    `organisation` is where staff work. `level` is how surely I have shown who I am, and
    `authenticated_at` when, if the issuer told. `may` is what I may do here to some matter at
    least, whichever it is. `session` is null for a token.
    """

    id: str
    name: str
    roles: list[Role]
    teams: list[str]
    organisation: str | None
    party: str | None
    on_behalf_of: str | None
    level: LoginLevel
    authenticated_at: datetime | None
    may: list[Action]
    session: OwnSessionShape | None


class SessionShape(Shape):
    """`id` is for ending it; `is_this` is the one that asks."""

    id: UUID
    issuer: str
    level: LoginLevel
    began_at: datetime
    used_at: datetime
    ends_at: datetime
    is_this: bool


class SessionsShape(Shape):
    sessions: list[SessionShape]


class SessionDoor(LockedDoor):
    """Lets in a browser with a session here; a token is none."""

    async def _caller(
        self, gateway: Gateway, organisation: Organisation, request: Request
    ) -> Caller | None:
        caller = await super()._caller(gateway, organisation, request)
        if caller is None or caller.session is None:
            raise Problem("login-required")
        return caller


WithLogin: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_ONESELF))]
WithSession: TypeAlias = Annotated[Asked, Depends(SessionDoor(Action.SEE_ONESELF))]


@router.get("", summary="Who I am, how I logged in, and until when", response_model=MeShape)
async def who_am_i(asked: WithLogin) -> Response:
    who, login, session = asked.who, asked.proof, asked.session
    here = Resource(organisation=asked.organisation.name)
    shape = MeShape(
        id=who.id,
        name=who.name,
        roles=sorted(who.roles),
        teams=sorted(who.teams),
        organisation=who.organisation,
        party=who.party,
        on_behalf_of=who.on_behalf_of,
        level=login.level,
        authenticated_at=login.authenticated_at,
        may=[each for each in Action if may(who, each, here)],
        session=None if session is None else _own(asked, session),
    )
    return shaped(shape)


@router.get(
    "/sessions",
    summary="Where I am logged in, by browser session",
    response_model=SessionsShape,
)
async def my_sessions(asked: WithSession) -> Response:
    office, this = office_of(asked), asked.session
    shapes = [
        SessionShape(
            id=each.id,
            issuer=each.issuer,
            level=each.level,
            began_at=each.began_at,
            used_at=each.used_at,
            ends_at=office.sessions.ends_at(each),
            is_this=this is not None and each.id == this.stored.id,
        )
        for each in await office.sessions.of(asked.who.id)
    ]
    return shaped(SessionsShape(sessions=shapes))


@router.post(
    "/sessions/{session_id}/end",
    status_code=204,
    summary="End one of my sessions, on whichever device",
    responses=problems_of("session-not-found"),
)
async def end_mine(asked: WithSession, session_id: IdInPath) -> Response:
    if not await office_of(asked).sessions.end_of(asked.who.id, session_id):
        raise Problem("session-not-found")
    return Response(status_code=204)


def _own(asked: Asked, session: Session) -> OwnSessionShape:
    stored = session.stored
    return OwnSessionShape(
        id=stored.id,
        issuer=stored.issuer,
        began_at=stored.began_at,
        ends_at=office_of(asked).sessions.ends_at(stored),
        ends_at_latest=stored.ends_at,
        csrf_token=token_of(session.cookie),
    )
