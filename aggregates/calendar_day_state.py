"""What the rules of a meeting day remember: its slots, who has them, who waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, TypeVar, assert_never

from events.calendar_day import (
    BookingCancelled,
    CalendarDayEvent,
    HoldExpired,
    HoldReleased,
    Slot,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
    SlotsPublished,
    WaitingListJoined,
    WaitingListLeft,
)
from events.ids import CaseId, HoldId, PartyId, SlotId

V = TypeVar("V")

_Hold: TypeAlias = SlotHeld | HoldReleased | HoldExpired
_Booking: TypeAlias = SlotBooked | BookingCancelled | SlotGivenFromWaitingList
_List: TypeAlias = WaitingListJoined | WaitingListLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    hold: HoldId
    party: PartyId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Of one case: a booking, or a turn on the waiting list."""

    case_id: CaseId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """`slots` stand as they were published, `waiting` in the order of arrival.

    A slot is held or booked, never both; a case is booked once or waiting, never both.
    """

    is_published: bool = False
    slots: Mapping[SlotId, Slot] = field(default_factory=dict)
    holds: Mapping[SlotId, Hold] = field(default_factory=dict)
    bookings: Mapping[SlotId, Place] = field(default_factory=dict)
    waiting: tuple[Place, ...] = ()

    def slot_of(self, case_id: CaseId) -> SlotId | None:
        booked = (slot for slot, place in self.bookings.items() if place.case_id == case_id)
        return next(booked, None)

    def is_waiting(self, case_id: CaseId) -> bool:
        return any(place.case_id == case_id for place in self.waiting)

    def free(self, now: datetime) -> list[SlotId]:
        """The slots still to come that nobody has, earliest first. A hold counts until expired."""
        free = (
            slot
            for slot in self.slots.values()
            if slot.starts_at > now and slot.slot not in self.holds
            if slot.slot not in self.bookings
        )
        return [slot.slot for slot in sorted(free, key=lambda slot: (slot.starts_at, slot.slot))]


def evolve(day: CalendarDay, event: CalendarDayEvent) -> CalendarDay:
    match event:
        case SlotsPublished():
            slots = {slot.slot: slot for slot in event.slots}
            return replace(day, is_published=True, slots=slots)
        case SlotHeld() | HoldReleased() | HoldExpired():
            return _with_holds(day, event)
        case SlotBooked() | BookingCancelled() | SlotGivenFromWaitingList():
            return _with_bookings(day, event)
        case WaitingListJoined() | WaitingListLeft():
            return _with_list(day, event)
        case _:
            assert_never(event)


def _with_holds(day: CalendarDay, event: _Hold) -> CalendarDay:
    match event:
        case SlotHeld():
            hold = Hold(hold=event.hold, party=event.party, expires_at=event.expires_at)
            return replace(day, holds={**day.holds, event.slot: hold})
        case HoldReleased() | HoldExpired():
            return replace(day, holds=_without(day.holds, event.slot))
        case _:
            assert_never(event)


def _with_bookings(day: CalendarDay, event: _Booking) -> CalendarDay:
    if isinstance(event, BookingCancelled):
        return replace(day, bookings=_without(day.bookings, event.slot))
    place = Place(case_id=event.case_id, party=event.party)
    booked = replace(
        day,
        holds=_without(day.holds, event.slot),
        bookings={**day.bookings, event.slot: place},
    )
    if isinstance(event, SlotGivenFromWaitingList):
        return replace(booked, waiting=_without_case(day.waiting, event.case_id))
    return booked


def _with_list(day: CalendarDay, event: _List) -> CalendarDay:
    match event:
        case WaitingListJoined():
            place = Place(case_id=event.case_id, party=event.party)
            return replace(day, waiting=(*day.waiting, place))
        case WaitingListLeft():
            return replace(day, waiting=_without_case(day.waiting, event.case_id))
        case _:
            assert_never(event)


def _without(taken: Mapping[SlotId, V], slot: SlotId) -> dict[SlotId, V]:
    return {key: value for key, value in taken.items() if key != slot}


def _without_case(waiting: tuple[Place, ...], case_id: CaseId) -> tuple[Place, ...]:
    return tuple(place for place in waiting if place.case_id != case_id)
