"""Waiting: who stands on the waiting list of which meeting day, and in what order they came."""

from collections.abc import Sequence
from typing import Final, TypeAlias, assert_never, get_args

from psycopg import AsyncConnection
from psycopg.rows import dict_row, scalar_row
from psycopg.sql import Identifier

from events.calendar_day import SlotGivenFromWaitingList, WaitingListJoined, WaitingListLeft
from events.envelope import Recorded
from events.ids import CalendarDayId, CaseId
from projections.projection import Projection, Rows
from projections.rows import forget, upsert

COLUMNS = """
    place text PRIMARY KEY,
    day text NOT NULL,
    case_id uuid NOT NULL,
    party text NOT NULL,
    position bigint NOT NULL
"""
INDEXES: Final = ("(day, position)",)

WaitingFact: TypeAlias = WaitingListJoined | WaitingListLeft | SlotGivenFromWaitingList


async def of_day(db: AsyncConnection[object], day: CalendarDayId) -> list[CaseId]:
    """The cases that wait for a slot that day, whoever came first is first."""
    async with db.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("SELECT case_id FROM waiting WHERE day = %s ORDER BY position", (day,))
        return await cursor.fetchall()


async def lengths(
    db: AsyncConnection[object], days: Sequence[CalendarDayId]
) -> dict[CalendarDayId, int]:
    """How many wait for a slot on each of the days; those on which nobody does are left out."""
    if not days:
        return {}
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "SELECT day, count(*) AS waiting FROM waiting WHERE day = ANY(%s) GROUP BY day",
            ([*days],),
        )
        return {row["day"]: row["waiting"] for row in await cursor.fetchall()}


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    joined: dict[str, dict[str, object]] = {}
    left: set[str] = set()
    for recorded in batch:
        event = recorded.event
        if not isinstance(event, WaitingFact):
            continue
        place = f"{event.day}/{event.case_id}"
        match event:
            case WaitingListJoined():
                joined[place] = {
                    "place": place,
                    "day": event.day,
                    "case_id": event.case_id,
                    "party": event.party,
                    "position": recorded.position,
                }
            case WaitingListLeft() | SlotGivenFromWaitingList():
                joined.pop(place, None)
                left.add(place)
            case _:
                assert_never(event)
    # First those who left, for some of them have come back.
    forget(db, table, "place", left)
    upsert(db, table, ["place"], joined.values())


projection = Projection(
    name="waiting",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(WaitingFact),
    project=project,
)
