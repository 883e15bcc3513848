"""Responses: which cases answer which hearing, and which of them still wait for theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row, scalar_row
from psycopg.sql import SQL, Identifier

from events.case import CaseOpened, CaseWithdrawn, HearingResponseAnswered
from events.envelope import Recorded
from events.hearing import HearingResponseSorted
from events.ids import CaseId, HearingId, PartyId, PointId
from projections.projection import Projection, Rows
from projections.rows import forget, upsert

COLUMNS = """
    case_id uuid PRIMARY KEY,
    hearing_id uuid NOT NULL,
    party text NOT NULL,
    received_at timestamptz NOT NULL,
    position bigint NOT NULL,
    answered boolean NOT NULL,
    points uuid[] NOT NULL
"""
INDEXES: Final = ("(hearing_id, position)", "(hearing_id) WHERE NOT answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    hearing_id: HearingId
    case_id: CaseId
    party: PartyId
    received_at: datetime
    position: int
    answered: bool
    points: list[UUID]


_SELECT: Final = SQL(
    "SELECT hearing_id, case_id, party, received_at, responses.position, answered, points"
    " FROM responses "
)


def unanswered(db: Connection[tuple[object, ...]]) -> list[Response]:
    """The responses whose hearing is concluded and that have got no answer yet, oldest first."""
    concluded = SQL(
        "WHERE NOT answered AND hearing_id IN"
        " (SELECT hearing_id FROM hearings WHERE ended = 'concluded') ORDER BY position"
    )
    with db.cursor(row_factory=class_row(Response)) as cursor:
        cursor.execute(_SELECT + concluded)
        return cursor.fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`point` is one that a response raises; `unsorted` are those that raise none yet."""

    after: int = 0
    limit: int = 50
    point: PointId | None = None
    unsorted: bool = False


async def of_hearing(
    db: AsyncConnection[object], hearing: HearingId, wanted: Wanted
) -> list[Response]:
    """Responses in the order in which they came, those withdrawn left out."""
    where = SQL(
        "WHERE hearing_id = %(hearing)s AND position > %(after)s"
        " AND (%(point)s::uuid IS NULL OR %(point)s = ANY(points))"
        " AND (NOT %(unsorted)s OR points = '{}') ORDER BY position LIMIT %(limit)s"
    )
    given = {
        "hearing": hearing,
        "after": wanted.after,
        "point": wanted.point,
        "unsorted": wanted.unsorted,
        "limit": wanted.limit,
    }
    async with db.cursor(row_factory=class_row(Response)) as cursor:
        await cursor.execute(_SELECT + where, given)
        return await cursor.fetchall()


async def raised(db: AsyncConnection[object], hearing: HearingId) -> dict[UUID, int]:
    """How many responses raise each point."""
    async with db.cursor(row_factory=class_row(_Raised)) as cursor:
        await cursor.execute(
            "SELECT point, count(*)::int AS times FROM responses, unnest(points) AS point"
            " WHERE hearing_id = %s GROUP BY point",
            (hearing,),
        )
        return {each.point: each.times for each in await cursor.fetchall()}


async def counts(db: AsyncConnection[object]) -> dict[UUID, int]:
    """How many responses each hearing has that has any."""
    async with db.cursor(row_factory=class_row(_Counted)) as cursor:
        await cursor.execute(
            "SELECT hearing_id, count(*)::int AS times FROM responses GROUP BY hearing_id"
        )
        return {each.hearing_id: each.times for each in await cursor.fetchall()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raised:
    point: UUID
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    hearing_id: UUID
    times: int


async def count(db: AsyncConnection[object], hearing: HearingId) -> int:
    """How many responses a hearing has, those withdrawn left out."""
    async with db.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("SELECT count(*) FROM responses WHERE hearing_id = %s", (hearing,))
        return int(await cursor.fetchone() or 0)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    received: dict[CaseId, dict[str, object]] = {}
    answered: set[CaseId] = set()
    withdrawn: set[CaseId] = set()
    under: dict[CaseId, list[PointId]] = {}
    for recorded in batch:
        match recorded.event:
            case CaseOpened(hearing=hearing) as event if hearing is not None:
                received[event.case_id] = {
                    "case_id": event.case_id,
                    "hearing_id": hearing,
                    "party": event.party,
                    "received_at": recorded.recorded_at,
                    "position": recorded.position,
                    "answered": False,
                    "points": [],
                }
            case HearingResponseAnswered() as event:
                answered.add(event.case_id)
            case HearingResponseSorted() as event:
                under[event.case_id] = list(event.points)
            case CaseWithdrawn() as event:
                withdrawn.add(event.case_id)
            case _:
                pass
    upsert(db, table, ["case_id"], received.values())
    if answered:
        statement = SQL("UPDATE {} SET answered = true WHERE case_id = ANY(%s) AND NOT answered")
        db.execute(statement.format(table), [list(answered)])
    if under:
        # One statement for all: a list of lists is no array of arrays unless all are as long.
        statement = SQL("UPDATE {} SET points = %s WHERE case_id = %s")
        db.executemany(statement.format(table), [(ids, case) for case, ids in under.items()])
    # Last of all, for nothing comes after a withdrawal.
    forget(db, table, "case_id", withdrawn)


projection = Projection(
    name="responses",
    version=2,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(CaseOpened, HearingResponseAnswered, HearingResponseSorted, CaseWithdrawn),
    project=project,
)
