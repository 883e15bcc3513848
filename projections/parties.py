"""Parties: in which cases somebody has joined as a party, or acts for one.

It only says where to look. Whether they may look is asked of the log (`services.case_parties`).
"""

from collections.abc import Sequence
from typing import Final, TypedDict, get_args

from psycopg import AsyncConnection
from psycopg.rows import scalar_row
from psycopg.sql import Identifier

from events.case_party import (
    PartyEvent,
    PartyJoined,
    PartyLeft,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
)
from events.envelope import Recorded
from events.ids import CaseId, PartyId
from projections.projection import Projection, Rows
from projections.rows import forget, upsert

COLUMNS = """
    key text PRIMARY KEY,
    case_id uuid NOT NULL,
    who text NOT NULL,
    party text NOT NULL,
    part text NOT NULL
"""
INDEXES: Final = ("(who)",)


class PartyRow(TypedDict):
    """`who` may look at the case for `party`, which is themselves when they have joined it.

    `part` is their role, or the basis on which they act.
    """

    key: str
    case_id: str
    who: str
    party: str
    part: str


async def cases_of(db: AsyncConnection[object], who: PartyId) -> list[CaseId]:
    """The cases of others that somebody has a part in, as far as this view has come."""
    async with db.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "SELECT DISTINCT case_id FROM parties WHERE who = %s ORDER BY case_id", (who,)
        )
        return await cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    rows: dict[str, PartyRow] = {}
    gone: set[str] = set()
    for recorded in batch:
        event = recorded.event
        if not isinstance(event, PartyEvent):
            continue
        match event:
            case PartyJoined():
                row = _row(event.case_id, event.party, event.party, event.role.value)
                rows[row["key"]] = row
            case RepresentativeAppointed():
                row = _row(event.case_id, event.representative, event.party, event.basis.value)
                rows[row["key"]] = row
            case PartyLeft():
                gone.add(_out(rows, _key(event.case_id, event.party, event.party)))
            case RepresentationEnded() | RepresentativeDeclined():
                gone.add(_out(rows, _key(event.case_id, event.representative, event.party)))
            case _:
                pass
    # First those who left, for some of them have come back.
    forget(db, table, "key", gone)
    upsert(db, table, ["key"], rows.values())


def _row(case_id: CaseId, who: PartyId, party: PartyId, part: str) -> PartyRow:
    return PartyRow(
        key=_key(case_id, who, party), case_id=str(case_id), who=who, party=party, part=part
    )


def _out(rows: dict[str, PartyRow], key: str) -> str:
    rows.pop(key, None)
    return key


def _key(case_id: CaseId, who: PartyId, party: PartyId) -> str:
    return f"{case_id}/{who}/{party}"


projection = Projection(
    name="parties",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(PartyEvent),
    project=project,
)
