"""A team's queue: its cases in the order to take them, and which of them are asked for."""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Composed

from events.ids import ActorId, TeamId
from projections.caseload import SELECT, CaseloadEntry


class CursorInvalid(ValueError):
    """The cursor is none that a page of this queue has ended with."""


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtText:
    """`beginnings` are the keyed hashes of the words in it; without any, no subject has it."""

    text: str
    beginnings: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """All that is given must hold; None asks for nothing.

    `assigned_to` are those of whom one works on the case. With `journal`, how a case stands with
    the records system, or `is_post_failed`, some message about it could not be delivered, cases of
    every status are meant, else open ones, unless `status` says it.
    `overdue_on` is the day on which the earliest deadline has passed (or, with `is_overdue`
    false, has not). `bfe` is the number of the property it is about. `q` is text that
    is looked for: in the reference, and as beginnings of words of the subject.
    """

    assigned_to: Collection[ActorId] | None = None
    unassigned: bool = False
    kind: str | None = None
    service: str | None = None
    status: CaseStatus | None = None
    waiting_for: str | None = None
    journal: str | None = None
    is_post_failed: bool = False
    due_before: date | None = None
    overdue_on: date | None = None
    is_overdue: bool = True
    bfe: int | None = None
    q: SoughtText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after` is the cursor of the next page, None on the last."""

    entries: Sequence[CaseloadEntry]
    after: str | None


# In letters of its own, so that the indexes which know their rows can serve it.
_STATUS: Final = {
    CaseStatus.OPEN: SQL("status = 'open'"),
    CaseStatus.CLOSED: SQL("status <> 'open' AND status = 'closed'"),
    CaseStatus.WITHDRAWN: SQL("status <> 'open' AND status = 'withdrawn'"),
}
# Also a closed case's papers must get to where they belong.
_ON_THE_WAY: Final = SQL("journal <> 'journalised' AND journal = %(journal)s")
# A decision that nobody got is to be sent also when its case is closed.
_POST_FAILED: Final = SQL("post_failed > 0")
_OVERDUE: Final = SQL("due_on < %(overdue_on)s")
_NOT_OVERDUE: Final = SQL("(due_on IS NULL OR due_on >= %(overdue_on)s)")
_AFTER: Final = SQL(
    "(coalesce(due_on, 'infinity'), case_id)"
    " > (coalesce(%(after_due)s::date, 'infinity'), %(after_case)s::uuid)"
)
_ON_PROPERTY: Final = SQL(
    "case_id IN (SELECT p.case_id FROM properties p WHERE (p.property->>'bfe')::bigint = %(bfe)s)"
)
_SOUGHT: Final = SQL(
    "(reference ILIKE %(like)s OR cardinality(%(beginnings)s::bigint[]) > 0 AND case_id IN"
    " (SELECT s.case_id FROM search_words s WHERE s.beginnings @> %(beginnings)s::bigint[]))"
)
_ORDER: Final = SQL(" ORDER BY coalesce(due_on, 'infinity'), case_id LIMIT %(limit)s")


async def queue(
    db: AsyncConnection[object],
    team: TeamId,
    wanted: QueueFilter,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A team's cases, the earliest deadline first and those without one last.

    `after` is the cursor of the page before.

    Raises:
        CursorInvalid: `after` is no such cursor.
    """
    after_due, after_case = (None, None) if after is None else _read_cursor(after)
    conditions = [SQL("team = %(team)s"), *_conditions(wanted)]
    if after_case is not None:
        conditions.append(_AFTER)
    given = {
        "team": team,
        "assigned_to": list(wanted.assigned_to or ()),
        "kind": wanted.kind,
        "service": wanted.service,
        "waiting_for": wanted.waiting_for,
        "journal": wanted.journal,
        "due_before": wanted.due_before,
        "overdue_on": wanted.overdue_on,
        "bfe": wanted.bfe,
        **_looked_for(wanted.q),
        "after_due": after_due,
        "after_case": after_case,
        "limit": limit + 1,
    }
    query = Composed([SELECT, SQL("WHERE "), SQL(" AND ").join(conditions), _ORDER])
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(query, given)
        found = await cursor.fetchall()
    more = len(found) > limit
    return Page(entries=found[:limit], after=_cursor(found[limit - 1]) if more else None)


def _conditions(wanted: QueueFilter) -> list[SQL]:
    is_of_any_status = wanted.journal is not None or wanted.is_post_failed
    status = wanted.status or (None if is_of_any_status else CaseStatus.OPEN)
    overdue = _OVERDUE if wanted.is_overdue else _NOT_OVERDUE
    asked = [
        (status is not None, _STATUS[status or CaseStatus.OPEN]),
        (wanted.journal is not None, _ON_THE_WAY),
        (wanted.is_post_failed, _POST_FAILED),
        (wanted.assigned_to is not None, SQL("assigned_to = ANY(%(assigned_to)s)")),
        (wanted.unassigned, SQL("assigned_to IS NULL")),
        (wanted.kind is not None, SQL("kind = %(kind)s")),
        (wanted.service is not None, SQL("service = %(service)s")),
        (wanted.waiting_for is not None, SQL("waiting_for = %(waiting_for)s")),
        (wanted.due_before is not None, SQL("due_on < %(due_before)s")),
        (wanted.overdue_on is not None, overdue),
        (wanted.bfe is not None, _ON_PROPERTY),
        (wanted.q is not None, _SOUGHT),
    ]
    return [condition for is_asked, condition in asked if is_asked]


def _looked_for(sought: SoughtText | None) -> dict[str, object]:
    if sought is None:
        return {}
    return {"like": f"%{_literal(sought.text)}%", "beginnings": list(sought.beginnings)}


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
