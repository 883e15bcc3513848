"""A committee as its members see it; their keys never leave their browsers."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.committee_shapes import CommitteeShape
from gateway.step_up import CODES as PROVE_AGAIN
from gateway.tender_shapes import CommitteeTendersShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.tender_pages import in_order
from gateway.web.tender_words import days_left, own_tasks, state_words
from gateway.web.visit import NoSuchPage, Visit

ACTS: Final = {"sit": "sittings", "lost": "committee/lost"}


async def committees(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = (await visit.api.read("/committees", CommitteeTendersShape)).tenders
    tasks = own_tasks(found, visit.language)
    return visit.page(
        "committees.html",
        to_do=in_order([each for each in found if each.tender in tasks]),
        others=in_order([each for each in found if each.tender not in tasks]),
        tasks=tasks,
        states={each.tender: state_words(each, visit.language) for each in found},
    )


async def committee(visit: Visit) -> Response:
    return await _page(visit)


async def act(visit: Visit) -> Response:
    """To sit down to open, or to say that one's key is lost."""
    data = await visit.form()
    path = ACTS.get(visit.asked("act"))
    if path is None:
        raise NoSuchPage
    if visit.asked("act") == "lost" and text(data, "sure") != "yes":
        return await _page(visit, typed=data)
    try:
        done = await visit.send(f"/tenders/{visit.asked('tender')}/{path}", data, {})
    except NotDone as refused:
        return await _page(visit, refused.told, data)
    return visit.on(f"/committees/{visit.asked('tender')}", done)


async def _page(
    visit: Visit, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = await visit.api.read(f"/committees/{visit.asked('tender')}", CommitteeShape)
    prove = None
    if refused is not None and refused.code in PROVE_AGAIN:
        prove = visit.prove_address(refused)
    # Of those that are completed nothing is left to do.
    found = found.model_copy(
        update={"replacements": [e for e in found.replacements if not e.is_completed]}
    )
    me = next((each for each in found.members if each.member == found.me), None)
    return visit.page(
        "committee.html",
        status=status_after(refused),
        found=found,
        tender=found.tender,
        sealed=found.model_dump(mode="json", include={"shares", "members", "replacements"}),
        mine=me,
        state=state_words(found.tender, visit.language),
        told=refused,
        prove=prove,
        is_unsure=typed is not None and refused is None,
        days_left=days_left(found.tender, visit.now()),
        now=visit.now(),
    )


ROUTES: Final[Sequence[Route]] = (
    page_route("/committees", committees),
    page_route("/committees/{tender}", committee),
    page_route("/committees/{tender}/{act}", act, methods=("POST",)),
)
