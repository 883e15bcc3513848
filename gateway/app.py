"""The HTTP application: its routers, and what every request passes on its way in and out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Final, TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway import (
    addresses,
    assignment,
    audit,
    bulk,
    calendars,
    cases,
    casework,
    colleagues,
    contact,
    documents,
    handlers,
    health,
    hearings,
    journal,
    letters,
    login,
    lookups,
    manual,
    me,
    offers,
    openapi,
    parties,
    post,
    procedure,
    procedure_application,
    procedure_complaint,
    procedure_decision,
    procedure_hearing,
    procedure_information,
    procedure_notes,
    queues,
    redaction,
    running_hearings,
    saved_filters,
    statistics,
    submissions,
    timeline,
)
from gateway.asked import PREFIX
from gateway.edge import Edge
from gateway.page import html_page
from gateway.serving import serving
from gateway.strict import StrictRoute
from gateway.timeline import TimelineStream
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
    procedure_decision.router,
    procedure_application.router,
    procedure_complaint.router,
    procedure_notes.router,
    addresses.router,
    queues.router,
    bulk.router,
    colleagues.router,
    saved_filters.router,
    statistics.router,
    journal.router,
    post.router,
    contact.router,
    documents.router,
    hearings.router,
    running_hearings.router,
    calendars.router,
    offers.router,
    audit.router,
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

    app = FastAPI(
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
    openapi.complete(app)
    return app


def _routes() -> list[BaseRoute]:
    stream = Route(PREFIX + TimelineStream.path, TimelineStream(), methods=["GET"])
    routers = [*ROUTERS, *map(_heads, ROUTERS)]
    return [*(route for router in routers for route in router.routes), stream]


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
