"""Statistics: what was received, what is open, what was closed and how long that took."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, TypedDict, assert_never, cast, get_args
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.case import CaseClosed, CaseOpened, CaseReopened, CaseWithdrawn
from events.case_assignment import CaseTransferred
from events.case_deadline import DeadlineKind, DeadlineMissed
from events.envelope import Recorded
from events.ids import TeamId
from projections.projection import Projection, Rows
from projections.rows import kept, upsert

COLUMNS: Final = """
    case_id uuid PRIMARY KEY,
    team text NOT NULL,
    service text NOT NULL,
    received_on date NOT NULL,
    status text NOT NULL,
    ended_on date,
    missed_on date[] NOT NULL
"""
INDEXES: Final = ("(received_on)", "(ended_on)")

Fact: TypeAlias = (
    CaseOpened | CaseTransferred | CaseClosed | CaseReopened | CaseWithdrawn | DeadlineMissed
)
Db: TypeAlias = AsyncConnection[object]

OURS: Final = frozenset(DeadlineKind) - {DeadlineKind.OBJECTION}
"""The deadlines that the authority keeps or misses; an objection is the neighbour's to make."""

_COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of a span: `received`, `closed` and `withdrawn` in it, `open` at its end, `overdue` the
    deadlines whose last day fell in it and passed. `median_days` are calendar days from receipt
    to closing, exactly, over what was closed in it; None when nothing was.
    """

    received: int
    open: int
    closed: int
    withdrawn: int
    overdue: int
    median_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCounts(Counts):
    """Of one team and service in the span that begins on `first`."""

    first: date
    team: TeamId
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """None is every team, every service."""

    teams: Collection[TeamId] | None = None
    service: str | None = None


class CaseRow(TypedDict):
    case_id: str
    team: str
    service: str
    received_on: str
    status: str
    ended_on: str | None
    missed_on: list[str]


_COUNTS: Final = SQL(
    """
    count(*) FILTER (WHERE received_on BETWEEN first AND last)::int AS received,
    count(*) FILTER (WHERE ended_on IS NULL OR ended_on > last)::int AS open,
    count(*) FILTER (WHERE status = 'closed' AND ended_on <= last)::int AS closed,
    count(*) FILTER (WHERE status = 'withdrawn' AND ended_on <= last)::int AS withdrawn,
    coalesce(sum((SELECT count(*) FROM unnest(missed_on) AS day
        WHERE day BETWEEN first AND last)), 0)::int AS overdue,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ended_on - received_on)
        FILTER (WHERE status = 'closed' AND ended_on <= last) AS median_days
    """
)
# A case counts in every span that it was there for; what ended before is no part of it.
_CASES: Final = SQL(
    """
    FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS span (first, last)
    JOIN statistics ON received_on <= last AND (ended_on IS NULL OR ended_on >= first)
    WHERE (%(teams)s::text[] IS NULL OR team = ANY(%(teams)s))
        AND (%(service)s::text IS NULL OR service = %(service)s)
    """
)
_BY_TEAM: Final = SQL(" GROUP BY first, team, service ORDER BY first, team, service")


async def by_team(db: Db, spans: Sequence[Span], wanted: Wanted) -> list[TeamCounts]:
    """One row for each span, team and service that had anything in it."""
    select = SQL("SELECT first, team, service,") + _COUNTS + _CASES + _BY_TEAM
    async with db.cursor(row_factory=class_row(TeamCounts)) as cursor:
        await cursor.execute(select, _given(spans, wanted))
        return await cursor.fetchall()


async def in_all(db: Db, span: Span, wanted: Wanted) -> Counts:
    """All of it together; a median of medians would be wrong, so it is asked for by itself."""
    async with db.cursor(row_factory=class_row(Counts)) as cursor:
        await cursor.execute(SQL("SELECT") + _COUNTS + _CASES, _given([span], wanted))
        (found,) = await cursor.fetchall()
        return found


def _given(spans: Sequence[Span], wanted: Wanted) -> dict[str, object]:
    return {
        "firsts": [span.first for span in spans],
        "lasts": [span.last for span in spans],
        "teams": None if wanted.teams is None else list(wanted.teams),
        "service": wanted.service,
    }


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    facts = [(each, each.event) for each in batch if isinstance(each.event, Fact)]
    opened = {event.case_id for _, event in facts if isinstance(event, CaseOpened)}
    known = kept(db, table, "case_id", {event.case_id for _, event in facts} - opened)
    # The rows are our own, as the upsert of an earlier batch left them.
    rows = {row["case_id"]: row for row in cast("list[CaseRow]", known)}
    for recorded, event in facts:
        if isinstance(event, CaseOpened):
            rows[str(event.case_id)] = _opened(event)
        else:
            _evolve(rows[str(event.case_id)], event, recorded)
    upsert(db, table, ["case_id"], rows.values())


def _opened(event: CaseOpened) -> CaseRow:
    return CaseRow(
        case_id=str(event.case_id),
        team=event.team,
        service=event.service,
        received_on=event.received_on.isoformat(),
        status="open",
        ended_on=None,
        missed_on=[],
    )


def _evolve(
    row: CaseRow,
    event: CaseTransferred | CaseClosed | CaseReopened | CaseWithdrawn | DeadlineMissed,
    recorded: Recorded,
) -> None:
    match event:
        case CaseTransferred():
            # Whoever has the case answers for all of it: time spent elsewhere is the party's too.
            row["team"] = event.to_team
        case CaseClosed():
            row["status"], row["ended_on"] = "closed", event.closed_on.isoformat()
        case CaseWithdrawn():
            day = recorded.recorded_at.astimezone(_COPENHAGEN).date()
            row["status"], row["ended_on"] = "withdrawn", day.isoformat()
        case CaseReopened():
            row["status"], row["ended_on"] = "open", None
        case DeadlineMissed():
            if event.deadline in OURS:
                row["missed_on"] = [*row["missed_on"], event.due_on.isoformat()]
        case _:
            assert_never(event)


projection = Projection(
    name="statistics",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(Fact),
    project=project,
)
