"""An auditor's pages of who looked at cases: a month's spot check, and looks from outside."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.language import Language, month_in_words
from gateway.lookup_shapes import LookupsShape, SpotCheckShape
from gateway.web.paging import page_route
from gateway.web.visit import Visit
from services.deadlines import local_date

MONTHS: Final = 12
SIZES: Final = (10, 20, 50, 100)
MONTHS_OF_A_YEAR: Final = 12


async def spot_check(visit: Visit) -> Response:
    """A month in figures, some looks drawn by lot, and those from outside a case's team."""
    months = dict(_months(local_date(visit.now()), visit.language))
    month = visit.sought("month") or next(iter(months))
    size = visit.sought("size") or "20"
    found = await visit.api.read("/audit/reads/spot-check", SpotCheckShape, month=month, size=size)
    outside = await visit.api.read(
        "/audit/reads", LookupsShape, outside="true", after=visit.sought("after"), limit="50"
    )
    return visit.page(
        "audit-reads.html",
        months=months,
        month=month,
        size=size,
        sizes=SIZES,
        found=found,
        outside=outside,
        teams=_teams(visit),
        made_at=visit.now(),
    )


def _months(today: date, language: Language) -> Iterator[tuple[str, str]]:
    """This month and those of a year before it, by `2026-11`, each in words."""
    year, month = today.year, today.month
    for _ in range(MONTHS + 1):
        yield f"{year}-{month:02}", month_in_words(date(year, month, 1), language)
        year, month = (year, month - 1) if month > 1 else (year - 1, MONTHS_OF_A_YEAR)


def _teams(visit: Visit) -> Mapping[str, str]:
    return {
        str(team.id): team.name.da if visit.language is Language.DANISH else team.name.en
        for team in visit.organisation.teams.values()
    }


ROUTES: Final[Sequence[Route]] = (page_route("/audit/reads", spot_check),)
