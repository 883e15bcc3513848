"""Every page, and the files they need."""

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from gateway.login_page import wants_page
from gateway.web import (
    absence_pages,
    administration_pages,
    audit_pages,
    bid_pages,
    case_pages,
    committee_pages,
    evaluation_pages,
    feed_pages,
    form_matters,
    form_pages,
    journal_pages,
    login_pages,
    lookup_pages,
    meeting_pages,
    my_cases,
    new_hearing_pages,
    new_tender_pages,
    notification_pages,
    post_pages,
    public_pages,
    queue_pages,
    running_hearing_pages,
    running_tender_pages,
    statistics_pages,
    tender_pages,
    time_pages,
    work_frames,
    work_pages,
)
from gateway.web.assets import PREFIX
from gateway.web.paging import nowhere, page_route
from gateway.web.visit import NoSuchPage, Visit, assets_of

PAGES: Final[Sequence[Route]] = (
    *public_pages.ROUTES,
    *login_pages.ROUTES,
    *time_pages.ROUTES,
    *form_pages.ROUTES,
    *form_matters.ROUTES,
    *my_cases.ROUTES,
    *notification_pages.ROUTES,
    *case_pages.ROUTES,
    *feed_pages.ROUTES,
    *administration_pages.ROUTES,
    *audit_pages.ROUTES,
    *lookup_pages.ROUTES,
    *new_hearing_pages.ROUTES,
    *running_hearing_pages.ROUTES,
    *tender_pages.ROUTES,
    *bid_pages.ROUTES,
    *committee_pages.ROUTES,
    *new_tender_pages.ROUTES,
    *running_tender_pages.ROUTES,
    *evaluation_pages.ROUTES,
    *meeting_pages.ROUTES,
    *statistics_pages.ROUTES,
    *queue_pages.ROUTES,
    *work_pages.ROUTES,
    *journal_pages.ROUTES,
    *post_pages.ROUTES,
    *absence_pages.ROUTES,
)


async def asset(request: Request) -> Response:
    return assets_of(request).answer(request) or nowhere(request)


def page_routes() -> Sequence[BaseRoute]:
    """After all others, for they take whatever begins with a name of one part."""
    return [
        Route("/", login_pages.index),
        Route(PREFIX + "{name:path}", asset),
        public_pages.LOGO,
        feed_pages.FEED,
        *work_frames.ROUTES,
        *PAGES,
    ]


async def _no_such_page(_: Visit) -> Response:
    raise NoSuchPage


_ANY_PAGE: Final = page_route("/{address:path}", _no_such_page)


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """What no route is for: whoever looks at it in a browser is shown the way from there.

    Raises:
        HTTPException: 404, to a script, and below the API's own address.
    """
    match, found = _ANY_PAGE.matches(scope)
    is_page = match is Match.FULL and not scope["path"].startswith("/api/")
    if not is_page or not wants_page(Request(scope)):
        raise HTTPException(404)
    scope.update(found)
    await _ANY_PAGE.handle(scope, receive, send)
