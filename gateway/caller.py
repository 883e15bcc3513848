"""Who comes in, and what shows it: a browser's session, or in the demo a test person's token."""

from dataclasses import dataclass
from typing import Final

from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer, SecurityBase
from starlette.requests import Request

from gateway.asked import Gateway
from gateway.csrf import require_own_change
from gateway.login_cookies import cookie_name, cookie_of
from gateway.problems import Problem
from gateway.refusing import known_as
from services.identity import Actor, Login
from services.login.sessions import Session

BEARER: Final = "bearer"
COOKIE: Final = "session"
SCHEMES: Final[dict[str, SecurityBase]] = {
    BEARER: HTTPBearer(description="A test person's token, in demo mode only."),
    COOKIE: APIKey.model_validate(
        {
            "in": APIKeyIn.cookie,
            "name": cookie_name("session", "{organisation}"),
            "description": "A browser's session. What changes something takes the token of "
            "`GET /me` along, in `Julelys-CSRF`.",
        }
    ),
}
"""As the OpenAPI document has them: either is enough, both at once are too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who has logged in; `session` is None where a token says so."""

    actor: Actor
    login: Login
    session: Session | None


async def caller_of(gateway: Gateway, organisation: str, request: Request) -> Caller | None:
    """Whoever asks, None when they do not say who they are.

    Raises:
        Problem: `login-ambiguous`, when a cookie and a token might say it differently;
            `token-invalid`, `session-ended`; of a change, what `require_own_change` says.
        LoginFailed: the token is not good.
    """
    given = request.headers.get("authorization")
    cookie = cookie_of(request, "session", organisation)
    if given is not None and cookie is not None:
        raise Problem("login-ambiguous")
    if given is not None:
        return await _by_token(gateway, request, given)
    return None if cookie is None else await _by_session(gateway, organisation, request, cookie)


async def _by_token(gateway: Gateway, request: Request, given: str) -> Caller:
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("token-invalid")
    identity = gateway.application.identity
    actor = await identity.actor(token.strip())
    known_as(request, actor.id)
    return Caller(actor=actor, login=identity.login(), session=None)


async def _by_session(gateway: Gateway, organisation: str, request: Request, cookie: str) -> Caller:
    """A cookie whose session is over is no stranger's: they are told, and not taken for one."""
    office = gateway.logins.get(organisation)
    session = None if office is None else await office.session_of(cookie)
    if office is None or session is None:
        raise Problem("session-ended")
    known_as(request, session.actor.id)
    require_own_change(request, cookie, office.site)
    return Caller(actor=session.actor, login=session.login, session=session)
