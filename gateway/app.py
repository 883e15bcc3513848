"""The HTTP application: its routers, and what every request passes on its way in and out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache, partial
from typing import Final, TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from gateway import (
    addresses,
    administration,
    assignment,
    audit,
    audit_export,
    awards,
    bid_receiving,
    bidding,
    bulk,
    calendars,
    cases,
    casework,
    colleagues,
    committee,
    contact,
    documents,
    evaluation,
    form_drafts,
    gates,
    handlers,
    health,
    hearing_points,
    hearing_responses,
    hearings,
    journal,
    letters,
    login,
    lookups,
    manual,
    me,
    meeting_days,
    offers,
    open_tenders,
    openapi,
    organisation,
    parties,
    post,
    procedure,
    procedure_application,
    procedure_complaint,
    procedure_decision,
    procedure_draft,
    procedure_hearing,
    procedure_information,
    procedure_notes,
    queues,
    redaction,
    replacements,
    running,
    running_hearings,
    running_outward,
    running_tenders,
    saved_filters,
    sittings,
    statistics,
    submissions,
    submitted,
    teams,
    telling_tenders,
    tender_post,
    tenders,
    timeline,
)
from gateway.asked import PREFIX
from gateway.edge import Edge
from gateway.page import html_page
from gateway.parameters import Json
from gateway.queue_stream import QueueStream
from gateway.serving import serving
from gateway.strict import StrictRoute
from gateway.timeline import TimelineStream
from gateway.web.assets import gathered
from gateway.web.routes import elsewhere, page_routes
from services.bootstrap import Application

Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Application]]

# Routers are asked in this order, so what is sent most often stands first.
ROUTERS: Final = (
    casework.router,
    submissions.router,
    timeline.router,
    cases.router,
    letters.router,
    lookups.router,
    redaction.router,
    assignment.router,
    parties.router,
    procedure.router,
    procedure_information.router,
    procedure_hearing.router,
    procedure_draft.router,
    procedure_decision.router,
    procedure_application.router,
    procedure_complaint.router,
    procedure_notes.router,
    gates.router,
    submitted.router,
    addresses.router,
    queues.router,
    teams.router,
    bulk.router,
    colleagues.router,
    saved_filters.router,
    statistics.router,
    journal.router,
    post.router,
    contact.router,
    form_drafts.router,
    documents.router,
    hearings.router,
    running_hearings.router,
    hearing_points.router,
    hearing_responses.router,
    calendars.router,
    meeting_days.router,
    offers.router,
    tenders.router,
    bidding.router,
    bid_receiving.router,
    running_tenders.router,
    telling_tenders.router,
    tender_post.router,
    committee.router,
    sittings.router,
    replacements.router,
    evaluation.router,
    awards.router,
    open_tenders.router,
    audit.router,
    audit_export.router,
    administration.router,
    organisation.router,
    running.router,
    running_outward.router,
    login.router,
    me.router,
)


def create_app(opening: Opening) -> FastAPI:
    """The application; `opening` is entered when the server starts and left when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opening() as application, serving(application) as gateway:
            app.state.gateway = gateway
            yield

    app = _answering(_Described, lifespan)
    # At once: whoever asks for it first should not wait, and nobody meanwhile.
    app.openapi()
    app.state.assets = gathered()
    app.router.routes += page_routes()
    app.router.default = elsewhere
    return app


class _Described(FastAPI):
    def openapi(self) -> Json:
        return _document()


@cache
def _document() -> Json:
    """The same for every application of a process, and a second's work."""
    return openapi.completed(_answering(FastAPI, None))


def _answering(kind: type[FastAPI], lifespan: Lifespan[FastAPI] | None) -> FastAPI:
    """All that is described: the routes, and what a request to one passes."""
    app = kind(
        title="Julelys",
        version="1",
        description=_ABOUT,
        lifespan=lifespan,
        routes=_routes(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # What it would record of errors and bad input may hold personal data.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.add_middleware(Edge)
    handlers.register(app)
    for router in (health.router, _manual(app)):
        app.include_router(router)
        app.include_router(_heads(router))
    return app


def _routes() -> list[BaseRoute]:
    streams = [
        Route(PREFIX + each.path, each, methods=["GET"])
        for each in (TimelineStream(), QueueStream())
    ]
    routers = [*ROUTERS, *map(_heads, ROUTERS)]
    return [*(route for router in routers for route in router.routes), *streams]


def _heads(router: APIRouter) -> APIRouter:
    """What can be got can be asked about: HEAD for every GET (RFC 9110 § 9.3.2)."""
    heads = APIRouter(include_in_schema=False, route_class=StrictRoute)
    for route in router.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            heads.add_api_route(
                route.path, route.endpoint, methods=["HEAD"], response_class=Response
            )
    return heads


def _manual(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> Response:
        return html_page(partial(manual.page, app.openapi()))

    return router


_ABOUT: Final = (
    "Self-service and case management. Errors are problem details (RFC 9457) with permanent codes."
)
