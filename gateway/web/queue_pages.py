"""A team's queue: asked for less, kept as a filter, and the same done to many cases at once."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from events.ids import TeamId
from gateway.bulk_shapes import BulkRowShape, BulkShape
from gateway.case_shapes import QueueShape
from gateway.queue_query import FilterQuery
from gateway.saved_filters import FiltersShape
from gateway.teams import ColleaguesShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.work_acts import given, several
from services.clock import COPENHAGEN

FILTERS: Final = tuple(FilterQuery.model_fields)
"""All that a queue can be asked for, by the names that the API has for it."""

MANY: Final[Mapping[str, tuple[str, ...]]] = {
    "claim": (),
    "release": (),
    "close": (),
    "assign": ("to",),
    "transfer": ("team", "reason"),
}
"""What can be done to many cases, and what each needs to know."""


async def queue(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    return await _queue(visit)


async def act_on_many(visit: Visit) -> Response:
    form = await visit.form()
    action = text(form, "action")
    body = {"action": action, "cases": several(form, "case"), **given(form, *MANY.get(action, ()))}
    try:
        done = await visit.send(f"/queues/{_team(visit)}/bulk", form, body)
    except NotDone as refused:
        return await _queue(visit, told=refused.told, form=form)
    told = BulkShape.model_validate_json(done.body)
    return await _queue(visit, outcomes=told.rows, position=done.position)


async def keep(visit: Visit) -> Response:
    """Keep what the queue is asked for under a name, or forget it."""
    form, team = await visit.form(), _team(visit)
    name = text(form, "name").strip()
    path, kept = f"/me/filters/{quote(name, safe='')}", text(form, "query")
    try:
        if text(form, "go") == "forget":
            await visit.api.delete(path, csrf=text(form, "csrf"))
        else:
            body = {"team": team, "query": _query(dict(parse_qsl(kept)))}
            await visit.api.put(path, body, csrf=text(form, "csrf"))
    except NotDone as refused:
        return await _queue(visit, told=refused.told)
    return visit.to(f"/queues/{team}" + (f"?{kept}" if kept else ""))


async def _queue(
    visit: Visit,
    *,
    told: Told | None = None,
    form: FormData | None = None,
    outcomes: Sequence[BulkRowShape] = (),
    position: int | None = None,
) -> Response:
    team, seen = _team(visit), visit.position()
    if position is not None:
        visit = visit.after(position)
    found, nonsense = await _found(visit, team)
    told = told or nonsense
    asked = {name: visit.sought(name) for name in FILTERS}
    filters, colleagues = await asyncio.gather(
        visit.api.read("/me/filters", FiltersShape),
        visit.api.read(f"/teams/{team}/colleagues", ColleaguesShape),
    )
    return visit.page(
        "queue.html",
        status=status_after(told),
        team=visit.organisation.teams[TeamId(team)],
        rows=found.rows,
        more=_with(asked, after=found.after) if found.after else None,
        asked=asked,
        query=_with(asked),
        filters=[each for each in filters.filters if each.team == team],
        colleagues=colleagues.colleagues,
        called={str(each.person): each.name for each in colleagues.colleagues},
        teams=visit.organisation.teams.values(),
        services=visit.organisation.services.values(),
        told=told,
        chosen=() if form is None else several(form, "case"),
        outcomes={str(each.case): each for each in outcomes},
        seen=seen,
        today=visit.now().astimezone(COPENHAGEN).date(),
    )


async def _found(visit: Visit, team: str) -> tuple[QueueShape, Told | None]:
    """What is asked for; where that makes no sense, why, and the whole queue."""
    asked = {name: visit.sought(name) for name in (*FILTERS, "after")}
    try:
        return await visit.api.read(f"/queues/{team}", QueueShape, **asked), None
    except NotDone as refused:
        if refused.told.code != "invalid-input":
            raise
        return await visit.api.read(f"/queues/{team}", QueueShape), refused.told


def _query(written: Mapping[str, str]) -> dict[str, object]:
    """A filter as the API keeps it: yes, no and numbers are not text."""
    query: dict[str, object] = {name: written[name] for name in FILTERS if name in written}
    if "overdue" in query:
        query["overdue"] = query["overdue"] == "true"
    number = str(query.get("property", ""))
    if number.isascii() and number.isdigit():
        query["property"] = int(number)
    return query


def _with(asked: Mapping[str, str], **more: str) -> str:
    return urlencode({name: value for name, value in {**asked, **more}.items() if value})


def _team(visit: Visit) -> str:
    team = visit.asked("team")
    if TeamId(team) not in visit.organisation.teams:
        raise NoSuchPage
    return team


ROUTES: Final[Sequence[Route]] = (
    page_route("/queues/{team}", queue),
    page_route("/queues/{team}", act_on_many, methods=("POST",)),
    page_route("/queues/{team}/filters", keep, methods=("POST",)),
)
