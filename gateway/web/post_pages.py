"""What was not delivered to the parties of a team's cases, or is to be printed."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.post_shapes import PostListShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit

ACTS: Final = {"resend": "retry", "paper": "paper", "posted": "posted"}
"""As a form asks for it, and as the API has it."""


async def post(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    return await _post(visit)


async def act(visit: Visit) -> Response:
    form = await visit.form()
    wanted = ACTS.get(text(form, "act"))
    if wanted is None:
        raise NoSuchPage
    body: dict[str, object] = {"notification": text(form, "notification")}
    try:
        done = await visit.send(f"/post/{text(form, 'case')}/{wanted}", form, body)
    except NotDone as refused:
        return await _post(visit, refused.told)
    return visit.on("/post", done)


async def _post(visit: Visit, told: Told | None = None) -> Response:
    state, after = visit.sought("state"), visit.sought("after")
    found = await visit.api.read("/post", PostListShape, state=state, after=after)
    return visit.page(
        "post.html",
        status=status_after(told),
        rows=found.rows,
        after=found.after,
        tenders=found.tenders,
        state=state,
        told=told,
    )


ROUTES: Final[Sequence[Route]] = (
    page_route("/post", post),
    page_route("/post", act, methods=("POST",)),
)
