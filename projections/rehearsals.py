"""Rehearsals: who of a committee has a key, and has shown it since the deadline was last set.

Of bids there is nothing here. The rule is the tender's own; this is its answer for lists.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict, cast

from psycopg import AsyncConnection
from psycopg.rows import tuple_row
from psycopg.sql import Identifier

from events.envelope import Recorded
from events.ids import ActorId, TenderId
from events.tender import BiddersInvited, DeadlineMoved, Procedure, TenderDrafted, TenderEvent
from events.tender_committee import (
    CommitteeAppointed,
    MemberKeyLost,
    MemberKeyRegistered,
    MemberRehearsed,
    MemberReplaced,
)
from projections.projection import Projection, Rows
from projections.rows import kept, upsert

COLUMNS: Final = """
    tender_id uuid PRIMARY KEY,
    takes_bids boolean NOT NULL,
    members jsonb NOT NULL
"""
INDEXES: Final = ()


class MemberRow(TypedDict):
    has_key: bool
    has_rehearsed: bool


class Row(TypedDict):
    tender_id: str
    takes_bids: bool
    members: dict[str, MemberRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsals:
    """`holders` have a key, of whom those `waiting` have not rehearsed; `keyless` have none, or
    none any more.
    """

    holders: frozenset[ActorId] = frozenset()
    waiting: frozenset[ActorId] = frozenset()
    keyless: frozenset[ActorId] = frozenset()


NO_COMMITTEE: Final = Rehearsals()


async def of(
    db: AsyncConnection[object], tenders: Collection[TenderId]
) -> Mapping[TenderId, Rehearsals]:
    """By tender, of those named."""
    async with db.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "SELECT tender_id, members FROM rehearsals WHERE tender_id = ANY(%s)", (list(tenders),)
        )
        return {tender_id: _standing(members) for tender_id, members in await cursor.fetchall()}


def _standing(members: Mapping[str, MemberRow]) -> Rehearsals:
    everybody = frozenset(map(ActorId, members))
    holders = frozenset(each for each in everybody if members[each]["has_key"])
    waiting = frozenset(each for each in holders if not members[each]["has_rehearsed"])
    return Rehearsals(holders=holders, waiting=waiting, keyless=everybody - holders)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    facts = [event for recorded in batch if isinstance(event := recorded.event, TenderEvent)]
    # The rows are our own, as the upsert of an earlier batch left them.
    known = cast("list[Row]", kept(db, table, "tender_id", {e.tender_id for e in facts}))
    rows = {str(row["tender_id"]): row for row in known}
    for event in facts:
        key = str(event.tender_id)
        if isinstance(event, TenderDrafted):
            is_open = event.procedure is Procedure.OPEN
            rows[key] = Row(tender_id=key, takes_bids=is_open, members={})
        else:
            _evolve(rows[key], event)
    upsert(db, table, ["tender_id"], rows.values())


def _evolve(row: Row, event: TenderEvent) -> None:
    members = row["members"]
    match event:
        case CommitteeAppointed():
            row["members"] = {each: members.get(each, _member()) for each in event.members}
        case MemberKeyRegistered():
            members[event.member] = _member(has_key=True)
        case MemberRehearsed():
            members[event.member] = _member(has_key=True, has_rehearsed=True)
        case MemberKeyLost():
            members[event.member] = _member()
        case MemberReplaced():
            members.pop(event.member, None)
            members[event.new_member] = _member(has_key=True, has_rehearsed=True)
        case BiddersInvited() | DeadlineMoved():
            row["takes_bids"] = row["takes_bids"] or isinstance(event, BiddersInvited)
            if row["takes_bids"]:
                row["members"] = {
                    member: _member(has_key=each["has_key"]) for member, each in members.items()
                }
        case _:
            pass


def _member(*, has_key: bool = False, has_rehearsed: bool = False) -> MemberRow:
    return MemberRow(has_key=has_key, has_rehearsed=has_rehearsed)


projection = Projection(
    name="rehearsals",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(
        TenderDrafted,
        CommitteeAppointed,
        MemberKeyRegistered,
        MemberRehearsed,
        MemberKeyLost,
        MemberReplaced,
        BiddersInvited,
        DeadlineMoved,
    ),
    project=project,
)
