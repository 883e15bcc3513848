"""The rules of one team's meeting day: a slot is held or booked once, and the waiting list served.

After every decision no slot still to come is free while somebody waits.
"""

from datetime import datetime
from functools import reduce
from typing import TypeAlias, assert_never

from aggregates.calendar_day_state import CalendarDay, evolve
from aggregates.decider import Decider
from commands.calendar_day import (
    BookSlot,
    CalendarDayCommand,
    CancelBooking,
    ExpireHolds,
    HoldSlot,
    JoinWaitingList,
    LeaveWaitingList,
    MoveBooking,
    PublishSlots,
)
from commands.refusal import Refused
from events.calendar_day import (
    BookingCancelled,
    CalendarDayEvent,
    HoldExpired,
    HoldReleased,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
    SlotsPublished,
    WaitingListJoined,
    WaitingListLeft,
)
from events.ids import CalendarDayId, CaseId, PartyId, SlotId, calendar_day_of

__all__ = ["CalendarDay", "decider"]

_TimedCommand: TypeAlias = (
    PublishSlots | HoldSlot | BookSlot | MoveBooking | CancelBooking | JoinWaitingList | ExpireHolds
)


def decide(command: CalendarDayCommand, day: CalendarDay) -> list[CalendarDayEvent]:
    if not day.is_published and not isinstance(command, PublishSlots):
        raise Refused("day-not-found", "The team has no meetings that day.")
    if isinstance(command, LeaveWaitingList):
        return _leave(command, day)
    # What time has already changed comes first, so that the command meets the day as it is now.
    settled: list[CalendarDayEvent] = _expired(command.day, day, command.now)
    settled += _served(command.day, reduce(evolve, settled, day), command.now)
    settled += _decide(command, reduce(evolve, settled, day))
    return settled + _served(command.day, reduce(evolve, settled, day), command.now)


def _decide(command: _TimedCommand, day: CalendarDay) -> list[CalendarDayEvent]:
    match command:
        case PublishSlots():
            return _publish(command, day)
        case HoldSlot():
            return _hold(command, day)
        case BookSlot() | MoveBooking() | CancelBooking():
            return _decide_booking(command, day)
        case JoinWaitingList():
            return _join(command, day)
        case ExpireHolds():
            return []
        case _:
            assert_never(command)


def _decide_booking(
    command: BookSlot | MoveBooking | CancelBooking, day: CalendarDay
) -> list[CalendarDayEvent]:
    match command:
        case BookSlot():
            return _book(command, day)
        case MoveBooking():
            return _move(command, day)
        case CancelBooking():
            slot = _booked_slot(command.case_id, day)
            return [BookingCancelled(day=command.day, slot=slot, case_id=command.case_id)]
        case _:
            assert_never(command)


def _expired(day_id: CalendarDayId, day: CalendarDay, now: datetime) -> list[CalendarDayEvent]:
    return [
        HoldExpired(day=day_id, slot=slot, hold=held.hold)
        for slot, held in day.holds.items()
        if held.expires_at <= now
    ]


def _served(day_id: CalendarDayId, day: CalendarDay, now: datetime) -> list[CalendarDayEvent]:
    """First come, first served, with the earliest slot first."""
    return [
        SlotGivenFromWaitingList(day=day_id, slot=slot, case_id=place.case_id, party=place.party)
        for slot, place in zip(day.free(now), day.waiting, strict=False)
    ]


def _publish(command: PublishSlots, day: CalendarDay) -> list[CalendarDayEvent]:
    named = {slot.slot: slot for slot in command.slots}
    if len(named) < len(command.slots):
        raise Refused("slot-duplicate", "A slot is named twice.")
    for slot in command.slots:
        if calendar_day_of(slot.slot) != command.day:
            raise Refused("slot-of-another-day", "A slot belongs to another day.")
        if slot.ends_at <= slot.starts_at:
            raise Refused("slot-backwards", "A slot ends before it starts.")
    for taken in (*day.holds, *day.bookings):
        if named.get(taken) != day.slots[taken]:
            raise Refused("slot-in-use", "A slot that somebody has is neither moved nor removed.")
    if day.is_published and command.slots == tuple(day.slots.values()):
        return []
    return [SlotsPublished(day=command.day, slots=command.slots)]


def _hold(command: HoldSlot, day: CalendarDay) -> list[CalendarDayEvent]:
    _require_slot(command.slot, day)
    own = {slot: hold for slot, hold in day.holds.items() if hold.party == command.party}
    if command.slot in own:
        return []
    _require_available(command.slot, command.party, command.now, day)
    held = SlotHeld(
        day=command.day,
        slot=command.slot,
        hold=command.hold,
        party=command.party,
        expires_at=command.expires_at,
    )
    # One hold each: who looks at another slot lets the first one go.
    released = (
        HoldReleased(day=command.day, slot=slot, hold=hold.hold) for slot, hold in own.items()
    )
    return [*released, held]


def _book(command: BookSlot, day: CalendarDay) -> list[CalendarDayEvent]:
    _require_slot(command.slot, day)
    if day.slot_of(command.case_id) is not None:
        raise Refused("booking-exists", "The case has a meeting that day; move that one.")
    _require_available(command.slot, command.party, command.now, day)
    booked = SlotBooked(
        day=command.day, slot=command.slot, case_id=command.case_id, party=command.party
    )
    if day.is_waiting(command.case_id):
        return [WaitingListLeft(day=command.day, case_id=command.case_id), booked]
    return [booked]


def _move(command: MoveBooking, day: CalendarDay) -> list[CalendarDayEvent]:
    old = _booked_slot(command.case_id, day)
    _require_slot(command.slot, day)
    if command.slot == old:
        return []
    party = day.bookings[old].party
    _require_available(command.slot, party, command.now, day)
    return [
        BookingCancelled(day=command.day, slot=old, case_id=command.case_id),
        SlotBooked(day=command.day, slot=command.slot, case_id=command.case_id, party=party),
    ]


def _join(command: JoinWaitingList, day: CalendarDay) -> list[CalendarDayEvent]:
    if day.is_waiting(command.case_id):
        return []
    if day.slot_of(command.case_id) is not None:
        raise Refused("booking-exists", "The case has a meeting that day.")
    if day.free(command.now):
        raise Refused("waiting-list-needless", "A slot is free that day; book it.")
    return [WaitingListJoined(day=command.day, case_id=command.case_id, party=command.party)]


def _leave(command: LeaveWaitingList, day: CalendarDay) -> list[CalendarDayEvent]:
    if not day.is_waiting(command.case_id):
        return []
    return [WaitingListLeft(day=command.day, case_id=command.case_id)]


def _require_slot(slot: SlotId, day: CalendarDay) -> None:
    if slot not in day.slots:
        raise Refused("slot-not-found", "There is no such slot that day.")


def _require_available(slot: SlotId, party: PartyId, now: datetime, day: CalendarDay) -> None:
    if slot in day.bookings:
        raise Refused("slot-taken", "The slot is booked.")
    held = day.holds.get(slot)
    if held is not None and held.party != party:
        raise Refused("slot-held", "Somebody else is about to book the slot.")
    if day.slots[slot].starts_at <= now:
        raise Refused("slot-past", "The slot has begun.")


def _booked_slot(case_id: CaseId, day: CalendarDay) -> SlotId:
    slot = day.slot_of(case_id)
    if slot is None:
        raise Refused("booking-not-found", "The case has no meeting that day.")
    return slot


decider = Decider(initial=CalendarDay(), decide=decide, evolve=evolve)
