"""One hearing as its team runs it: its time, its answers, and what is answered to them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.hearing_shapes import HearingShape, PointsShape, ResponsesShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.hearing_form import DateTyped, closing
from gateway.web.hearing_words import deadline_words, kinds
from gateway.web.new_hearing_pages import BELOW, uploaded
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit

FILTERS: Final = ("point", "unsorted", "after")


async def overview(visit: Visit) -> Response:
    return await _page(visit, "overview")


async def answers(visit: Visit) -> Response:
    return await _page(visit, "responses")


async def points(visit: Visit) -> Response:
    return await _page(visit, "points")


async def conclusion(visit: Visit) -> Response:
    return await _page(visit, "conclusion")


async def act(visit: Visit) -> Response:
    """What a form of one of these pages asks for."""
    data = await visit.form(files=FILES_AT_MOST)
    known = ACTS.get(visit.asked("act"))
    if known is None:
        raise NoSuchPage
    page, made = known
    try:
        documents = [str(each.id) for each in await uploaded(visit, data)]
        path, body = made(data, documents)
        done = await visit.send(path.format(hearing=visit.asked("hearing")), data, body)
    except NotDone as refused:
        return await _page(visit, page, refused.told, data)
    below = f"{BELOW}/{visit.asked('hearing')}"
    if page == "responses":
        seen = {name: text(data, name) for name in FILTERS if text(data, name)}
        if done.position is not None:
            seen["position"] = str(done.position)
        return visit.to(f"{below}/responses?{urlencode(seen)}#responses")
    return visit.on(below + ("" if page == "overview" else f"/{page}"), done)


async def _page(
    visit: Visit, page: str, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    below = f"/hearings/{visit.asked('hearing')}"
    # The first two are for the team alone; the hearing itself is everybody's.
    drafted, shown = await asyncio.gather(
        visit.api.read(f"{below}/points", PointsShape), visit.api.read(below, HearingShape)
    )
    found: ResponsesShape | None = None
    query: Mapping[str, str] = {}
    if page == "responses":
        query = {name: _sought(visit, typed, name) for name in FILTERS}
        found = await visit.api.read(f"{below}/responses", ResponsesShape, **query)
    return visit.page(
        f"running-hearing-{page}.html",
        status=status_after(refused),
        hearing=shown,
        points=drafted.points,
        state=deadline_words(shown, visit.language),
        kind=kinds(visit.language).get(shown.kind, shown.kind),
        is_open=shown.state == "open",
        is_running=shown.state in {"open", "closed"},
        at=page,
        told=refused,
        typed=typed or FormData(),
        responses=found,
        query=query,
    )


def _sought(visit: Visit, typed: FormData | None, name: str) -> str:
    return visit.sought(name) or ("" if typed is None else text(typed, name))


Act = tuple[str, dict[str, object]]


def _extend(data: FormData, _: Sequence[str]) -> Act:
    return "/hearings/{hearing}/extend", {"closes_at": closing(DateTyped.of(data, "last_day"))}


def _material(_: FormData, documents: Sequence[str]) -> Act:
    return "/hearings/{hearing}/material", {"documents": list(documents)}


def _cancel(data: FormData, _: Sequence[str]) -> Act:
    return "/hearings/{hearing}/cancel", {"reason": text(data, "reason").strip()}


def _point(data: FormData, _: Sequence[str]) -> Act:
    """A new one, or one that is known already."""
    known = _id(data, "point")
    body: dict[str, object] = {
        "theme": text(data, "theme").strip(),
        "answer": text(data, "answer").strip(),
    }
    return "/hearings/{hearing}/points" + (f"/{known}" if known else ""), body


def _drop(data: FormData, _: Sequence[str]) -> Act:
    return f"/hearings/{{hearing}}/points/{_id(data, 'point')}/drop", {}


def _sort(data: FormData, _: Sequence[str]) -> Act:
    chosen = [each for each in data.getlist("points") if isinstance(each, str)]
    return f"/hearings/{{hearing}}/responses/{_id(data, 'case')}/points", {"points": chosen}


def _redact(data: FormData, documents: Sequence[str]) -> Act:
    body: dict[str, object] = {
        "document": documents[0] if documents else "",
        "reason": text(data, "reason").strip(),
    }
    return f"/cases/{_id(data, 'case')}/documents/{_id(data, 'document')}/redacted", body


def _conclude(data: FormData, _: Sequence[str]) -> Act:
    return "/hearings/{hearing}/conclude", {"summary": text(data, "summary").strip()}


def _id(data: FormData, name: str) -> str:
    """An id from a form, written as ids are; what is none names nothing."""
    given = text(data, name)
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        return str(UUID(int=0))


ACTS: Final[Mapping[str, tuple[str, Callable[[FormData, Sequence[str]], Act]]]] = {
    "extend": ("overview", _extend),
    "material": ("overview", _material),
    "cancel": ("overview", _cancel),
    "point": ("points", _point),
    "drop": ("points", _drop),
    "sort": ("responses", _sort),
    "redact": ("responses", _redact),
    "conclude": ("conclusion", _conclude),
}
"""What each form asks for, and the page that it stands on."""

ROUTES: Final[Sequence[Route]] = (
    page_route(f"{BELOW}/{{hearing}}", overview),
    page_route(f"{BELOW}/{{hearing}}/responses", answers),
    page_route(f"{BELOW}/{{hearing}}/points", points),
    page_route(f"{BELOW}/{{hearing}}/conclusion", conclusion),
    page_route(f"{BELOW}/{{hearing}}/{{act}}", act, methods=("POST",)),
)
