"""The hearings that a team runs, and publishing one: written, looked at, then published."""

import json
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.routing import Route

from gateway.hearing_shapes import HearingIdShape, HearingKindsShape, HearingsShape
from gateway.shapes import UploadShape
from gateway.web.asking import NotDone, Told
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.hearing_form import HearingForm
from gateway.web.hearing_words import LAW, kinds
from gateway.web.paging import page_route
from gateway.web.visit import Visit

BELOW: Final = "/running-hearings"
STATES: Final = ("closed", "open", "concluded", "cancelled")
"""In the order in which something is to be done."""


async def running(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    teams = visit.me.teams
    # Asked first, so that whoever may not run hearings is told so.
    await visit.api.read("/hearing-kinds", HearingKindsShape)
    found = (await visit.api.read("/hearings", HearingsShape)).hearings
    own = [each for each in found if each.team in teams]
    groups = [(state, [each for each in own if each.state == state]) for state in STATES]
    return visit.page(
        "running-hearings.html",
        groups=[group for group in groups if group[1]],
        kinds=kinds(visit.language),
    )


async def begin(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    return await _form(visit, HearingForm.of(FormData(), visit.me.teams))


async def go_on(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    data = await visit.form(files=FILES_AT_MOST)
    teams = visit.me.teams
    try:
        typed = HearingForm.of(data, teams, await uploaded(visit, data))
    except NotDone as refused:
        return await _form(visit, HearingForm.of(data, teams), told=refused.told)
    return (
        await _form(visit, typed) if text(data, "go") == "edit" else await _on(visit, typed, data)
    )


async def _on(visit: Visit, typed: HearingForm, data: FormData) -> Response:
    """What was typed, changed once more, looked at or published."""
    if text(data, "go") == "edit":
        return await _form(visit, typed)
    known = await visit.api.read("/hearing-kinds", HearingKindsShape)
    if wrong := typed.wrong(known.kinds, visit.language):
        return await _form(visit, typed, wrong=list(wrong.items()))
    if text(data, "go") != "publish":
        return visit.page(
            "running-hearing-look.html", typed=typed, kinds=kinds(visit.language), told=None
        )
    try:
        done = await visit.send("/hearings", data, typed.body())
    except NotDone as refused:
        return await _form(visit, typed, told=refused.told)
    made = HearingIdShape.model_validate(json.loads(done.body))
    return visit.on(f"{BELOW}/{made.hearing}", done)


async def uploaded(visit: Visit, data: FormData) -> Sequence[UploadShape]:
    """The files that came with a form, kept.

    Raises:
        NotDone: one was refused.
    """
    files = [
        each for each in data.getlist("file") if isinstance(each, UploadFile) and each.filename
    ]
    return [await visit.upload(file, data) for file in files]


async def _form(
    visit: Visit,
    typed: HearingForm,
    *,
    wrong: Sequence[tuple[str, str]] = (),
    told: Told | None = None,
) -> Response:
    known = await visit.api.read("/hearing-kinds", HearingKindsShape)
    refused = 422 if wrong else 200
    return visit.page(
        "running-hearing-new.html",
        status=refused if told is None else told.status,
        typed=typed,
        known=known.kinds,
        kinds=kinds(visit.language),
        law=LAW,
        teams=[] if visit.me is None else visit.me.teams,
        wrong=wrong,
        errors=dict(wrong),
        told=told,
    )


ROUTES: Final[Sequence[Route]] = (
    page_route(BELOW, running),
    page_route(f"{BELOW}/new", begin),
    page_route(f"{BELOW}/new", go_on, methods=("POST",)),
)
