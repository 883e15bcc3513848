"""Responses: which cases answer which hearing, and which of them still wait for theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row, scalar_row
from psycopg.sql import SQL, Identifier

from events.case import CaseOpened, CaseWithdrawn, HearingResponseAnswered
from events.envelope import Recorded
from events.ids import CaseId, HearingId, PartyId
from projections.projection import Projection, Rows
from projections.rows import forget, upsert

COLUMNS = """
    case_id uuid PRIMARY KEY,
    hearing_id uuid NOT NULL,
    party text NOT NULL,
    received_at timestamptz NOT NULL,
    position bigint NOT NULL,
    answered boolean NOT NULL
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


_SELECT: Final = SQL(
    "SELECT hearing_id, case_id, party, received_at, responses.position, answered FROM responses "
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


async def count(db: AsyncConnection[object], hearing: HearingId) -> int:
    """How many responses a hearing has, those withdrawn left out."""
    async with db.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("SELECT count(*) FROM responses WHERE hearing_id = %s", (hearing,))
        return int(await cursor.fetchone() or 0)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    received: dict[CaseId, dict[str, object]] = {}
    answered: set[CaseId] = set()
    withdrawn: set[CaseId] = set()
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
                }
            case HearingResponseAnswered() as event:
                answered.add(event.case_id)
            case CaseWithdrawn() as event:
                withdrawn.add(event.case_id)
            case _:
                pass
    upsert(db, table, ["case_id"], received.values())
    if answered:
        statement = SQL("UPDATE {} SET answered = true WHERE case_id = ANY(%s) AND NOT answered")
        db.execute(statement.format(table), [list(answered)])
    # Last of all, for nothing comes after a withdrawal.
    forget(db, table, "case_id", withdrawn)


projection = Projection(
    name="responses",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(CaseOpened, HearingResponseAnswered, CaseWithdrawn),
    project=project,
)
