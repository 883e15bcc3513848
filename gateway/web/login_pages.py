"""Logging in and out, and where one is logged in."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.door import gateway_of
from gateway.language import in_language
from gateway.login import LeftShape, WaysShape
from gateway.login_page import wants_page
from gateway.me import SessionsShape
from gateway.web.forms_sent import text
from gateway.web.paging import chosen_language, nowhere, page_route
from gateway.web.rendering import rendered
from gateway.web.visit import SEE_OTHER, Visit, assets_of


async def index(request: Request) -> Response:
    """The organisations that are served here."""
    if not wants_page(request):
        return nowhere(request)
    language = chosen_language(request)
    served = gateway_of(request).application.organisations.values()
    names = sorted(
        (in_language(each.catalogue.name, language), f"/{each.catalogue.id}") for each in served
    )
    assets = assets_of(request)
    return rendered(request, "index.html", language, assets, visit=None, names=names)


async def log_in(visit: Visit) -> Response:
    """The ways to log in; each leads back to the page that one came from."""
    back = visit.sought("return_to") or visit.here()
    ways = (await visit.api.read("/login", WaysShape, return_to=back)).ways
    return visit.page("login.html", ways=ways)


async def log_out(visit: Visit) -> Response:
    data = await visit.form()
    done = await visit.send("/logout", data, {})
    address = LeftShape.model_validate_json(done.body).address
    left = RedirectResponse(address or visit.here(), SEE_OTHER)
    # What was typed and not sent waits in the browser's tab, and another may sit down there next.
    left.headers["clear-site-data"] = '"cache", "storage"'
    for cookie in done.cookies:
        left.headers.append("set-cookie", cookie)
    return left


async def sessions(visit: Visit) -> Response:
    found = (await visit.api.read("/me/sessions", SessionsShape)).sessions
    return visit.page("sessions.html", sessions=found)


async def end_session(visit: Visit) -> Response:
    data = await visit.form()
    await visit.send(f"/me/sessions/{text(data, 'session')}/end", data, {})
    return visit.to("/sessions")


ROUTES: Final[Sequence[Route]] = (
    page_route("/login", log_in),
    page_route("/logout", log_out, methods=("POST",)),
    page_route("/sessions", sessions),
    page_route("/sessions", end_session, methods=("POST",)),
)
