"""Calendar: every slot of every team's meeting days, and whether it is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias, TypedDict, assert_never, cast, get_args

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import Identifier

from events.calendar_day import (
    BookingCancelled,
    HoldExpired,
    HoldReleased,
    Slot,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
    SlotsPublished,
)
from events.envelope import Recorded
from events.ids import CalendarDayId, CaseId, SlotId, TeamId
from projections.projection import Projection, Rows
from projections.rows import forget, kept, upsert

COLUMNS = """
    slot text PRIMARY KEY,
    team text NOT NULL,
    day text NOT NULL,
    held_on date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    place text NOT NULL,
    state text NOT NULL,
    held_until timestamptz,
    case_id uuid,
    party text
"""
INDEXES: Final = ("(team, held_on, starts_at)", "(day)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    slot: SlotId
    day: CalendarDayId
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullDay:
    """`slot` is one of those that are taken."""

    day: CalendarDayId
    held_on: date
    slot: SlotId


class SlotRow(TypedDict):
    """`state` is free, held or booked; `held_on` is the day of the meeting, local time."""

    slot: str
    team: str
    day: str
    held_on: str
    starts_at: str
    ends_at: str
    place: str
    state: str
    held_until: str | None
    case_id: str | None
    party: str | None


async def free_slots(
    db: AsyncConnection[object], team: TeamId, first: date, last: date, now: datetime
) -> list[FreeSlot]:
    """A team's free slots from `first` to `last`, both included, that begin after `now`.

    A hold that has run out counts as none, though its end is not on record yet.
    """
    async with db.cursor(row_factory=class_row(FreeSlot)) as cursor:
        await cursor.execute(
            "SELECT slot, day, starts_at, ends_at, place FROM calendar"
            " WHERE team = %s AND held_on BETWEEN %s AND %s AND starts_at > %s"
            " AND (state = 'free' OR state = 'held' AND held_until <= %s)"
            " ORDER BY starts_at, slot",
            (team, first, last, now, now),
        )
        return await cursor.fetchall()


async def full_days(
    db: AsyncConnection[object], team: TeamId, first: date, last: date, now: datetime
) -> list[FullDay]:
    """Days with slots that begin after `now`, none of which is free."""
    async with db.cursor(row_factory=class_row(FullDay)) as cursor:
        await cursor.execute(
            "SELECT day, held_on, min(slot) AS slot FROM calendar"
            " WHERE team = %s AND held_on BETWEEN %s AND %s AND starts_at > %s"
            " GROUP BY day, held_on"
            " HAVING NOT bool_or(state = 'free' OR state = 'held' AND held_until <= %s)"
            " ORDER BY held_on",
            (team, first, last, now, now),
        )
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySlot:
    """A slot as its team sees it; `state` as in `SlotRow`."""

    slot: SlotId
    day: CalendarDayId
    held_on: date
    starts_at: datetime
    ends_at: datetime
    place: str
    state: str
    held_until: datetime | None
    case_id: CaseId | None


async def of_days(
    db: AsyncConnection[object], team: TeamId, first: date, last: date
) -> list[DaySlot]:
    """All slots of a team's days from `first` to `last`, both included, in the order of time."""
    async with db.cursor(row_factory=class_row(DaySlot)) as cursor:
        await cursor.execute(
            "SELECT slot, day, held_on, starts_at, ends_at, place, state, held_until, case_id"
            " FROM calendar WHERE team = %s AND held_on BETWEEN %s AND %s"
            " ORDER BY starts_at, slot",
            (team, first, last),
        )
        return await cursor.fetchall()


CalendarFact: TypeAlias = (
    SlotsPublished
    | SlotHeld
    | HoldReleased
    | HoldExpired
    | SlotBooked
    | BookingCancelled
    | SlotGivenFromWaitingList
)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    """Fold the batch onto the slots of its days, and put back those that changed."""
    facts = [e for recorded in batch if isinstance(e := recorded.event, CalendarFact)]
    known = kept(db, table, "day", {e.day for e in facts})
    # The rows are our own, as the upsert of an earlier batch left them.
    before = {row["slot"]: row for row in cast("list[SlotRow]", known)}
    rows = {slot: row.copy() for slot, row in before.items()}
    for event in facts:
        _evolve(rows, event)
    forget(db, table, "slot", before.keys() - rows.keys())
    upsert(db, table, ["slot"], [row for slot, row in rows.items() if row != before.get(slot)])


def _evolve(rows: dict[str, SlotRow], event: CalendarFact) -> None:
    match event:
        case SlotsPublished():
            named = {slot.slot for slot in event.slots}
            for gone in [s for s, row in rows.items() if row["day"] == event.day]:
                if gone not in named:
                    del rows[gone]
            for slot in event.slots:
                rows[slot.slot] = _published(event.day, slot, rows.get(slot.slot))
        case SlotHeld():
            row = rows[event.slot]
            row["state"], row["held_until"] = "held", event.expires_at.isoformat()
            row["case_id"], row["party"] = None, event.party
        case SlotBooked() | SlotGivenFromWaitingList():
            row = rows[event.slot]
            row["state"], row["held_until"] = "booked", None
            row["case_id"], row["party"] = str(event.case_id), event.party
        case HoldReleased() | HoldExpired() | BookingCancelled():
            row = rows[event.slot]
            row["state"], row["held_until"] = "free", None
            row["case_id"], row["party"] = None, None
        case _:
            assert_never(event)


def _published(day: CalendarDayId, slot: Slot, before: SlotRow | None) -> SlotRow:
    """A slot named again keeps its booking."""
    team, _, held_on = day.rpartition(".")
    return SlotRow(
        slot=slot.slot,
        team=team,
        day=day,
        held_on=held_on,
        starts_at=slot.starts_at.isoformat(),
        ends_at=slot.ends_at.isoformat(),
        place=slot.place,
        state="free" if before is None else before["state"],
        held_until=None if before is None else before["held_until"],
        case_id=None if before is None else before["case_id"],
        party=None if before is None else before["party"],
    )


projection = Projection(
    name="calendar",
    version=1,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(CalendarFact),
    project=project,
)
