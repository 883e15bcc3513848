"""Routes by which people see where they are logged in, and end it there."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from gateway.asked import Asked, Gateway
from gateway.door import Door
from gateway.fields import IdInPath
from gateway.login import office_of
from gateway.login_cookies import cookie_of, require_own_page
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from services.authorisation import Action
from services.bootstrap import Organisation
from services.catalogue.service import LoginLevel
from services.identity import Actor
from services.login.sessions import Session

router: Final = router_of("login", "/me/sessions")


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


class SessionDoor(Door):
    """Lets in a browser with a session here; which one it is, `session_of` says."""

    async def _actor(
        self, gateway: Gateway, organisation: Organisation, request: Request
    ) -> Actor | None:
        return (await session_of(gateway, organisation.name, request)).actor


WithSession: TypeAlias = Annotated[Asked, Depends(SessionDoor(Action.LOG_IN))]


@router.get(
    "",
    summary="Where I am logged in, by browser session",
    response_model=SessionsShape,
    responses=problems_of("login-required"),
)
async def my_sessions(request: Request, asked: WithSession) -> Response:
    this = await session_of(asked.gateway, asked.organisation.name, request)
    found = await office_of(asked).sessions.of(asked.who.id)
    shapes = [
        SessionShape(
            id=each.id,
            issuer=each.issuer,
            level=each.level,
            began_at=each.began_at,
            used_at=each.used_at,
            ends_at=each.ends_at,
            is_this=each.id == this.stored.id,
        )
        for each in found
    ]
    return shaped(SessionsShape(sessions=shapes))


@router.post(
    "/{session_id}/end",
    status_code=204,
    summary="End one of my sessions, on whichever device",
    responses=problems_of("login-required", "session-not-found", "request-cross-site"),
)
async def end_mine(request: Request, asked: WithSession, session_id: IdInPath) -> Response:
    require_own_page(request)
    if not await office_of(asked).sessions.end_of(asked.who.id, session_id):
        raise Problem("session-not-found")
    return Response(status_code=204)


async def session_of(gateway: Gateway, organisation: str, request: Request) -> Session:
    """The session that the browser's cookie is for.

    Raises:
        Problem: `login-required`, as there is none, or none any longer.
    """
    office, cookie = gateway.logins.get(organisation), cookie_of(request, "session", organisation)
    session = None if office is None or cookie is None else await office.sessions.find(cookie)
    if session is None:
        raise Problem("login-required")
    return session
