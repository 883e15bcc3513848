"""Messages: what the two sides of a case wrote to each other, and whether the other has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.case import CaseworkerWrote, PartyWrote
from events.case_procedure import MessageRead
from events.envelope import Recorded
from events.ids import ActorId, CaseId, MessageId
from projections.projection import Projection, Rows
from projections.rows import add

COLUMNS = """
    message uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    by_party boolean NOT NULL,
    written_at timestamptz NOT NULL,
    read_at timestamptz,
    read_by text,
    position bigint NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`read_at` and `read_by` are None until the other side has opened it."""

    message: MessageId
    by_party: bool
    written_at: datetime
    read_at: datetime | None
    read_by: ActorId | None


async def of_case(db: AsyncConnection[object], case_id: CaseId) -> list[Message]:
    """The messages of a case, in the order they were written."""
    async with db.cursor(row_factory=class_row(Message)) as cursor:
        await cursor.execute(
            "SELECT message, by_party, written_at, read_at, read_by FROM messages"
            " WHERE case_id = %s ORDER BY position",
            (case_id,),
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    written: dict[MessageId, dict[str, object]] = {}
    read: list[dict[MessageId, Recorded]] = [{}, {}]
    for recorded in batch:
        event = recorded.event
        if isinstance(event, PartyWrote | CaseworkerWrote):
            written.setdefault(event.message, _row(event, recorded))
        elif isinstance(event, MessageRead):
            # Receipts for what an earlier batch has written, and for what this one does.
            read[event.message in written].setdefault(event.message, recorded)
    _mark(read[False], db, table)
    add(db, table, ["message"], written.values())
    _mark(read[True], db, table)


def _row(event: PartyWrote | CaseworkerWrote, recorded: Recorded) -> dict[str, object]:
    return {
        "message": event.message,
        "case_id": event.case_id,
        "by_party": isinstance(event, PartyWrote),
        "written_at": recorded.recorded_at,
        "read_at": None,
        "read_by": None,
        "position": recorded.position,
    }


def _mark(read: dict[MessageId, Recorded], db: Rows, table: Identifier) -> None:
    """The first receipt is the one that counts."""
    if not read:
        return
    statement = SQL(
        "UPDATE {} AS written SET read_at = receipt.at, read_by = receipt.who"
        " FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS receipt (message, at, who)"
        " WHERE written.message = receipt.message AND written.read_at IS NULL"
    )
    at = [recorded.recorded_at for recorded in read.values()]
    who = [recorded.envelope.actor for recorded in read.values()]
    db.execute(statement.format(table), (list(read), at, who))


projection = Projection(
    name="messages",
    version=1,
    columns=COLUMNS,
    indexes=("(case_id, position)",),
    only=(PartyWrote, CaseworkerWrote, MessageRead),
    project=project,
    urgent=True,
)
