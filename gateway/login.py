"""Routes by which browsers log in and out."""

from typing import Annotated, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway import step_up
from gateway.asked import Asked
from gateway.csrf import require_own_page
from gateway.door import Door
from gateway.language import Language, in_language
from gateway.login_cookies import cookie_of, give, take
from gateway.login_page import (
    Link,
    again_at,
    ended_page,
    refusal_page,
    wants_page,
    ways_page,
)
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from gateway.strict import limited
from gateway.wording import problem_texts
from services.authorisation import Action
from services.catalogue.service import LoginLevel
from services.login.office import LoginOffice
from services.login.refusal import LoginRefused

router: Final = router_of("login")

TOKEN_AT_MOST: Final = 64 * 1024
"""Bytes of a form with a logout token."""

# Whatever an issuer may answer is refused by one of these.
_REFUSALS: Final = tuple(
    code
    for code in problem_texts(Language.DANISH)
    if code.startswith("log") and code not in step_up.CODES
)
_NO_STORE: Final = {"Cache-Control": "no-store"}

Anyone: TypeAlias = Annotated[Asked, Depends(Door(Action.LOG_IN))]
IssuerInPath: TypeAlias = Annotated[str, Path(alias="issuer")]


class WayShape(Shape):
    """A way to log in: `path` is where a browser goes for it, `admits` whom it is for."""

    issuer: str
    title: str
    admits: list[str]
    level: LoginLevel
    path: str


class WaysShape(Shape):
    ways: list[WayShape]


class LeftShape(Shape):
    """`address` is where a browser ends the issuer's own session, null where it cannot."""

    address: str | None


@router.get("/login", summary="The ways to log in", response_model=WaysShape)
async def ways(
    request: Request,
    asked: Anyone,
    return_to: Annotated[str | None, Query(max_length=1_000)] = None,
) -> Response:
    """JSON, and for browsers a page; with `return_to` each way leads back there."""
    office = asked.gateway.logins.get(asked.organisation.name)
    known = {} if office is None else office.party.providers
    found = [
        WayShape(
            issuer=key,
            title=provider.issuer.title.read_in(asked.language.value),
            admits=[*provider.issuer.admits],
            level=provider.issuer.level,
            path=asked.path(f"/login/{key}") + _back(return_to),
        )
        for key, provider in known.items()
    ]
    if not wants_page(request):
        return shaped(WaysShape(ways=found))
    # A browser that came by itself has nowhere of its own to go back to.
    home = _back(asked.path("/me")) if return_to is None else ""
    links = [Link(text=way.title, path=way.path + home) for way in found]
    named = asked.organisation.catalogue.name
    return ways_page(in_language(named, asked.language), links, asked.language)


@router.get(
    "/login/ended",
    summary="Where an issuer sends a browser after its logout",
    response_class=HTMLResponse,
)
async def ended(asked: Anyone) -> Response:
    return ended_page(asked.language, _again(asked))


@router.get(
    "/login/{issuer}",
    status_code=303,
    summary="Send a browser to log in; it comes back to `return_to`",
    responses=problems_of(*_REFUSALS),
    response_class=RedirectResponse,
)
async def begin(
    request: Request,
    asked: Anyone,
    issuer: IssuerInPath,
    return_to: Annotated[str, Query(max_length=1_000)] = "/",
    level: Annotated[LoginLevel, Query()] = LoginLevel.LOW,
    max_age: Annotated[int | None, Query(ge=0, le=86_400)] = None,
) -> Response:
    try:
        begun = await office_of(asked).party.begin(
            issuer,
            level=level,
            max_age=max_age,
            language=asked.language.value,
            return_to=return_to,
        )
    except LoginRefused as refused:
        return _refused(request, asked, refused)
    answer = RedirectResponse(begun.address, 303, headers=_NO_STORE)
    give(answer, "login", asked.organisation.name, begun.browser)
    return answer


@router.get(
    "/login/callback/{issuer}",
    status_code=303,
    summary="Where an issuer sends a browser back to",
    responses=problems_of(*_REFUSALS),
    response_class=RedirectResponse,
)
async def come_back(request: Request, asked: Anyone, issuer: IssuerInPath) -> Response:
    name = asked.organisation.name
    # As it was sent: a parameter that stands twice is a refusal of its own.
    query = request.scope["query_string"].decode("latin-1")
    try:
        entered = await office_of(asked).enter(
            issuer,
            parse_qsl(query, keep_blank_values=True),
            browser=cookie_of(request, "login", name),
            former=cookie_of(request, "session", name),
        )
    except LoginRefused as refused:
        answer = _refused(request, asked, refused)
    else:
        answer = RedirectResponse(entered.return_to, 303, headers=_NO_STORE)
        give(answer, "session", name, entered.cookie)
    take(answer, "login", name)
    return answer


@router.post(
    "/login/back-channel/{issuer}",
    summary="An issuer says that somebody has logged out there",
    responses=problems_of("body-too-large", "body-too-slow", *_REFUSALS),
    response_class=Response,
)
async def told_by_issuer(request: Request, asked: Anyone, issuer: IssuerInPath) -> Response:
    form = dict(parse_qsl((await limited(request.stream(), TOKEN_AT_MOST)).decode("latin-1")))
    await office_of(asked).ended_by_issuer(issuer, form.get("logout_token", ""))
    return Response(headers=_NO_STORE)


@router.post(
    "/logout",
    summary="End this browser's session",
    response_model=LeftShape,
    responses=problems_of("request-cross-site"),
)
async def leave(request: Request, asked: Anyone) -> Response:
    name = asked.organisation.name
    office, cookie = asked.gateway.logins.get(name), cookie_of(request, "session", name)
    if office is not None:
        # Without a token: a page whose session has ended is to be able to leave it behind. Without
        # a cookie too: the browser keeps it from another site, and would yet do as it is told.
        require_own_page(request, office.site)
    address = None if office is None or cookie is None else await office.leave(cookie)
    answer = shaped(LeftShape(address=address))
    # Not its cookies: they may be of another organisation at this site.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    take(answer, "session", name)
    return answer


def office_of(asked: Asked) -> LoginOffice:
    """Where nobody can log in, no issuer is known."""
    office = asked.gateway.logins.get(asked.organisation.name)
    if office is None:
        raise Problem("login-issuer-not-found")
    return office


def _refused(request: Request, asked: Asked, refused: LoginRefused) -> Response:
    if wants_page(request):
        problem = Problem(refused.code, facts=refused.facts)
        return refusal_page(problem, asked.language, _again(asked))
    raise refused


def _again(asked: Asked) -> Link:
    return again_at(asked.path("/login"), asked.language)


def _back(return_to: str | None) -> str:
    return "" if return_to is None else f"?{urlencode({'return_to': return_to})}"
