"""When somebody is away, and who stands in: one's own, and those of colleagues whom one leads."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.colleagues import AbsencesShape
from gateway.teams import ColleagueShape, ColleaguesShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import Visit
from gateway.web.work_acts import given
from services.authorisation import Action

ME: Final = "me"


async def absences(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    return await _absences(visit, visit.sought("person") or ME)


async def record(visit: Visit) -> Response:
    """An absence, or that one does not come to pass."""
    form = await visit.form()
    person = text(form, "person") or ME
    below = f"/colleagues/{person}/absences"
    try:
        if text(form, "act") == "cancel":
            done = await visit.send(f"{below}/{text(form, 'absence')}/cancel", form, {})
        else:
            body = given(form, "first_day", "last_day", "substitute")
            done = await visit.send(below, form, body)
    except NotDone as refused:
        return await _absences(visit, person, refused.told, form)
    shown = f"/absences?person={person}&position={done.position}"
    return visit.to(shown)


async def _absences(
    visit: Visit, person: str, told: Told | None = None, form: FormData | None = None
) -> Response:
    found = (await visit.api.read(f"/colleagues/{person}/absences", AbsencesShape)).absences
    colleagues = await _colleagues(visit)
    return visit.page(
        "absences.html",
        status=status_after(told),
        person=person,
        absences=found,
        colleagues=colleagues,
        called={str(each.person): each.name for each in colleagues},
        # Whose numbers somebody may see they lead; whose absence, the API says again.
        leads=visit.me is not None and Action.SEE_STATISTICS in visit.me.may,
        told=told,
        form=form or FormData(),
    )


async def _colleagues(visit: Visit) -> Sequence[ColleagueShape]:
    """All of one's teams, each once."""
    teams = () if visit.me is None else visit.me.teams
    found = await asyncio.gather(
        *(visit.api.read(f"/teams/{team}/colleagues", ColleaguesShape) for team in teams)
    )
    each_once = {each.person: each for team in found for each in team.colleagues}
    return sorted(each_once.values(), key=lambda each: each.name)


ROUTES: Final[Sequence[Route]] = (
    page_route("/absences", absences),
    page_route("/absences", record, methods=("POST",)),
)
