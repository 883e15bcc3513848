"""An auditor's pages of one case: event by event, between two moments, who looked, taken along."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.audit_shapes import (
    CaseAsItWasShape,
    DifferencesShape,
    ExportShape,
    FoundCasesShape,
    HistoryShape,
    RecordedShape,
)
from gateway.lookup_shapes import LookupsShape
from gateway.web.audit_events import TITLES
from gateway.web.audit_telling import Changed, Teller
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.words import translations
from services.deadlines import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event among those of a case; `number` counts from 1, `title` says what it is."""

    number: int
    title: str
    event: RecordedShape

    @property
    def at(self) -> datetime:
        return self.event.recorded_at

    @property
    def day(self) -> date:
        return local_date(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that is recorded of a case, in order."""

    case: str
    reference: str
    subject: str
    moments: Sequence[Moment]
    teller: Teller

    def moment(self, number: str) -> Moment:
        """Number so and so; the last where none is asked for.

        Raises:
            NoSuchPage: there is none.
        """
        if not number:
            return self.moments[-1]
        if not number.isdecimal() or not 1 <= int(number) <= len(self.moments):
            raise NoSuchPage
        return self.moments[int(number) - 1]


async def find(visit: Visit) -> Response:
    """Without anything sought, only where one begins."""
    sought = visit.sought("q")
    found = None
    if sought:
        found = (await visit.api.read("/audit/cases", FoundCasesShape, q=sought)).cases
    elif visit.me is None:
        return visit.to_login()
    return visit.page("audit.html", sought=sought, found=found, services=_titles(visit))


async def replay(visit: Visit) -> Response:
    """The case at the moment of one event, and what that event changed."""
    course = await _course(visit)
    moment = course.moment(visit.sought("event"))
    place, below = moment.event.position, f"/audit/cases/{course.case}"
    was, changed = await asyncio.gather(
        visit.api.read(below, CaseAsItWasShape, position=str(place)),
        visit.api.read(
            f"{below}/differences", DifferencesShape, earlier=str(place - 1), later=str(place)
        ),
    )
    return visit.page(
        "audit-replay.html",
        course=course,
        moment=moment,
        said=list(course.teller.lines(moment.event.payload)),
        state=list(course.teller.lines(was.state)),
        version=was.version,
        changes=_changes(course, changed),
        titles=_titles(visit),
    )


async def compare(visit: Visit) -> Response:
    """What differs between two moments; 0 is before the case was opened."""
    course = await _course(visit)
    later = course.moment(visit.sought("later"))
    earlier = visit.sought("earlier") or "0"
    before = None if earlier == "0" else course.moment(earlier)
    if before is not None and before.number > later.number:
        before, later = later, before
    found = await visit.api.read(
        f"/audit/cases/{course.case}/differences",
        DifferencesShape,
        earlier="0" if before is None else str(before.event.position),
        later=str(later.event.position),
    )
    return visit.page(
        "audit-compare.html",
        course=course,
        earlier=before,
        later=later,
        changes=_changes(course, found),
    )


async def reads(visit: Visit) -> Response:
    """Who looked at the case, the last first."""
    course = await _course(visit)
    found = await visit.api.read(
        "/audit/reads", LookupsShape, case=course.case, after=visit.sought("after"), limit="100"
    )
    return visit.page("audit-reads-of-case.html", course=course, reads=found)


async def export(visit: Visit) -> Response:
    """Files of all events, each with what it is checked by."""
    course = await _course(visit)
    found = await visit.api.read(f"/audit/cases/{course.case}/export", ExportShape)
    return visit.page("audit-export.html", course=course, export=found)


async def _course(visit: Visit) -> Course:
    case = visit.asked("case")
    told = await visit.api.read(f"/audit/cases/{case}/events", HistoryShape)
    _ = translations(visit.language).gettext
    opened = told.events[0].payload
    return Course(
        case=case,
        reference=str(opened.get("reference", case)),
        subject=str(opened.get("subject", "")),
        moments=[
            Moment(number=number, title=_(TITLES[each.name.rpartition(".")[0]]), event=each)
            for number, each in enumerate(told.events, 1)
        ],
        teller=Teller(language=visit.language, names=told.names, organisation=visit.organisation),
    )


def _changes(course: Course, found: DifferencesShape) -> list[Changed]:
    tell = course.teller.changed
    return [tell(each.place, each.was, each.now) for each in found.differences]


def _titles(visit: Visit) -> Mapping[str, str]:
    """What services are called, by `id.version`, as the log has them."""
    return {
        f"{service.id}.{service.version}": service.title.read_in(visit.language.value)
        for service in visit.organisation.versions.values()
    }


ROUTES: Final[Sequence[Route]] = (
    page_route("/audit", find),
    page_route("/audit/cases/{case}", replay),
    page_route("/audit/cases/{case}/differences", compare),
    page_route("/audit/cases/{case}/reads", reads),
    page_route("/audit/cases/{case}/export", export),
)
