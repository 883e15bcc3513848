"""A party's cases: all of them, one with all that concerns it, and what the party does there."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.routing import Route

from gateway.case_shapes import CaseShape, TimelineShape
from gateway.lookup_shapes import ReadsShape
from gateway.party_shapes import PartiesShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.case_acts import ACTS
from gateway.web.course import course_of
from gateway.web.forms_sent import FILES_AT_MOST
from gateway.web.my_cases import ENDED
from gateway.web.paging import page_route
from gateway.web.story import DULL, SAID, story_of
from gateway.web.visit import NoSuchPage, Visit
from services.catalogue.service import ComplaintOver, Service

ABOUT_A_CASE: Final = ("complaint", "access-request")
"""Kinds of services that may be about another case."""


async def case(visit: Visit) -> Response:
    if visit.is_staff:
        return visit.to(f"/work/{visit.asked('case')}")
    return await _case(visit)


async def act(visit: Visit) -> Response:
    """Write, add documents, answer what is asked, withdraw: what a form of the page asks for."""
    data = await visit.form(files=FILES_AT_MOST)
    reading = ACTS.get(visit.asked("act"))
    if reading is None:
        raise NoSuchPage
    below = _below(visit)
    try:
        wanted = reading(data, await _uploaded(visit, data))
        done = await visit.send(below + wanted.path, data, {**wanted.body})
    except NotDone as refused:
        return await _case(visit, refused.told, data)
    return visit.on(below, done, fragment=wanted.shown_at)


async def receipt(visit: Visit) -> Response:
    """What the party is told when a case has been opened: it stands on the case all along."""
    below = _below(visit)
    shown, told = await asyncio.gather(
        visit.api.read(below, CaseShape), visit.api.read(f"{below}/timeline", TimelineShape)
    )
    return visit.page("case-receipt.html", case=shown, story=story_of(shown, told.entries))


async def _case(
    visit: Visit, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    below = _below(visit)
    shown, told, reads, parties = await asyncio.gather(
        visit.api.read(below, CaseShape),
        visit.api.read(f"{below}/timeline", TimelineShape),
        visit.api.read(f"{below}/reads", ReadsShape),
        visit.api.read(f"{below}/parties", PartiesShape),
    )
    return visit.page(
        "case.html",
        status=status_after(refused),
        case=shown,
        course=course_of(shown, told.entries, visit.language),
        story=story_of(shown, told.entries),
        reads=reads,
        parties=parties.parties,
        services=_services_about(visit, shown),
        told=refused,
        act=visit.request.path_params.get("act", ""),
        typed=typed or FormData(),
        is_open=shown.status not in ENDED,
        now=visit.now(),
        dull=sorted(DULL),
        said=sorted(SAID),
    )


def _services_about(visit: Visit, shown: CaseShape) -> Sequence[Service]:
    """What else one can ask for about this case; a complaint only over what was decided."""
    is_decided = shown.decision is not None and shown.decision.dispatched_on is not None
    return [
        service
        for service in visit.organisation.services.values()
        if service.kind in ABOUT_A_CASE
        and (is_decided or service.complaint_over is not ComplaintOver.DECISION)
    ]


async def _uploaded(visit: Visit, data: FormData) -> list[str]:
    files = [
        each for each in data.getlist("file") if isinstance(each, UploadFile) and each.filename
    ]
    return [str((await visit.upload(file, data)).id) for file in files]


def _below(visit: Visit) -> str:
    return f"/cases/{visit.asked('case')}"


ROUTES: Final[Sequence[Route]] = (
    page_route("/cases/{case}", case),
    page_route("/cases/{case}/receipt", receipt),
    page_route("/cases/{case}/{act}", act, methods=("POST",)),
)
