"""What can be asked of one team's meeting day. Every command that time can change carries `now`."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.calendar_day import Slot
from events.ids import CalendarDayId, CaseId, HoldId, PartyId, SlotId


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSlots:
    day: CalendarDayId
    slots: tuple[Slot, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSlot:
    day: CalendarDayId
    slot: SlotId
    hold: HoldId
    party: PartyId
    now: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSlot:
    day: CalendarDayId
    slot: SlotId
    case_id: CaseId
    party: PartyId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBooking:
    """To another slot of the same day."""

    day: CalendarDayId
    case_id: CaseId
    slot: SlotId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBooking:
    day: CalendarDayId
    case_id: CaseId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWaitingList:
    day: CalendarDayId
    case_id: CaseId
    party: PartyId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveWaitingList:
    day: CalendarDayId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHolds:
    """Asked by the clock: lets go of what was not confirmed and serves the waiting list."""

    day: CalendarDayId
    now: datetime


CalendarDayCommand: TypeAlias = (
    PublishSlots
    | HoldSlot
    | BookSlot
    | MoveBooking
    | CancelBooking
    | JoinWaitingList
    | LeaveWaitingList
    | ExpireHolds
)
