"""What a team's caseworkers see of the journal: the entries of its own cases, hearings and
tenders.
"""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Composed

from events.ids import EntryId, TeamId
from services.journal.ports import EntryKind, EntryState

_PAST_POSITIONS: Final = 2**63
_PAST_PARTS: Final = 2**31


class CursorInvalid(ValueError):
    """The cursor is none that a page of this list has ended with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEntry:
    """An entry with what it is about; `services.journal.ports.Entry` says what the rest means.

    `matter_kind` is case, hearing or tender; `case_id`, `reference` and `esdh_number` are
    those of a case, else None. `since` is when its state was last written, by the database's clock.
    """

    entry: EntryId
    matter: UUID
    matter_kind: str
    case_id: UUID | None
    reference: str | None
    title: str
    kind: EntryKind
    position: int
    part: int
    recorded_at: datetime
    state: EntryState
    since: datetime
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    receipt: str | None
    esdh_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after` is the cursor of the next page, None on the last."""

    entries: Sequence[TeamEntry]
    after: str | None


_LISTED: Final = SQL(
    """
    SELECT e.entry, e.matter, m.kind AS matter_kind, c.case_id, c.reference,
        coalesce(c.subject, h.title, t.title) AS title, e.kind, e.position, e.part, e.recorded_at,
        e.state, e.changed_at AS since, e.attempts, e.due_at, e.failing_since, e.error,
        e.receipt, c.esdh_number
    FROM journal_entry AS e JOIN journal_matter AS m USING (matter)
        LEFT JOIN caseload AS c ON c.case_id = e.matter
        LEFT JOIN hearings AS h ON h.hearing_id = e.matter
        LEFT JOIN tenders AS t ON t.tender_id = e.matter
    WHERE coalesce(c.team, h.team, t.team) = ANY(%(teams)s)
        AND (e.position, e.part) > (%(position)s, %(part)s)"""
)
# Each a condition of its own, so that the index which knows its rows can serve it.
_UNFINISHED: Final = SQL(" AND NOT e.done")
_IN_STATE: Final = SQL(" AND e.state = %(state)s")
_OF_MATTER: Final = SQL(" AND e.matter = %(matter)s")
_PAGE: Final = SQL(" ORDER BY e.position, e.part LIMIT %(limit)s")


async def of_teams(
    db: AsyncConnection[object],
    teams: Collection[TeamId],
    *,
    state: EntryState | None = None,
    matter: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Entries in the order of the log: those in one state, or all that are not done yet.

    Of one matter, all there are. What the views do not show yet is not listed.

    Raises:
        CursorInvalid: `after` is no cursor of a page.
    """
    position, part = (-1, -1) if after is None else _read_cursor(after)
    query = Composed([_LISTED])
    if state is not None:
        query += _IN_STATE
    if state not in (None, EntryState.DONE) or (state is None and matter is None):
        query += _UNFINISHED
    if matter is not None:
        query += _OF_MATTER
    given = {
        "teams": list(teams),
        "state": state,
        "matter": matter,
        "position": position,
        "part": part,
        "limit": limit + 1,
    }
    async with db.cursor(row_factory=class_row(TeamEntry)) as cursor:
        await cursor.execute(query + _PAGE, given)
        found = await cursor.fetchall()
    return Page(entries=found[:limit], after=_cursor(found[limit - 1]) if found[limit:] else None)


def _cursor(last: TeamEntry) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.position, last.part]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[int, int]:
    try:
        position, part = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, TypeError) as mistake:
        raise CursorInvalid(cursor) from mistake
    # JSON has other values that pass for numbers, and numbers that no column holds.
    if type(position) is not int or type(part) is not int:
        raise CursorInvalid(cursor)
    if abs(position) >= _PAST_POSITIONS or abs(part) >= _PAST_PARTS:
        raise CursorInvalid(cursor)
    return position, part
