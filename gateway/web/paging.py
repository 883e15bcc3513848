"""Routes of pages: who comes is known before a page is made, and every refusal is a page too."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.door import gateway_of
from gateway.language import Language, language_of
from gateway.login_cookies import cookie_of
from gateway.login_page import wants_page
from gateway.me import MeShape
from gateway.problems import Problem, answer
from gateway.step_up import CODES as PROVE_AGAIN
from gateway.web.asking import Api, NotDone, Told
from gateway.web.rendering import rendered
from gateway.web.visit import NoSuchPage, Visit, assets_of

log = structlog.get_logger()

LANGUAGE_COOKIE: Final = "julelys-language"
A_YEAR: Final = 365 * 24 * 60 * 60
ASK_LATER: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
NOT_LOGGED_IN: Final = frozenset({"login-required", "session-ended"})

Page: TypeAlias = Callable[[Visit], Awaitable[Response]]


def page_route(path: str, page: Page, *, methods: tuple[str, ...] = ("GET",)) -> Route:
    """The route of a page below an organisation."""

    async def endpoint(request: Request) -> Response:
        visit = _visit(request)
        if visit is None:
            return nowhere(request)
        try:
            return _remembering(request, await _shown(visit, page))
        finally:
            for form in visit.forms:
                await form.close()

    return Route("/{organisation}" + path, endpoint, methods=list(methods), name=page.__name__)


def nowhere(request: Request) -> Response:
    """There is no such page, or no such organisation; a script is told so as by the API."""
    if not wants_page(request):
        raise Problem("route-not-found")
    language = chosen_language(request)
    assets = assets_of(request)
    return rendered(request, "nowhere.html", language, assets, status=404, visit=None)


def chosen_language(request: Request) -> Language:
    """As asked for by the switch on every page, else as the browser prefers."""
    for chosen in (request.query_params.get("language"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in {Language.DANISH, Language.ENGLISH}:
            return Language(chosen)
    return language_of(request.scope)


async def _shown(visit: Visit, page: Page) -> Response:
    try:
        visit = replace(visit, me=await _me(visit))
        return await page(visit)
    except NoSuchPage:
        return visit.page("nowhere.html", status=404)
    except NotDone as refused:
        if refused.told.code in NOT_LOGGED_IN:
            return visit.to_login()
        return told_page(visit, refused.told)
    except Problem as problem:
        return _of_problem(visit, problem)
    except Exception as error:
        route = getattr(visit.request.scope.get("route"), "path", None)
        log.exception("request_crashed", route=route, method=visit.request.method, exc_info=error)
        return _of_problem(visit, Problem("internal-error"))


def _of_problem(visit: Visit, problem: Problem) -> Response:
    told = answer(problem, visit.language)
    shown = told_page(visit, Told.model_validate_json(bytes(told.body)))
    shown.headers.update(problem.headers)
    return shown


def told_page(visit: Visit, told: Told) -> Response:
    """What went wrong and what to do; to prove who one is once more leads back to where one was."""
    again = visit.prove_address(told) if told.code in PROVE_AGAIN else None
    return visit.page("problem.html", status=told.status, told=told, again=again)


def _remembering(request: Request, shown: Response) -> Response:
    """The language that was chosen holds for the pages that follow."""
    chosen = request.query_params.get("language")
    if chosen in {Language.DANISH, Language.ENGLISH}:
        secure = request.url.scheme == "https"
        shown.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=A_YEAR, secure=secure, httponly=True, samesite="lax"
        )
    return shown


def _visit(request: Request) -> Visit | None:
    """Somebody of whom nobody has asked yet who it is."""
    name = request.path_params["organisation"]
    known = gateway_of(request).application.organisations.get(name)
    if known is None:
        return None
    language = chosen_language(request)
    api = Api(request, name, language)
    return Visit(
        request=request,
        api=api,
        organisation=known.catalogue,
        language=language,
        me=None,
    )


async def _me(visit: Visit) -> MeShape | None:
    """Who it is; None for who does not say, or by a session that is over.

    Raises:
        NotDone: nobody can say so now, and whoever has logged in is not shown a page as if not.
    """
    request = visit.request
    cookie = cookie_of(request, "session", visit.organisation.id)
    if cookie is None and "authorization" not in request.headers:
        return None
    try:
        return await visit.api.read("/me", MeShape)
    except NotDone as refused:
        if refused.told.status in ASK_LATER:
            raise
        return None
