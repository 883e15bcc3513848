"""A meeting day under random commands, beside a model that is a table on paper."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregates.calendar_day import CalendarDay, decider
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
from events.calendar_day import (
    BookingCancelled,
    CalendarDayEvent,
    Slot,
    SlotBooked,
    SlotGivenFromWaitingList,
    WaitingListJoined,
    WaitingListLeft,
)
from events.ids import CaseId, HoldId, PartyId, SlotId
from tests.aggregates.subject import MACHINE, Subject
from tests.examples import MEETING_DAY, at, numbered

MORNING = at(12, 8, 8)
STARTS = (25, 40, 55)  # minutes after eight, so that the day passes while commands come
SLOTS = st.sampled_from([*STARTS, *STARTS, 58])  # the last is never published
CASES = st.integers(min_value=1, max_value=5)
WHO = st.sampled_from(["anna", "bo", "tomrer"])
HOLD_MINUTES = 5


class No(Exception):
    """The model says no, by this code."""


@dataclass
class Table:
    """One row per slot: nobody, who holds it and until when, or the case that has it."""

    published: bool = False
    places: dict[int, str] = field(default_factory=dict)
    held: dict[int, tuple[str, int]] = field(default_factory=dict)
    booked: dict[int, tuple[int, str]] = field(default_factory=dict)
    queue: list[tuple[int, str]] = field(default_factory=list)

    def free(self, now: int) -> list[int]:
        return [s for s in sorted(self.places) if s > now and s not in {*self.held, *self.booked}]

    def serve(self, now: int) -> None:
        for slot in self.free(now):
            if self.queue:
                self.booked[slot] = self.queue.pop(0)

    def begin(self, now: int) -> None:
        if not self.published:
            raise No("day-not-found")
        for slot in [s for s, (_, until) in self.held.items() if until <= now]:
            del self.held[slot]
        self.serve(now)

    def slot_of(self, case: int) -> int | None:
        return next((s for s, (has, _) in self.booked.items() if has == case), None)

    def take(self, slot: int, who: str, now: int) -> None:
        if slot not in self.places:
            raise No("slot-not-found")
        if slot in self.booked:
            raise No("slot-taken")
        if slot in self.held and self.held[slot][0] != who:
            raise No("slot-held")
        if slot <= now:
            raise No("slot-past")
        self.held.pop(slot, None)

    def publish(self, places: dict[int, str], now: int) -> None:
        if self.published:
            self.begin(now)
        for slot in {*self.held, *self.booked}:
            if places.get(slot) != self.places[slot]:
                raise No("slot-in-use")
        self.published, self.places = True, places
        self.serve(now)

    def hold(self, slot: int, who: str, now: int) -> None:
        self.begin(now)
        if slot in self.held and self.held[slot][0] == who:
            return
        self.take(slot, who, now)
        self.held = {s: other for s, other in self.held.items() if other[0] != who}
        self.held[slot] = (who, now + HOLD_MINUTES)
        self.serve(now)

    def book(self, slot: int, case: int, who: str, now: int) -> None:
        self.begin(now)
        if slot in self.places and self.slot_of(case) is not None:
            raise No("booking-exists")
        self.take(slot, who, now)
        self.queue = [turn for turn in self.queue if turn[0] != case]
        self.booked[slot] = (case, who)
        self.serve(now)

    def move(self, case: int, slot: int, now: int) -> None:
        self.begin(now)
        old = self.slot_of(case)
        if old is None:
            raise No("booking-not-found")
        if slot == old:
            return
        who = self.booked[old][1]
        self.take(slot, who, now)
        del self.booked[old]
        self.booked[slot] = (case, who)
        self.serve(now)

    def cancel(self, case: int, now: int) -> None:
        self.begin(now)
        slot = self.slot_of(case)
        if slot is None:
            raise No("booking-not-found")
        del self.booked[slot]
        self.serve(now)

    def join(self, case: int, who: str, now: int) -> None:
        self.begin(now)
        if any(turn[0] == case for turn in self.queue):
            return
        if self.slot_of(case) is not None:
            raise No("booking-exists")
        if self.free(now):
            raise No("waiting-list-needless")
        self.queue.append((case, who))

    def leave(self, case: int) -> None:
        if not self.published:
            raise No("day-not-found")
        self.queue = [turn for turn in self.queue if turn[0] != case]


def slot_id(minute: int) -> SlotId:
    return SlotId(f"{MEETING_DAY}.08{minute}-1")


def time_of(minute: int) -> datetime:
    return MORNING + timedelta(minutes=minute)


def case_id(number: int) -> CaseId:
    return CaseId(numbered(number))


class CalendarDayMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.day: Subject[CalendarDayCommand, CalendarDay, CalendarDayEvent] = Subject(decider)
        self.table = Table()
        self.minute = 0
        self.holds = 1000

    def _try(self, command: CalendarDayCommand, on: Table, step: str, *given: object) -> None:
        """The rules and the table must say the same; a refusal leaves both as they were."""
        expected = None
        try:
            getattr(on, step)(*given)
            self.table = on
        except No as no:
            expected = str(no)
        outcome = self.day.ask(command)
        assert (outcome if isinstance(outcome, str) else None) == expected

    def _publish(self, places: dict[int, str]) -> None:
        slots = tuple(
            Slot(
                slot=slot_id(minute),
                starts_at=time_of(minute),
                ends_at=time_of(minute + 5),
                place=place,
            )
            for minute, place in places.items()
        )
        command = PublishSlots(day=MEETING_DAY, slots=slots, now=time_of(self.minute))
        self._try(command, deepcopy(self.table), "publish", places, self.minute)

    @initialize(
        first=st.lists(st.sampled_from(STARTS), min_size=1, unique=True),
        is_there=st.sampled_from([True, True, True, False]),
    )
    def begin(self, first: list[int], *, is_there: bool) -> None:
        if is_there:
            self._publish(dict.fromkeys(first, "room 1"))

    @rule(minutes=st.sampled_from([1, 1, HOLD_MINUTES, HOLD_MINUTES, 15]))
    def time_passes(self, minutes: int) -> None:
        self.minute += minutes

    @rule(
        places=st.dictionaries(
            st.sampled_from(STARTS), st.sampled_from(["room 1", "room 1", "room 1", "room 2"])
        )
    )
    def publish(self, places: dict[int, str]) -> None:
        self._publish(places)

    @rule(extra=st.sampled_from(STARTS))
    def publish_one_more(self, extra: int) -> None:
        self._publish({**self.table.places, extra: self.table.places.get(extra, "room 1")})

    @rule(slot=SLOTS, who=WHO)
    def hold(self, slot: int, who: str) -> None:
        self.holds += 1
        command = HoldSlot(
            day=MEETING_DAY,
            slot=slot_id(slot),
            hold=HoldId(numbered(self.holds)),
            party=PartyId(who),
            now=time_of(self.minute),
            expires_at=time_of(self.minute + HOLD_MINUTES),
        )
        self._try(command, deepcopy(self.table), "hold", slot, who, self.minute)

    @rule(case=CASES, who=WHO, pick=st.integers(min_value=0, max_value=2))
    def book_what_is_free(self, case: int, who: str, pick: int) -> None:
        free = self.table.free(self.minute)
        if free:
            self.book(free[pick % len(free)], case, who)

    @rule(case=CASES)
    def book_what_is_held(self, case: int) -> None:
        for slot, (who, _) in list(self.table.held.items())[:1]:
            self.book(slot, case, who)

    @rule(pick=st.integers(min_value=0, max_value=2))
    def cancel_what_is_booked(self, pick: int) -> None:
        booked = sorted(case for case, _ in self.table.booked.values())
        if booked:
            self.cancel(booked[pick % len(booked)])

    @rule(slot=SLOTS, case=CASES, who=WHO)
    def book(self, slot: int, case: int, who: str) -> None:
        command = BookSlot(
            day=MEETING_DAY,
            slot=slot_id(slot),
            case_id=case_id(case),
            party=PartyId(who),
            now=time_of(self.minute),
        )
        self._try(command, deepcopy(self.table), "book", slot, case, who, self.minute)

    @rule(slot=SLOTS, case=CASES)
    def move(self, slot: int, case: int) -> None:
        command = MoveBooking(
            day=MEETING_DAY, case_id=case_id(case), slot=slot_id(slot), now=time_of(self.minute)
        )
        # Where the slot is and whether the case has a booking are both asked; the booking first.
        self._try(command, deepcopy(self.table), "move", case, slot, self.minute)

    @rule(case=CASES)
    def cancel(self, case: int) -> None:
        command = CancelBooking(day=MEETING_DAY, case_id=case_id(case), now=time_of(self.minute))
        self._try(command, deepcopy(self.table), "cancel", case, self.minute)

    @rule(case=CASES, who=WHO)
    def join(self, case: int, who: str) -> None:
        command = JoinWaitingList(
            day=MEETING_DAY, case_id=case_id(case), party=PartyId(who), now=time_of(self.minute)
        )
        self._try(command, deepcopy(self.table), "join", case, who, self.minute)

    @rule(case=CASES)
    def leave(self, case: int) -> None:
        command = LeaveWaitingList(day=MEETING_DAY, case_id=case_id(case))
        self._try(command, deepcopy(self.table), "leave", case)

    @rule()
    def expire(self) -> None:
        command = ExpireHolds(day=MEETING_DAY, now=time_of(self.minute))
        self._try(command, deepcopy(self.table), "begin", self.minute)

    @invariant()
    def the_state_is_what_happened(self) -> None:
        self.day.check()

    @invariant()
    def the_rules_and_the_table_agree(self) -> None:
        state, table = self.day.state, self.table
        assert set(state.slots) == {slot_id(minute) for minute in table.places}
        assert {slot: (hold.party, hold.expires_at) for slot, hold in state.holds.items()} == {
            slot_id(slot): (who, time_of(until)) for slot, (who, until) in table.held.items()
        }
        assert {slot: (has.case_id, has.party) for slot, has in state.bookings.items()} == {
            slot_id(slot): (case_id(case), who) for slot, (case, who) in table.booked.items()
        }
        assert [(turn.case_id, turn.party) for turn in state.waiting] == [
            (case_id(case), who) for case, who in table.queue
        ]

    @invariant()
    def no_slot_to_come_is_free_while_somebody_waits(self) -> None:
        assert not (self.table.queue and self.table.free(self.minute))
        assert not (self.day.state.waiting and self.day.state.free(time_of(self.minute)))

    @invariant()
    def a_slot_has_one_case_and_the_list_is_served_in_order_of_arrival(self) -> None:
        has: dict[SlotId, CaseId] = {}
        queue: list[CaseId] = []
        for event in self.day.history:
            if isinstance(event, WaitingListJoined):
                queue.append(event.case_id)
            elif isinstance(event, WaitingListLeft):
                queue.remove(event.case_id)
            elif isinstance(event, BookingCancelled):
                assert has.pop(event.slot) == event.case_id
            elif isinstance(event, SlotBooked | SlotGivenFromWaitingList):
                assert event.slot not in has
                assert event.case_id not in has.values()
                has[event.slot] = event.case_id
                if isinstance(event, SlotGivenFromWaitingList):
                    assert queue.pop(0) == event.case_id
        assert not set(queue) & set(has.values())


TestCalendarDay = CalendarDayMachine.TestCase
TestCalendarDay.settings = MACHINE
