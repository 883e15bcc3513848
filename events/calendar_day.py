"""What can happen on one team's meeting day."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.ids import CalendarDayId, CaseId, HoldId, PartyId, SlotId


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    slot: SlotId
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsPublished:
    """The whole day as it now is; what it no longer names is withdrawn."""

    day: CalendarDayId
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotHeld:
    day: CalendarDayId
    slot: SlotId
    hold: HoldId
    party: PartyId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased:
    day: CalendarDayId
    slot: SlotId
    hold: HoldId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired:
    day: CalendarDayId
    slot: SlotId
    hold: HoldId


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBooked:
    day: CalendarDayId
    slot: SlotId
    case_id: CaseId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancelled:
    day: CalendarDayId
    slot: SlotId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingListJoined:
    day: CalendarDayId
    case_id: CaseId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingListLeft:
    day: CalendarDayId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotGivenFromWaitingList:
    """A slot fell free and went to whoever had waited longest."""

    day: CalendarDayId
    slot: SlotId
    case_id: CaseId
    party: PartyId


CalendarDayEvent: TypeAlias = (
    SlotsPublished
    | SlotHeld
    | HoldReleased
    | HoldExpired
    | SlotBooked
    | BookingCancelled
    | WaitingListJoined
    | WaitingListLeft
    | SlotGivenFromWaitingList
)
