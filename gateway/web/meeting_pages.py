"""A team's meeting days: published, looked over, mended, and what became of each meeting."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from events.ids import TeamId
from gateway.meeting_days import MeetingDayShape, MeetingDaysShape
from gateway.web.asking import Done, NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.meeting_form import (
    MINUTES,
    SLOTS_AT_MOST,
    Unreadable,
    body_of,
    open_days,
    slot_of,
    slots,
    time_of,
)
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.words import translations
from services.catalogue.organisation import Team
from services.deadlines import local_date

BACK: Final = timedelta(days=14)
AHEAD: Final = timedelta(days=90)


async def days(visit: Visit) -> Response:
    return await _page(visit)


async def publish(visit: Visit) -> Response:
    """The chosen days, each with meetings one after another."""
    team, data = _team(visit), await visit.form()
    chosen = [each for each in data.getlist("day") if isinstance(each, str)]
    done: Done | None = None
    try:
        # All are read before the first is published.
        for day, meetings in [(day, _meetings(visit, data, _day(day))) for day in chosen]:
            done = await visit.put(f"/calendars/{team.id}/days/{day}", data, body_of([], meetings))
    except (NotDone, Unreadable) as refused:
        return await _page(visit, refused, data)
    if done is None:
        none = Unreadable(translations(visit.language).gettext("Choose at least one day."))
        return await _page(visit, none, data)
    return visit.on(f"/calendars/{team.id}", done)


async def act(visit: Visit) -> Response:
    """Add a time to a day, withdraw one that nobody has, or close the case of a meeting held."""
    team, data, day = _team(visit), await visit.form(), _day(visit.asked("day"))
    try:
        if visit.asked("act") == "held":
            done = await visit.send(f"/cases/{_case(data)}/close", data, {})
        else:
            known = await _known(visit, team, day, day)
            body = _changed(visit, data, day, known)
            done = await visit.put(f"/calendars/{team.id}/days/{day}", data, body)
    except (NotDone, Unreadable) as refused:
        return await _page(visit, refused, data)
    return visit.on(f"/calendars/{team.id}", done)


def _changed(
    visit: Visit, data: FormData, day: date, known: Sequence[MeetingDayShape]
) -> dict[str, object]:
    there = known[0].slots if known else []
    match visit.asked("act"):
        case "withdraw":
            return body_of([each for each in there if each.slot != text(data, "slot")], [])
        case "add":
            return body_of(there, _meetings(visit, data, day, among={each.slot for each in there}))
        case _:
            raise NoSuchPage


def _meetings(
    visit: Visit, data: FormData, day: date, among: Sequence[str] | set[str] = ()
) -> list[dict[str, str]]:
    """What was typed as meetings of one day; a name is told apart from those `among`.

    Raises:
        Unreadable: it makes none.
    """
    _ = translations(visit.language).gettext
    starts = time_of(text(data, "starts"), visit.language)
    ends = time_of(text(data, "ends"), visit.language)
    minutes = text(data, "minutes")
    place = text(data, "place").strip()
    if not minutes.isdecimal() or int(minutes) not in MINUTES:
        raise Unreadable(_("Choose how long each meeting is."))
    if not place:
        raise Unreadable(_("Write where the meetings are held."))
    found = list(slots(day, starts, ends, int(minutes)))
    if not 0 < len(found) <= SLOTS_AT_MOST:
        raise Unreadable(_("No meeting fits between these times. The end must be later."))
    made = []
    for begin, end in found:
        stem = f"{visit.asked('team')}.{day}.{begin:%H%M}"
        number = next(n for n in range(1, len(among) + 2) if f"{stem}-{n}" not in among)
        made.append(slot_of(begin, end, place, f"{stem}-{number}"))
    return made


async def _page(
    visit: Visit, refused: NotDone | Unreadable | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    team, today = _team(visit), local_date(visit.now())
    known = await _known(visit, team, today - BACK, today + AHEAD)
    told = _told(visit, refused)
    return visit.page(
        "meeting-days.html",
        status=status_after(told),
        team=team,
        coming=[each for each in known if each.day >= today],
        past=[each for each in reversed(known) if each.day < today],
        free=open_days(team, visit.organisation.calendar, today, known),
        minutes=MINUTES,
        now=visit.now(),
        told=told,
        typed=typed or FormData(),
    )


async def _known(visit: Visit, team: Team, first: date, last: date) -> list[MeetingDayShape]:
    query = {"from": first.isoformat(), "to": last.isoformat()}
    return (await visit.api.read(f"/calendars/{team.id}/days", MeetingDaysShape, **query)).days


def _told(visit: Visit, refused: NotDone | Unreadable | None) -> Told | None:
    if refused is None:
        return None
    if isinstance(refused, NotDone):
        return refused.told
    title = translations(visit.language).gettext("Something must be mended")
    return Told(type="", title=title, status=422, detail=str(refused))


def _team(visit: Visit) -> Team:
    found = visit.organisation.teams.get(TeamId(visit.asked("team")))
    if found is None:
        raise NoSuchPage
    return found


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as nothing:
        raise NoSuchPage from nothing


def _case(data: FormData) -> UUID:
    try:
        return UUID(text(data, "case"))
    except ValueError:
        return UUID(int=0)


ROUTES: Final[Sequence[Route]] = (
    page_route("/calendars/{team}", days),
    page_route("/calendars/{team}", publish, methods=("POST",)),
    page_route("/calendars/{team}/days/{day}/{act}", act, methods=("POST",)),
)
