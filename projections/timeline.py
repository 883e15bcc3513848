"""Timeline: what has happened on a case, one entry per event, in the order it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.case import (
    CaseEvent,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    PartyAddedDocument,
    PartyWrote,
)
from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.ids import ActorId, CaseId
from projections.plain import DocumentRow, document_row, encode, values
from projections.projection import Projection, Rows

COLUMNS = """
    case_id uuid NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    facts jsonb NOT NULL,
    actor text NOT NULL,
    documents jsonb NOT NULL,
    PRIMARY KEY (case_id, position)
"""
INDEXES = ("(position)",)

KINDS: Final[dict[type[Event], str]] = {
    fact: WIRE_NAMES[fact].split(".")[1] for fact in get_args(CaseEvent)
}
"""The wire name without noun and version: `case.meeting-booked.v1` is `meeting-booked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`facts` is the event's own words as plain JSON, without the case's id."""

    case_id: CaseId
    position: int
    at: datetime
    kind: str
    facts: dict[str, object]
    actor: ActorId
    documents: list[DocumentRow]


async def entries(db: AsyncConnection[object], case_id: CaseId, after: int = 0) -> list[Entry]:
    """One case's entries after a position, oldest first."""
    async with db.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "SELECT case_id, position, at, kind, facts, actor, documents FROM timeline"
            " WHERE case_id = %s AND position > %s ORDER BY position",
            (case_id, after),
        )
        return await cursor.fetchall()


async def since(db: AsyncConnection[object], after: int, up_to: int) -> list[Entry]:
    """Every case's entries with `after < position <= up_to`, oldest first."""
    async with db.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "SELECT case_id, position, at, kind, facts, actor, documents FROM timeline"
            " WHERE position > %s AND position <= %s ORDER BY position",
            (after, up_to),
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    # COPY, and its text written here, for this table gets a row for nearly every event there is.
    rows = [
        _line(recorded, recorded.event)
        for recorded in batch
        if isinstance(recorded.event, CaseEvent)
    ]
    copying = SQL("COPY {} (case_id, position, at, kind, facts, actor, documents) FROM STDIN")
    with db.copy(copying.format(table)) as copy:
        copy.write("".join(rows))


def _line(recorded: Recorded, event: CaseEvent) -> str:
    """One row in the text format of COPY."""
    documents = _documents(event)
    cells = (
        event.case_id.hex,
        str(recorded.position),
        recorded.recorded_at.isoformat(),
        KINDS[type(event)],
        _json_cell(_facts(event)),
        recorded.envelope.actor.translate(_ESCAPES),
        _json_cell(documents) if documents else "[]",
    )
    return "\t".join(cells) + "\n"


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _json_cell(value: object) -> str:
    # JSON has no raw tabs or line ends, and this is quicker than translate.
    return encode(value).replace("\\", "\\\\")


def _facts(event: CaseEvent) -> dict[str, object]:
    facts = values(event)
    del facts["case_id"]
    return facts


def _documents(event: CaseEvent) -> list[DocumentRow]:
    match event:
        case PartyWrote() | CaseworkerWrote():
            return [document_row(document) for document in event.documents]
        case PartyAddedDocument() | CaseworkerAddedDocument():
            return [document_row(event.document)]
        case _:
            return []


projection = Projection(
    name="timeline",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(CaseEvent),
    project=project,
    urgent=True,
)
