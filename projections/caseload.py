"""Caseload: every case as it stands now, whose turn it is, and in what order to take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL

from events.ids import ActorId, CalendarDayId, CaseId, HearingId, PartyId, TeamId
from projections.case_facts import CASE_FACTS
from projections.caseload_deadlines import DeadlineRow
from projections.caseload_parts import MeetingRow, NextStepRow
from projections.caseload_rows import project
from projections.projection import Projection

COLUMNS = """
    case_id uuid PRIMARY KEY,
    reference text NOT NULL,
    kind text NOT NULL,
    service text NOT NULL,
    service_version integer NOT NULL,
    team text NOT NULL,
    party text NOT NULL,
    subject text NOT NULL,
    received_on date NOT NULL,
    due_on date,
    deadlines jsonb NOT NULL,
    status text NOT NULL,
    assigned_to text,
    waiting_for text,
    hearing_of jsonb NOT NULL,
    hearing uuid,
    meeting jsonb,
    waiting_day text,
    next_steps jsonb NOT NULL,
    esdh_number text,
    journal text NOT NULL,
    journalling jsonb NOT NULL,
    undelivered jsonb NOT NULL,
    post_failed integer NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL
"""
INDEXES: Final = (
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE status = 'open'",
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE status <> 'open'",
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE journal <> 'journalised'",
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE post_failed > 0",
    "(party)",
    "(reference)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadEntry:
    """`status` is open, closed or withdrawn.

    `due_on` is the earliest day by which something is still to be done, None when there is no
    such day or the case is not open. `waiting_for` is who must act now, or what is awaited:
    caseworker, party, hearing, meeting or slot; None when the case is not open. `hearing_of` is
    each party that is heard or was, as the matter stands, and whether its answer is still awaited.
    `waiting_day` is the day on whose waiting list the case stands. `journal` is on-its-way until
    the opening lies in the records system, and journalised then; choice, refused or difference
    while somebody must see to it. `is_journalised` says the former whatever else is the matter.
    `esdh_number` is the number of its case there. `post_failed` is how many messages about the case
    could not be delivered and wait for somebody. `version` and `position` are the case's own.
    """

    case_id: CaseId
    reference: str
    kind: str
    service: str
    service_version: int
    team: TeamId
    party: PartyId
    subject: str
    received_on: date
    due_on: date | None
    deadlines: list[DeadlineRow]
    status: str
    assigned_to: ActorId | None
    waiting_for: str | None
    hearing_of: dict[str, bool]
    hearing: HearingId | None
    meeting: MeetingRow | None
    waiting_day: CalendarDayId | None
    next_steps: list[NextStepRow]
    esdh_number: str | None
    journal: str
    is_journalised: bool
    post_failed: int
    version: int
    position: int


SELECT: Final = SQL(
    "SELECT case_id, reference, kind, service, service_version, team, party, subject,"
    " received_on, due_on, deadlines, status, assigned_to, waiting_for, hearing_of, hearing,"
    " meeting, waiting_day, next_steps, esdh_number, journal,"
    " (journalling->>'is_there')::boolean AS is_journalised, post_failed,"
    " version, position FROM caseload "
)


async def of_party(db: AsyncConnection[object], party: PartyId) -> list[CaseloadEntry]:
    """All cases of a citizen or company, closed ones too, the last opened first."""
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        where = SQL("WHERE party = %s ORDER BY received_on DESC, case_id DESC")
        await cursor.execute(SELECT + where, (party,))
        return await cursor.fetchall()


async def several(db: AsyncConnection[object], cases: Sequence[CaseId]) -> list[CaseloadEntry]:
    """Those of the cases that this view knows, the last opened first."""
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        where = SQL("WHERE case_id = ANY(%s) ORDER BY received_on DESC, case_id DESC")
        await cursor.execute(SELECT + where, (list(cases),))
        return await cursor.fetchall()


async def teams_of(db: AsyncConnection[object], cases: Sequence[CaseId]) -> dict[CaseId, TeamId]:
    """Which team has each of the cases that this view knows."""
    asked = "SELECT case_id, team FROM caseload WHERE case_id = ANY(%s)"
    rows = await (await db.execute(asked, (list(cases),))).fetchall()
    return dict(cast("list[tuple[CaseId, TeamId]]", rows))


async def one(db: AsyncConnection[object], case_id: CaseId) -> CaseloadEntry | None:
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(SELECT + SQL("WHERE case_id = %s"), (case_id,))
        return await cursor.fetchone()


projection = Projection(
    name="caseload",
    version=6,
    columns=COLUMNS,
    indexes=INDEXES,
    only=CASE_FACTS,
    project=project,
    urgent=True,
)
