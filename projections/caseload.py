"""Caseload: every case as it stands now, whose turn it is, and in what order to take them."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

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
    hearing uuid,
    meeting jsonb,
    waiting_day text,
    next_steps jsonb NOT NULL,
    esdh_number text,
    journal text NOT NULL,
    journalling jsonb NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL
"""
INDEXES: Final = (
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE status = 'open'",
    "(team, (coalesce(due_on, 'infinity')), case_id) WHERE journal <> 'journalised'",
    "(party)",
    "(reference)",
)


class CursorInvalid(ValueError):
    """The cursor is none that a page of this queue has ended with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadEntry:
    """`status` is open, closed or withdrawn.

    `due_on` is the earliest day by which something is still to be done, None when there is no
    such day or the case is not open. `waiting_for` is who must act now, or what is awaited:
    caseworker, party, hearing, meeting or slot; None when the case is not open.
    `waiting_day` is the day on whose waiting list the case stands. `journal` is on-its-way until
    the opening lies in the records system, and journalised then; choice, refused or difference
    while somebody must see to it. `is_journalised` says the former whatever else is the matter.
    `esdh_number` is the number of its case there. `version` and `position` are the case's own.
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
    hearing: HearingId | None
    meeting: MeetingRow | None
    waiting_day: CalendarDayId | None
    next_steps: list[NextStepRow]
    esdh_number: str | None
    journal: str
    is_journalised: bool
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after` is the cursor of the next page, None on the last."""

    entries: Sequence[CaseloadEntry]
    after: str | None


_SELECT: Final = SQL(
    "SELECT case_id, reference, kind, service, service_version, team, party, subject,"
    " received_on, due_on, deadlines, status, assigned_to, waiting_for, hearing, meeting,"
    " waiting_day, next_steps, esdh_number, journal,"
    " (journalling->>'is_there')::boolean AS is_journalised, version, position FROM caseload "
)
_OPEN: Final = SQL("WHERE status = 'open'")
# Also a closed case's papers must get to where they belong.
_ON_THE_WAY: Final = SQL("WHERE journal <> 'journalised' AND journal = %(journal)s")
_QUEUE: Final = SQL(
    " AND team = %(team)s"
    " AND (%(assigned)s::text IS NULL OR assigned_to = %(assigned)s)"
    " AND (NOT %(unassigned)s OR assigned_to IS NULL)"
    " AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
    " AND (%(due_before)s::date IS NULL OR due_on < %(due_before)s)"
    " AND (%(like)s::text IS NULL OR reference ILIKE %(like)s OR subject ILIKE %(like)s)"
    " AND (%(after_case)s::uuid IS NULL OR (coalesce(due_on, 'infinity'), case_id)"
    " > (coalesce(%(after_due)s::date, 'infinity'), %(after_case)s))"
    " ORDER BY coalesce(due_on, 'infinity'), case_id LIMIT %(limit)s"
)


async def queue(
    db: AsyncConnection[object],
    team: TeamId,
    *,
    assigned: ActorId | None = None,
    unassigned: bool = False,
    kind: str | None = None,
    journal: str | None = None,
    due_before: date | None = None,
    q: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A team's open cases, the earliest deadline first and those without one last.

    `q` is looked for in reference and subject, without regard to case. With `journal`, closed
    cases too: all that stand so with the records system, which is anything but journalised.
    `after` is the cursor of the page before.

    Raises:
        CursorInvalid: `after` is no such cursor.
    """
    after_due, after_case = (None, None) if after is None else _read_cursor(after)
    given = {
        "team": team,
        "assigned": assigned,
        "unassigned": unassigned,
        "kind": kind,
        "journal": journal,
        "due_before": due_before,
        "like": None if q is None else f"%{_literal(q)}%",
        "after_due": after_due,
        "after_case": after_case,
        "limit": limit + 1,
    }
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(_SELECT + (_ON_THE_WAY if journal else _OPEN) + _QUEUE, given)
        found = await cursor.fetchall()
    more = len(found) > limit
    return Page(entries=found[:limit], after=_cursor(found[limit - 1]) if more else None)


async def of_party(db: AsyncConnection[object], party: PartyId) -> list[CaseloadEntry]:
    """All cases of a citizen or company, closed ones too, the last opened first."""
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        where = SQL("WHERE party = %s ORDER BY received_on DESC, case_id DESC")
        await cursor.execute(_SELECT + where, (party,))
        return await cursor.fetchall()


async def one(db: AsyncConnection[object], case_id: CaseId) -> CaseloadEntry | None:
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(_SELECT + SQL("WHERE case_id = %s"), (case_id,))
        return await cursor.fetchone()


def _cursor(last: CaseloadEntry) -> str:
    due_on = None if last.due_on is None else last.due_on.isoformat()
    return base64.urlsafe_b64encode(json.dumps([due_on, str(last.case_id)]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[date | None, UUID]:
    try:
        due_on, case_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        return None if due_on is None else date.fromisoformat(due_on), UUID(case_id)
    except (ValueError, TypeError, AttributeError) as mistake:
        raise CursorInvalid(cursor) from mistake


def _literal(text: str) -> str:
    """The text with the wildcards of LIKE taken for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


projection = Projection(
    name="caseload",
    version=2,
    columns=COLUMNS,
    indexes=INDEXES,
    only=CASE_FACTS,
    project=project,
    urgent=True,
)
