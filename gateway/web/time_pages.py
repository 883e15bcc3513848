"""Choosing when to meet: a team's free times, a week at a time; one is held while one fills in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.case_shapes import CaseShape
from gateway.offer_shapes import ServiceShape
from gateway.shapes import HoldShape, SlotsShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.weeks import weeks_of
from services.catalogue.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """`title` is what one meets about, `below` its page, `can_wait` whether one can stand in line.

    `before` is the meeting that is to be moved.
    """

    title: str
    below: str
    above: Sequence[tuple[str, str]]
    team: str
    can_wait: bool
    offered: ServiceShape | None = None
    before: CaseShape | None = None


async def times(visit: Visit) -> Response:
    service = _meeting(visit)
    if visit.me is None:
        return visit.to_login()
    return await _page(visit, await _of_service(visit, service))


async def take(visit: Visit) -> Response:
    """Hold a time; whoever stands in line for a day on which none is left goes on without."""
    service, data = _meeting(visit), await visit.form()
    slot, _, on = text(data, "wait").partition(" ")
    carried = {"slot": slot, "if_taken": "wait", "starts_at": on}
    if not slot:
        try:
            carried = await _held(visit, service, data)
        except NotDone as refused:
            return await _page(visit, await _of_service(visit, service), refused.told)
    return visit.to(f"/services/{service.id}/form?{urlencode(carried)}")


async def other_times(visit: Visit) -> Response:
    """Times to move a booked meeting to."""
    return await _page(visit, await _of_case(visit))


async def move(visit: Visit) -> Response:
    below, data = f"/cases/{visit.asked('case')}", await visit.form()
    try:
        done = await visit.send(
            f"{below}/reschedule", data, {"slot": text(data, "slot").partition(" ")[0]}
        )
    except NotDone as refused:
        return await _page(visit, await _of_case(visit), refused.told)
    return visit.on(below, done, fragment="meeting")


async def _held(visit: Visit, service: Service, data: FormData) -> dict[str, str]:
    slot, _, starts_at = text(data, "slot").partition(" ")
    done = await visit.send(f"/calendars/{service.team}/holds", data, {"slot": slot})
    held = HoldShape.model_validate_json(done.body)
    until = {} if held.expires_at is None else {"held_until": held.expires_at.isoformat()}
    return {"slot": slot, "starts_at": starts_at, **until}


async def _of_service(visit: Visit, service: Service) -> Occasion:
    offered = await visit.api.read(f"/services/{service.id}", ServiceShape)
    below = f"/services/{service.id}"
    return Occasion(
        title=offered.title,
        below=below,
        above=[(visit.here(below), offered.title)],
        team=service.team,
        can_wait=True,
        offered=offered,
    )


async def _of_case(visit: Visit) -> Occasion:
    below = f"/cases/{visit.asked('case')}"
    shown = await visit.api.read(below, CaseShape)
    return Occasion(
        title=shown.subject,
        below=below,
        above=[(visit.here("/cases"), shown.reference), (visit.here(below), shown.subject)],
        team=shown.team,
        can_wait=False,
        before=shown,
    )


async def _page(visit: Visit, occasion: Occasion, refused: Told | None = None) -> Response:
    found = await visit.api.read(f"/calendars/{occasion.team}/slots", SlotsShape)
    weeks = weeks_of(found.slots, found.full_days)
    wanted = visit.sought("week")
    chosen = next((each for each in weeks if each.name == wanted), None)
    first = next((each for each in weeks if each.free), weeks[0] if weeks else None)
    week = chosen or first
    places = {slot.place for slot in found.slots}
    return visit.page(
        "times.html",
        status=status_after(refused),
        occasion=occasion,
        action=visit.here(f"{occasion.below}/times"),
        weeks=weeks,
        week=week,
        place=places.pop() if len(places) == 1 else None,
        told=refused,
    )


def _meeting(visit: Visit) -> Service:
    service = visit.organisation.services.get(visit.asked("service"))
    if service is None or service.kind != "meeting":
        raise NoSuchPage
    return service


ROUTES: Final[Sequence[Route]] = (
    page_route("/services/{service}/times", times),
    page_route("/services/{service}/times", take, methods=("POST",)),
    page_route("/cases/{case}/times", other_times),
    page_route("/cases/{case}/times", move, methods=("POST",)),
)
