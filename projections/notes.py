"""Notes: what colleagues write to each other on a case; no party is ever shown any of it.

The table is one of its own so that nothing that a party reads can come near it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import Identifier

from events.envelope import Recorded
from events.ids import ActorId, CaseId, NoteId
from events.note import NoteWritten
from projections.projection import Projection, Rows
from projections.rows import add

COLUMNS = """
    note uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    text text NOT NULL,
    written_by text NOT NULL,
    written_at timestamptz NOT NULL,
    position bigint NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    note: NoteId
    case_id: CaseId
    text: str
    written_by: ActorId
    written_at: datetime


async def of_case(db: AsyncConnection[object], case_id: CaseId) -> list[Note]:
    """The notes of a case, in the order they were written."""
    async with db.cursor(row_factory=class_row(Note)) as cursor:
        await cursor.execute(
            "SELECT note, case_id, text, written_by, written_at FROM notes"
            " WHERE case_id = %s ORDER BY position",
            (case_id,),
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    rows: dict[NoteId, dict[str, object]] = {}
    for recorded in batch:
        event = recorded.event
        if isinstance(event, NoteWritten):
            row: dict[str, object] = {
                "note": event.note,
                "case_id": event.case_id,
                "text": event.text,
                "written_by": recorded.envelope.actor,
                "written_at": recorded.recorded_at,
                "position": recorded.position,
            }
            rows.setdefault(event.note, row)
    add(db, table, ["note"], rows.values())


projection = Projection(
    name="notes",
    version=2,
    columns=COLUMNS,
    indexes=("(case_id, position)",),
    only=(NoteWritten,),
    project=project,
    urgent=True,
)
