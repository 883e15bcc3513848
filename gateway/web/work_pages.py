"""A case as those who work on it have it: its sides, all that is done there, and why one looks."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.lookup_shapes import ReasonHoldsShape
from gateway.web.asking import Done, NotDone, Told
from gateway.web.desk import Sent, desk_of
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.paging import NOT_LOGGED_IN, page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.work_acts import WORK, given
from gateway.web.work_sides import SIDES, Side

Page: TypeAlias = Callable[[Visit], Awaitable[Response]]

REASON_MISSING: Final = "lookup-reason-missing"


def shown(side: Side) -> Page:
    """The page of a side; of another team's case, the one where they say why they look."""

    async def page(visit: Visit) -> Response:
        return await _at_case(visit, side)

    page.__name__ = f"work_{side.__name__}"
    return page


def acted(below: str, side: Side) -> Page:
    """Do what a form of the side asks for, and show the side again."""

    async def page(visit: Visit) -> Response:
        form = await visit.form(files=FILES_AT_MOST)
        act = text(form, "act")
        try:
            done = await _done(visit, act, form)
        except NotDone as refused:
            if refused.told.code in NOT_LOGGED_IN:
                return _kept(visit, form, refused.told)
            return await _at_case(visit, side, Sent(act=act, form=form, told=refused.told))
        if act == "transfer":
            # From now on it is another team's, which is not ours to look at without a reason.
            return visit.on(f"/queues/{text(form, 'from')}", done)
        return visit.on(f"/work/{visit.asked('case')}{below}", done, fragment=_AT.get(act, ""))

    page.__name__ = f"work_on_{side.__name__}"
    return page


async def reason(visit: Visit) -> Response:
    """Say why one looks at another team's case."""
    form, case = await visit.form(), visit.asked("case")
    body = given(form, "purpose", "reason")
    try:
        path = f"/cases/{case}/lookup-reason"
        done = await visit.api.put(path, body, csrf=text(form, "csrf"))
    except NotDone as refused:
        return _asking_why(visit, refused.told, form)
    ReasonHoldsShape.model_validate_json(done.body)
    return visit.to(f"/work/{case}")


async def _at_case(visit: Visit, side: Side, sent: Sent | None = None) -> Response:
    if visit.me is None:
        return visit.to_login()
    try:
        return await side(await desk_of(visit, sent))
    except NotDone as refused:
        if refused.told.code != REASON_MISSING:
            raise
        return _asking_why(visit, refused.told)


async def _done(visit: Visit, act: str, form: FormData) -> Done:
    wanted = WORK.get(act)
    if wanted is None:
        raise NoSuchPage
    path, body = wanted.asked(form, await visit.uploads(form))
    return await visit.send(f"{wanted.below}/{visit.asked('case')}{path}", form, body)


def _asking_why(visit: Visit, told: Told, form: FormData | None = None) -> Response:
    return visit.page(
        "work-reason.html",
        status=told.status,
        told=None if form is None else told,
        form=form or FormData(),
        action=visit.here(f"/work/{visit.asked('case')}/reason"),
    )


def _kept(visit: Visit, form: FormData, told: Told) -> Response:
    """The login is over: what was written must not go with it."""
    written = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    back = visit.request.url.path
    return visit.page(
        "work-kept.html",
        status=told.status,
        told=told,
        kept=[(name, value) for name, value in written if name not in {"csrf", "key"}],
        login=visit.here(f"/login?return_to={back}"),
    )


_AT: Final = {
    "message": "timeline",
    "note": "notes",
    "documents": "documents",
    "ask": "requests",
    "do-without": "requests",
    "hear": "hearing",
    "exempt": "hearing",
    "inspect": "inspections",
    "held": "inspections",
    "extend": "deadlines",
}
"""Where on the page it is seen what was done."""

ROUTES: Final[Sequence[Route]] = (
    page_route("/work/{case}/reason", reason, methods=("POST",)),
    *(page_route("/work/{case}" + below, shown(side)) for below, side in SIDES.items()),
    *(
        page_route("/work/{case}" + below, acted(below, side), methods=("POST",))
        for below, side in SIDES.items()
    ),
)
