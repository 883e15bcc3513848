"""The application's routes, without starting it."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from fastapi.routing import RouteContext, iter_route_contexts

from gateway.app import create_app
from gateway.asked import PREFIX
from gateway.web.routes import page_routes
from services.bootstrap import Application


def _unopened() -> AbstractAsyncContextManager[Application]:
    raise AssertionError("Only its routes are looked at.")


APP: Final = create_app(_unopened)
PAGES: Final = frozenset(getattr(route, "path", "") for route in page_routes())
"""Paths of the pages, which are clients of the others (`tests/gateway/web`, `tests/browser`)."""

EVERY_ROUTE: Final = tuple(
    route for route in iter_route_contexts(APP.routes) if route.path not in PAGES
)

ROUTES: Final[dict[str, RouteContext]] = {
    f"{method} {(route.path or '').removeprefix(PREFIX)}": route
    for route in EVERY_ROUTE
    for method in (route.methods or set()) - {"HEAD"}
    if (route.path or "").startswith(PREFIX)
}
"""Those under an organisation, by `GET /cases`."""
