"""Routes for statistics, as JSON and as a file for a spreadsheet."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway import bodies
from gateway.asked import Asked
from gateway.colleagues import today
from gateway.csv_file import MEDIA_TYPE, Cell, csv_file
from gateway.door import admit
from gateway.fields import Day, Line
from gateway.language import in_language
from gateway.negotiation import prefers
from gateway.openapi import Responses, problems_of
from gateway.problems import invalid
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from gateway.wording import headings
from projections import statistics
from projections.statistics import Counts, Span, TeamCounts, Wanted
from services.authorisation import Action, Resource, may

YEARS_AT_MOST: Final = 10
COLUMNS: Final = (
    "month", "team", "service", "received", "open", "closed", "withdrawn", "overdue", "median_days",
)  # fmt: skip

_FILE: Final[Responses] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}

router: Final = router_of("statistics", "/statistics")


class StatisticsQuery(bodies.Query):
    """From and to are days, both included; this year until today where they are left out."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None
    team: Line | None = None
    service: Line | None = None


class CountsShape(Shape):
    """`open` is how many were open at the end; `overdue` how many deadlines passed unmet.

    `median_days` are calendar days from receipt to closing, exactly, null when none was closed.
    """

    received: int
    open: int
    closed: int
    withdrawn: int
    overdue: int
    median_days: float | None


class MonthShape(CountsShape):
    """Of one team and service in one month (`2026-11`), as far as it was asked for.

    A case counts for the team that has it now; one that was reopened counts as not closed.
    """

    month: str
    team: str
    service: str


class StatisticsShape(Shape):
    first_day: date
    last_day: date
    rows: list[MonthShape]
    total: CountsShape


Asking: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_STATISTICS, "statistics"))]


@router.get(
    "",
    summary="Cases received, open, closed and overdue by month, team and service; also as CSV",
    response_model=StatisticsShape,
    responses=_FILE | problems_of("team-not-found"),
)
async def show_statistics(
    asked: Asking, query: Annotated[StatisticsQuery, Query()], request: Request
) -> Response:
    if prefers(request.headers.get("accept", ""), "text/csv", "application/json"):
        return await _file(asked, query)
    span, wanted = _span(asked, query), _wanted(asked, query)
    async with asked.organisation.reads.connection() as db:
        rows = await statistics.by_team(db, _months(span), wanted)
        total = await statistics.in_all(db, span, wanted)
    shape = StatisticsShape(
        first_day=span.first,
        last_day=span.last,
        rows=[_month(each) for each in rows],
        total=_counts(total),
    )
    answer = shaped(shape)
    answer.headers["Vary"] = "Accept"
    return answer


@router.get(
    ".csv",
    summary="The same as a file for a spreadsheet, in the reader's language",
    response_class=Response,
    responses=_FILE | problems_of("team-not-found"),
)
async def statistics_file(asked: Asking, query: Annotated[StatisticsQuery, Query()]) -> Response:
    return await _file(asked, query)


async def _file(asked: Asked, query: StatisticsQuery) -> Response:
    span, wanted = _span(asked, query), _wanted(asked, query)
    async with asked.organisation.reads.connection() as db:
        rows = await statistics.by_team(db, _months(span), wanted)
    named = headings(asked.language)
    body = csv_file(
        [named[column] for column in COLUMNS], [_line(asked, each) for each in rows], asked.language
    )
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Disposition": f'attachment; filename="{span.first}-{span.last}.csv"',
        "Content-Language": asked.language,
        "Vary": "Accept, Accept-Language",
    }
    return Response(body, headers=headers)


def _span(asked: Asked, query: StatisticsQuery) -> Span:
    """The days that are asked for.

    Raises:
        Problem: `invalid-input`, they are backwards or too many.
    """
    last = query.to or today(asked)
    first = query.from_ or date(last.year, 1, 1)
    if last < first:
        raise invalid("to", "input-out-of-range", limit=first.isoformat())
    earliest = last - timedelta(days=366 * YEARS_AT_MOST)
    if first < earliest:
        raise invalid("from", "input-out-of-range", limit=earliest.isoformat())
    return Span(first=first, last=last)


def _months(span: Span) -> list[Span]:
    months, first = [], span.first
    while first <= span.last:
        # The 28th is in every month, and four days later the next has begun.
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        months.append(Span(first=first, last=min(following - timedelta(days=1), span.last)))
        first = following
    return months


def _wanted(asked: Asked, query: StatisticsQuery) -> Wanted:
    """A team leader sees the teams they lead, and an auditor those that are no more as well."""
    if query.team is not None:
        return Wanted(teams=[asked.team(query.team)], service=query.service)
    here = Resource(organisation=asked.organisation.name)
    if may(asked.actor, Action.SEE_ALL_STATISTICS, here):
        return Wanted(service=query.service)
    return Wanted(teams=asked.teams(), service=query.service)


def _month(row: TeamCounts) -> MonthShape:
    return MonthShape(
        **dict(_counts(row)), month=f"{row.first:%Y-%m}", team=row.team, service=row.service
    )


def _counts(counts: Counts) -> CountsShape:
    return CountsShape(
        received=counts.received,
        open=counts.open,
        closed=counts.closed,
        withdrawn=counts.withdrawn,
        overdue=counts.overdue,
        median_days=counts.median_days,
    )


def _line(asked: Asked, row: TeamCounts) -> Sequence[Cell]:
    """With teams and services by the names people know; what is no more, by its id."""
    team = asked.names.get(f"team:{row.team}")
    service = asked.organisation.catalogue.services.get(row.service)
    return (
        f"{row.first:%Y-%m}",
        row.team if team is None else in_language(team, asked.language),
        row.service if service is None else service.title.read_in(asked.language.value),
        row.received,
        row.open,
        row.closed,
        row.withdrawn,
        row.overdue,
        row.median_days,
    )
