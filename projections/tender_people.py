"""Whom a tender is anything to: who runs it knows, so do these; nobody else asks this table.

A bidder's own row says that they take part, which is told them alone, a member's that they sit on
the committee.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import scalar_row
from psycopg.sql import Identifier

from events.catalogue import Event
from events.envelope import Recorded
from events.ids import ActorId, PartyId, TenderId
from events.tender import ParticipationRequested, QuestionAsked
from events.tender_bid import BidReceived
from events.tender_committee import CommitteeAppointed, ReplacementBegan
from projections.projection import Projection, Rows
from projections.rows import add

COLUMNS = """
    person text NOT NULL,
    tender_id uuid NOT NULL,
    PRIMARY KEY (person, tender_id)
"""
INDEXES: Final = ()


async def tenders_of(db: AsyncConnection[object], person: ActorId | PartyId) -> list[TenderId]:
    """Those that somebody has asked about or bids in, or on whose committee they are or were."""
    async with db.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "SELECT tender_id FROM tender_people WHERE person = %s ORDER BY tender_id", (person,)
        )
        return [TenderId(UUID(str(each))) for each in await cursor.fetchall()]


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    rows: dict[tuple[str, UUID], dict[str, object]] = {}
    for recorded in batch:
        for person, tender in _people(recorded.event):
            rows[person, tender] = {"person": person, "tender_id": tender}
    add(db, table, ["person", "tender_id"], rows.values())


def _people(event: Event) -> Iterator[tuple[str, UUID]]:
    match event:
        case ParticipationRequested() | QuestionAsked() | BidReceived():
            yield event.bidder, event.tender_id
        case CommitteeAppointed():
            yield from ((each, event.tender_id) for each in event.members)
        case ReplacementBegan():
            yield event.new_member, event.tender_id
        case _:
            pass


projection = Projection(
    name="tender_people",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(
        ParticipationRequested,
        QuestionAsked,
        BidReceived,
        CommitteeAppointed,
        ReplacementBegan,
    ),
    project=project,
)
