"""The tenders that a team runs, and drafting one."""

import json
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.tender_shapes import RunningTendersShape, TenderIdShape, TenderRowShape
from gateway.web.asking import NotDone, Told
from gateway.web.paging import page_route
from gateway.web.tender_form import TenderForm
from gateway.web.tender_pages import in_order
from gateway.web.tender_words import procedures, state_words, team_tasks
from gateway.web.visit import Visit

BELOW: Final = "/running-tenders"
GROUPS: Final = (
    ("doing", ("draft", "closed", "opened", "awarded")),
    ("open", ("open",)),
    ("over", ("concluded", "cancelled")),
)
"""In the order in which something is to be done."""


async def running(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = (await visit.api.read("/running-tenders", RunningTendersShape)).tenders
    tasks = team_tasks(found, visit.language)
    groups = [
        (
            name,
            [each for each in found if name == ("doing" if each.tender in tasks else _group(each))],
        )
        for name, _ in GROUPS
    ]
    return visit.page(
        "running-tenders.html",
        groups=[(name, in_order(rows)) for name, rows in groups if rows],
        states={each.tender: state_words(each, visit.language) for each in found},
        tasks=tasks,
    )


def _group(tender: TenderRowShape) -> str:
    return next(name for name, states in GROUPS if tender.state in states)


async def begin(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    # Asked so that whoever may not run tenders is told so.
    await visit.api.read("/running-tenders", RunningTendersShape)
    return _form(visit, TenderForm.of(FormData(), visit.me.teams))


async def draft(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    data = await visit.form()
    typed = TenderForm.of(data, visit.me.teams)
    if wrong := typed.wrong(visit.language):
        return _form(visit, typed, wrong=list(wrong.items()))
    try:
        done = await visit.send("/tenders", data, typed.body())
    except NotDone as refused:
        return _form(visit, typed, told=refused.told)
    made = TenderIdShape.model_validate(json.loads(done.body))
    return visit.on(f"{BELOW}/{made.tender}", done)


def _form(
    visit: Visit,
    typed: TenderForm,
    *,
    wrong: Sequence[tuple[str, str]] = (),
    told: Told | None = None,
) -> Response:
    refused = 422 if wrong else 200
    return visit.page(
        "running-tender-new.html",
        status=refused if told is None else told.status,
        typed=typed,
        procedures=procedures(visit.language),
        teams=[] if visit.me is None else visit.me.teams,
        wrong=wrong,
        errors=dict(wrong),
        told=told,
    )


ROUTES: Final[Sequence[Route]] = (
    page_route(BELOW, running),
    page_route(f"{BELOW}/new", begin),
    page_route(f"{BELOW}/new", draft, methods=("POST",)),
)
