"""What people ask of outgoing post: what waits, was not delivered, or is to be printed."""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Composed

from events.ids import CaseId, NotificationId, PartyId, TeamId, TenderId
from events.journal import Matter
from services.database import Row
from services.post.notification_row import NotificationRow
from services.post.ports import MailState

_PAST_POSITIONS: Final = 2**63


class PostState(StrEnum):
    """How a notification stands, for people. `waiting` is all that is still on its way."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    PAPER = "paper"
    POSTED = "posted"


TO_DO: Final = (PostState.BOUNCED, PostState.FAILED, PostState.PAPER)
"""What a person must see to."""


class CursorInvalid(ValueError):
    """The cursor is none that a page of this list has ended with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow(NotificationRow):
    """`fact` is the wire name of what is told; `since` when its state was last written."""

    party: PartyId
    channel: str
    state: str
    fate: str | None
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    since: datetime

    @property
    def stands(self) -> PostState:
        if self.state != MailState.DONE or self.fate is None:
            return PostState.WAITING
        return PostState(self.fate)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """The same with what it is about: the case's reference and subject."""

    notification: NotificationId
    case_id: CaseId
    reference: str
    subject: str
    fact: str
    party: PartyId
    channel: str
    state: PostState
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    recorded_at: datetime
    position: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderToDo:
    """`number` of its notifications are for a person to see to."""

    tender_id: TenderId
    title: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after` is the cursor of the next page, None on the last."""

    rows: Sequence[TeamRow]
    after: str | None


_ROWS: Final = SQL(
    """
    SELECT n.notification, n.kind, n.case_id AS matter_id, n.event_id, n.stream, n.version,
        n.fact, n.is_secret, m.party, m.channel, m.state, m.fate, m.attempts, m.due_at,
        m.failing_since, m.error, n.recorded_at, n.position, m.changed_at AS since
    FROM post_notification AS n JOIN post_mail AS m USING (mail)"""
)
_UNFINISHED: Final = SQL(
    """
    WHERE (m.state <> 'done' OR m.fate IN ('bounced', 'failed', 'paper')) AND NOT n.is_secret
    ORDER BY n.position, n.notification LIMIT %s"""
)
_ONE: Final = SQL(" WHERE n.notification = %s")
_OF_MATTER: Final = SQL(
    " WHERE n.kind = %s AND n.case_id = %s AND NOT n.is_secret ORDER BY position"
)
_TEAM: Final = SQL(
    """
    SELECT n.notification, n.case_id, c.reference, c.subject, n.fact, m.party, m.channel,
        CASE WHEN m.state = 'done' THEN m.fate ELSE 'waiting' END AS state, m.attempts, m.due_at,
        m.failing_since, m.error, n.recorded_at, n.position, m.changed_at AS since
    FROM post_notification AS n JOIN post_mail AS m USING (mail)
        JOIN caseload AS c ON c.case_id = n.case_id
    WHERE c.team = ANY(%(teams)s)
        AND (n.position, n.notification) > (%(position)s, %(notification)s)"""
)
_TO_DO: Final = SQL(" AND m.state = 'done' AND m.fate IN ('bounced', 'failed', 'paper')")
_WAITING: Final = SQL(" AND m.state <> 'done'")
_ENDED: Final = SQL(" AND m.state = 'done' AND m.fate = %(state)s")
_OF_CASE: Final = SQL(" AND n.case_id = %(case)s")
_TENDERS: Final = """
    SELECT t.tender_id, t.title, count(*) AS number
    FROM post_notification AS n JOIN post_mail AS m USING (mail)
        JOIN tenders AS t ON n.kind = 'tender' AND t.tender_id = n.case_id
    WHERE m.state = 'done' AND m.fate IN ('bounced', 'failed', 'paper')
        AND NOT n.is_secret AND t.team = ANY(%s)
    GROUP BY t.tender_id, t.title ORDER BY t.title, t.tender_id"""
_PAGE: Final = SQL(" ORDER BY n.position, n.notification LIMIT %(limit)s")


async def unfinished(db: AsyncConnection[Row], *, limit: int) -> list[PostRow]:
    """What is not sent yet and what a person must see to, the oldest first."""
    async with db.cursor(row_factory=class_row(PostRow)) as cursor:
        await cursor.execute(_ROWS + _UNFINISHED, [limit])
        return await cursor.fetchall()


async def one(db: AsyncConnection[Row], notification: NotificationId) -> PostRow | None:
    async with db.cursor(row_factory=class_row(PostRow)) as cursor:
        await cursor.execute(_ROWS + _ONE, [notification])
        return await cursor.fetchone()


async def of_matter(db: AsyncConnection[Row], matter: Matter) -> list[PostRow]:
    """All that is told of it, but what is secret."""
    async with db.cursor(row_factory=class_row(PostRow)) as cursor:
        await cursor.execute(_ROWS + _OF_MATTER, [matter.kind, matter.id])
        return await cursor.fetchall()


async def of_teams(
    db: AsyncConnection[Row],
    teams: Collection[TeamId],
    *,
    state: PostState | None = None,
    case: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Notifications in the order of the log: those in one state, or all a person must see to.

    Of one case, all there are. What the views do not show yet is not listed.

    Raises:
        CursorInvalid: `after` is no cursor of a page.
    """
    position, notification = (-1, UUID(int=0)) if after is None else _read_cursor(after)
    query = Composed([_TEAM])
    if state is PostState.WAITING:
        query += _WAITING
    elif state is not None:
        query += _ENDED
    elif case is None:
        query += _TO_DO
    if case is not None:
        query += _OF_CASE
    given = {
        "teams": list(teams),
        "state": state,
        "case": case,
        "position": position,
        "notification": notification,
        "limit": limit + 1,
    }
    async with db.cursor(row_factory=class_row(TeamRow)) as cursor:
        await cursor.execute(query + _PAGE, given)
        found = await cursor.fetchall()
    return Page(rows=found[:limit], after=_cursor(found[limit - 1]) if found[limit:] else None)


async def tenders_to_do(db: AsyncConnection[Row], teams: Collection[TeamId]) -> list[TenderToDo]:
    """The teams' tenders of which something was not delivered, or is to be printed."""
    async with db.cursor(row_factory=class_row(TenderToDo)) as cursor:
        await cursor.execute(_TENDERS, [list(teams)])
        return await cursor.fetchall()


def _cursor(last: TeamRow) -> str:
    said = json.dumps([last.position, str(last.notification)])
    return base64.urlsafe_b64encode(said.encode()).decode()


def _read_cursor(cursor: str) -> tuple[int, UUID]:
    try:
        position, notification = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        found = UUID(notification)
    except (ValueError, TypeError, AttributeError) as mistake:
        raise CursorInvalid(cursor) from mistake
    if type(position) is not int or abs(position) >= _PAST_POSITIONS:
        raise CursorInvalid(cursor)
    return position, found
