"""How somebody wants to be told of news in their cases."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.post_shapes import PreferencesShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import Visit

BELOW: Final = "/me/notifications"
NAMES: Final = ("email", "language", "frequency")


async def notifications(visit: Visit) -> Response:
    found = await visit.api.read(BELOW, PreferencesShape)
    given = {"email": found.email or "", "language": found.language, "frequency": found.frequency}
    return _page(visit, given)


async def set_notifications(visit: Visit) -> Response:
    data = await visit.form()
    given = _given(data)
    body = {**given, "email": given["email"].strip() or None}
    try:
        done = await visit.api.put(BELOW, body, csrf=text(data, "csrf"))
    except NotDone as refused:
        return _page(visit, given, refused.told)
    saved = visit.on(BELOW, done)
    saved.headers["location"] += "&saved=1" if "?" in saved.headers["location"] else "?saved=1"
    return saved


def _page(visit: Visit, given: dict[str, str], refused: Told | None = None) -> Response:
    return visit.page(
        "notifications.html",
        status=status_after(refused),
        given=given,
        told=refused,
        is_saved=refused is None and visit.sought("saved") == "1",
    )


def _given(data: FormData) -> dict[str, str]:
    return {name: text(data, name) for name in NAMES}


ROUTES: Final[Sequence[Route]] = (
    page_route(BELOW, notifications),
    page_route(BELOW, set_notifications, methods=("POST",)),
)
