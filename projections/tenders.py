"""Tenders as everybody may see them: what is asked for, until when, and what came of it.

Nothing of a bid is here before the bids are opened, not even that there is one: neither is the
stream's version, which counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast, get_args

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.envelope import Recorded
from events.ids import TeamId, TenderId
from events.tender import TenderDrafted
from projections.plain import DocumentRow
from projections.projection import Projection, Rows
from projections.rows import kept, upsert
from projections.tender_rows import (
    AwardRow,
    BidRow,
    ContractRow,
    CriterionRow,
    LotRow,
    RowFact,
    TenderRow,
    ToldRow,
    drafted,
    evolve,
)

COLUMNS = """
    tender_id uuid PRIMARY KEY,
    team text NOT NULL,
    procedure text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    lots jsonb NOT NULL,
    criteria jsonb NOT NULL,
    material jsonb NOT NULL,
    members integer NOT NULL,
    threshold integer NOT NULL,
    published_at timestamptz,
    closes_at timestamptz,
    takes_bids boolean NOT NULL,
    told jsonb NOT NULL,
    opened_at timestamptz,
    bids jsonb NOT NULL,
    awards jsonb NOT NULL,
    contracts jsonb NOT NULL,
    cancelled_at timestamptz,
    reason text,
    changed_at timestamptz
"""
INDEXES: Final = ("(closes_at)", "(team)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """`state` is draft, open, closed, opened, awarded, concluded or cancelled."""

    tender_id: TenderId
    team: TeamId
    procedure: str
    title: str
    description: str
    lots: list[LotRow]
    criteria: list[CriterionRow]
    material: list[DocumentRow]
    members: int
    threshold: int
    published_at: datetime | None
    closes_at: datetime | None
    takes_bids: bool
    told: list[ToldRow]
    opened_at: datetime | None
    bids: list[BidRow]
    awards: list[AwardRow]
    contracts: list[ContractRow]
    cancelled_at: datetime | None
    reason: str | None
    changed_at: datetime | None
    state: str


_SELECT: Final = SQL(
    "SELECT * FROM (SELECT *, CASE"
    " WHEN cancelled_at IS NOT NULL THEN 'cancelled'"
    " WHEN published_at IS NULL THEN 'draft'"
    " WHEN jsonb_array_length(contracts) = jsonb_array_length(lots) THEN 'concluded'"
    " WHEN jsonb_array_length(awards) > 0 THEN 'awarded'"
    " WHEN opened_at IS NOT NULL THEN 'opened'"
    " WHEN %(now)s < closes_at THEN 'open' ELSE 'closed' END AS state FROM tenders) AS tender "
)


async def published(db: AsyncConnection[object], state: str | None, now: datetime) -> list[Tender]:
    """All that are public, or those in one state now, the last to close first."""
    where = SQL(
        "WHERE published_at IS NOT NULL AND (%(state)s::text IS NULL OR state = %(state)s)"
        " ORDER BY closes_at DESC, title"
    )
    async with db.cursor(row_factory=class_row(Tender)) as cursor:
        await cursor.execute(_SELECT + where, {"state": state, "now": now})
        return await cursor.fetchall()


async def of_teams(
    db: AsyncConnection[object], teams: Sequence[TeamId], now: datetime
) -> list[Tender]:
    """The tenders of some teams, drafts first."""
    where = SQL("WHERE team = ANY(%(teams)s) ORDER BY closes_at DESC NULLS FIRST, title")
    async with db.cursor(row_factory=class_row(Tender)) as cursor:
        await cursor.execute(_SELECT + where, {"teams": list(teams), "now": now})
        return await cursor.fetchall()


async def some(
    db: AsyncConnection[object], tenders: Sequence[TenderId], now: datetime
) -> list[Tender]:
    """Those named, drafts too, which are for their team and their committee."""
    where = SQL("WHERE tender_id = ANY(%(tenders)s) ORDER BY closes_at DESC NULLS FIRST, title")
    async with db.cursor(row_factory=class_row(Tender)) as cursor:
        await cursor.execute(_SELECT + where, {"tenders": list(tenders), "now": now})
        return await cursor.fetchall()


async def one(db: AsyncConnection[object], tender: TenderId, now: datetime) -> Tender | None:
    """Also a draft, as `some`."""
    found = await some(db, [tender], now)
    return found[0] if found else None


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    """Fold the batch onto the rows of its tenders, and put them back."""
    told = (recorded.event for recorded in batch)
    facts = [event for event in told if isinstance(event, TenderDrafted | RowFact)]
    # The rows are our own, as the upsert of an earlier batch left them.
    known = cast("list[TenderRow]", kept(db, table, "tender_id", {e.tender_id for e in facts}))
    rows = {str(row["tender_id"]): row for row in known}
    for event in facts:
        key = str(event.tender_id)
        if isinstance(event, TenderDrafted):
            rows[key] = drafted(event)
        else:
            evolve(rows[key], event)
    upsert(db, table, ["tender_id"], rows.values())


projection = Projection(
    name="tenders",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(TenderDrafted, *get_args(RowFact)),
    project=project,
)
