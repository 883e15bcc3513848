"""Points of hearings: what the responses raise, and what is meant to be answered on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import Identifier

from events.envelope import Recorded
from events.hearing import HearingAnswerDrafted, HearingAnswerDropped
from events.ids import HearingId, PointId
from projections.projection import Projection, Rows
from projections.rows import forget, kept, upsert

COLUMNS = """
    point uuid PRIMARY KEY,
    hearing_id uuid NOT NULL,
    theme text NOT NULL,
    answer text NOT NULL,
    begun_at bigint NOT NULL
"""
INDEXES: Final = ("(hearing_id, begun_at)",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    point: PointId
    theme: str
    answer: str


async def of_hearing(db: AsyncConnection[object], hearing: HearingId) -> list[Point]:
    """In the order in which they were begun."""
    async with db.cursor(row_factory=class_row(Point)) as cursor:
        await cursor.execute(
            "SELECT point, theme, answer FROM hearing_points"
            " WHERE hearing_id = %s ORDER BY begun_at, point",
            (hearing,),
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    facts = [(each, each.event) for each in batch]
    drafted = {e.point for _, e in facts if isinstance(e, HearingAnswerDrafted)}
    begun = {row["point"]: row["begun_at"] for row in kept(db, table, "point", drafted)}
    rows: dict[PointId, dict[str, object]] = {}
    dropped: set[PointId] = set()
    for recorded, event in facts:
        match event:
            case HearingAnswerDrafted(point=point):
                dropped.discard(point)
                rows[point] = {
                    "point": point,
                    "hearing_id": event.hearing_id,
                    "theme": event.theme,
                    "answer": event.answer,
                    "begun_at": begun.setdefault(str(point), recorded.position),
                }
            case HearingAnswerDropped(point=point):
                rows.pop(point, None)
                begun.pop(str(point), None)
                dropped.add(point)
            case _:
                pass
    forget(db, table, "point", dropped)
    upsert(db, table, ["point"], rows.values())


projection = Projection(
    name="hearing_points",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(HearingAnswerDrafted, HearingAnswerDropped),
    project=project,
)
