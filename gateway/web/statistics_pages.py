"""Figures for those who answer for a team, and for auditors: charts, each with its table."""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from events.ids import TeamId
from gateway.hearing_shapes import HearingRowShape, HearingsShape
from gateway.language import in_language
from gateway.offer_shapes import ServiceShape
from gateway.statistics import StatisticsShape
from gateway.web.asking import NotDone
from gateway.web.charts import Row, columns, lying
from gateway.web.figures import MONTHS_AT_MOST, Pace, by_month, heard, pace
from gateway.web.paging import page_route
from gateway.web.visit import Visit
from gateway.web.words import days, month

NOTHING: Final = "\N{EN DASH}"
FILTERS: Final = ("from", "to", "team", "service")


async def statistics(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    query = {name: visit.sought(name) for name in FILTERS}
    try:
        found = await visit.api.read("/statistics", StatisticsShape, **query)
    except NotDone as refused:
        if refused.told.code != "invalid-input":
            raise
        return visit.page(
            "statistics.html",
            status=refused.told.status,
            told=refused.told,
            found=None,
            query=query,
            teams=_teams(visit),
        )
    return await _shown(visit, found, query)


async def _shown(visit: Visit, found: StatisticsShape, query: dict[str, str]) -> Response:
    first, last = found.first_day, found.last_day
    span = {**query, "from": first.isoformat(), "to": last.isoformat()}
    months = by_month(found.rows, first, last)
    names = sorted({each.service for each in found.rows})
    paces = await asyncio.gather(*(_pace(visit, name, span) for name in names))
    hearings = (await visit.api.read("/hearings", HearingsShape)).hearings
    shown = heard([each for each in hearings if query["team"] in {"", each.team}], first, last)
    recent = months[-MONTHS_AT_MOST:]
    named = [(month(each.first, visit.language, is_short=True), each) for each in recent]
    return visit.page(
        "statistics.html",
        told=None,
        found=found,
        query=span,
        teams=_teams(visit),
        csv=urlencode({name: value for name, value in span.items() if value}),
        months=months,
        paces=paces,
        hearings=shown,
        flow=columns([(name, (each.received, each.closed)) for name, each in named]),
        late=columns([(name, (each.overdue,)) for name, each in named]),
        pace_chart=lying([_row(visit, each) for each in paces]),
        heard_chart=lying([_heard(each) for each in shown]),
    )


async def _pace(visit: Visit, service: str, span: dict[str, str]) -> Pace:
    counted = await visit.api.read("/statistics", StatisticsShape, **{**span, "service": service})
    try:
        offered = await visit.api.read(f"/services/{service}", ServiceShape)
    except NotDone:
        # It is not offered any more, and so aims at nothing.
        return pace(service, counted.total, None, visit.language)
    return pace(offered.title, counted.total, offered.processing_target, visit.language)


def _row(visit: Visit, each: Pace) -> Row:
    median = each.counts.median_days
    said = NOTHING if median is None else days(median, visit.language)
    return Row(name=_cut(each.name), value=median, said=said, target=each.target)


def _heard(each: HearingRowShape) -> Row:
    return Row(name=_cut(each.title), value=each.responses, said=str(each.responses))


def _cut(name: str) -> str:
    """What there is room for beside a bar; the table has all of it."""
    return name if len(name) <= NAME_AT_MOST else f"{name[: NAME_AT_MOST - 1].rstrip()}…"


NAME_AT_MOST: Final = 36


def _teams(visit: Visit) -> Sequence[tuple[str, str]]:
    """Those one may choose among: a leader's own, or all for who answers for none."""
    own = [] if visit.me is None else visit.me.teams
    known = visit.organisation.teams
    chosen = [TeamId(each) for each in own if each in known] or list(known)
    return [(each, in_language(known[each].name, visit.language)) for each in chosen]


ROUTES: Final[Sequence[Route]] = (page_route("/statistics", statistics),)
