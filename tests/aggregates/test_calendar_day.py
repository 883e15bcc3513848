from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregates.calendar_day import decider
from commands.calendar_day import CalendarDayCommand
from events.calendar_day import CalendarDayEvent
from events.ids import CaseId, PartyId, SlotId
from tests.examples import (
    AFTER_EXPIRY,
    ANNA,
    BO,
    FIRST_SLOT,
    HOLD_EXPIRES,
    LATE_SLOT,
    MEETING_CASE,
    NEXT_MEETING_DAY,
    OTHER_CASE,
    OTHER_HOLD,
    SECOND_SLOT,
    TOMRER,
    book_slot,
    booking_cancelled,
    cancel_booking,
    expire_holds,
    first_slot,
    hold_expired,
    hold_released,
    hold_slot,
    join_waiting_list,
    late_slot,
    leave_waiting_list,
    move_booking,
    numbered,
    publish_slots,
    second_slot,
    slot_booked,
    slot_given,
    slot_held,
    slots_published,
    waiting_list_joined,
    waiting_list_left,
)
from tests.spec import Given

FIRST_SLOT_BEGUN = first_slot.starts_at

unknown = Given(decider)
published = unknown.given(slots_published)
held = published.given(slot_held)
booked = published.given(slot_booked)

second_held = replace(slot_held, slot=SECOND_SLOT, hold=OTHER_HOLD, party=TOMRER)


def numbered_case(number: int) -> CaseId:
    return CaseId(numbered(number))


second_booked = replace(slot_booked, slot=SECOND_SLOT, case_id=numbered_case(8), party=BO)


def waits(number: int, party: PartyId = BO) -> CalendarDayEvent:
    return replace(waiting_list_joined, case_id=numbered_case(number), party=party)


def left(number: int) -> CalendarDayEvent:
    return replace(waiting_list_left, case_id=numbered_case(number))


def given(slot: SlotId, number: int) -> CalendarDayEvent:
    return replace(slot_given, slot=slot, case_id=numbered_case(number), party=BO)


@pytest.mark.parametrize(
    "command",
    [
        hold_slot,
        book_slot,
        move_booking,
        cancel_booking,
        join_waiting_list,
        leave_waiting_list,
        expire_holds,
    ],
    ids=lambda c: type(c).__name__,
)
def test_nothing_happens_on_a_day_nobody_published(command: CalendarDayCommand) -> None:
    unknown.when(command).refused("day-not-found")


def test_the_slots_of_a_day_are_published_whole() -> None:
    unknown.when(publish_slots).then(slots_published)
    published.when(replace(publish_slots, slots=(second_slot, late_slot))).then(
        replace(slots_published, slots=(second_slot, late_slot))
    )
    published.when(replace(publish_slots, slots=())).then(replace(slots_published, slots=()))


def test_publishing_the_same_slots_changes_nothing() -> None:
    published.when(publish_slots).then()
    unknown.given(replace(slots_published, slots=())).when(replace(publish_slots, slots=())).then()
    booked.when(publish_slots).then()


def test_slots_belong_to_the_day_and_are_named_once() -> None:
    unknown.when(replace(publish_slots, day=NEXT_MEETING_DAY)).refused("slot-of-another-day")
    unknown.when(replace(publish_slots, slots=(first_slot, second_slot, first_slot))).refused(
        "slot-duplicate"
    )


def test_a_slot_ends_after_it_starts() -> None:
    for ends_at in (first_slot.starts_at, first_slot.starts_at - timedelta(minutes=1)):
        backwards = replace(first_slot, ends_at=ends_at)
        unknown.when(replace(publish_slots, slots=(backwards,))).refused("slot-backwards")


def test_a_slot_that_somebody_has_is_neither_moved_nor_removed() -> None:
    shorter = replace(first_slot, ends_at=first_slot.ends_at - timedelta(minutes=15))
    elsewhere = replace(first_slot, place="Rådhuset, lokale 9")
    for taken in (held, booked):
        for slots in ((second_slot,), (shorter, second_slot), (elsewhere, second_slot)):
            taken.when(replace(publish_slots, slots=slots)).refused("slot-in-use")
        taken.when(replace(publish_slots, slots=(first_slot, late_slot))).then(
            replace(slots_published, slots=(first_slot, late_slot))
        )


def test_a_slot_whose_hold_has_expired_may_be_removed() -> None:
    held.when(replace(publish_slots, slots=(second_slot,), now=HOLD_EXPIRES)).then(
        hold_expired, replace(slots_published, slots=(second_slot,))
    )


def test_new_slots_go_to_those_who_wait() -> None:
    full = booked.given(second_booked, waits(3), waits(4))
    with_late = (first_slot, second_slot, late_slot)
    full.when(replace(publish_slots, slots=with_late)).then(
        replace(slots_published, slots=with_late), given(LATE_SLOT, 3)
    )


def test_a_free_slot_is_held() -> None:
    published.when(hold_slot).then(slot_held)


def test_holding_what_one_holds_changes_nothing() -> None:
    held.when(replace(hold_slot, hold=OTHER_HOLD)).then()


def test_holding_again_after_the_hold_expired_holds_anew() -> None:
    again = replace(
        hold_slot,
        hold=OTHER_HOLD,
        now=AFTER_EXPIRY,
        expires_at=AFTER_EXPIRY + timedelta(minutes=10),
    )
    held.when(again).then(
        hold_expired, replace(slot_held, hold=OTHER_HOLD, expires_at=again.expires_at)
    )


def test_a_party_holds_one_slot_of_a_day_at_a_time() -> None:
    other = replace(hold_slot, slot=SECOND_SLOT, hold=OTHER_HOLD)
    held.when(other).then(hold_released, replace(slot_held, slot=SECOND_SLOT, hold=OTHER_HOLD))


def test_a_list_that_stands_beside_a_free_slot_is_served_before_anything_else() -> None:
    # These rules never leave a day so, but history is believed whichever rules wrote it.
    neglected = held.given(waits(3))
    neglected.when(expire_holds).then(hold_expired, given(FIRST_SLOT, 3))
    neglected.when(replace(expire_holds, now=hold_slot.now)).then(given(SECOND_SLOT, 3))
    neglected.when(replace(hold_slot, slot=SECOND_SLOT, hold=OTHER_HOLD)).refused("slot-taken")


def test_what_another_has_is_not_held() -> None:
    held.when(replace(hold_slot, party=BO)).refused("slot-held")
    booked.when(hold_slot).refused("slot-taken")
    booked.when(replace(hold_slot, party=BO)).refused("slot-taken")


def test_a_slot_that_has_begun_is_neither_held_nor_booked() -> None:
    published.when(replace(hold_slot, now=FIRST_SLOT_BEGUN)).refused("slot-past")
    published.when(replace(book_slot, now=FIRST_SLOT_BEGUN)).refused("slot-past")
    just_before = FIRST_SLOT_BEGUN - timedelta(seconds=1)
    published.when(replace(book_slot, now=just_before)).then(slot_booked)
    of_second = replace(slot_booked, slot=SECOND_SLOT)
    back = replace(move_booking, slot=FIRST_SLOT, now=FIRST_SLOT_BEGUN)
    published.given(of_second).when(back).refused("slot-past")


def test_there_is_no_slot_but_those_published() -> None:
    published.when(replace(hold_slot, slot=LATE_SLOT)).refused("slot-not-found")
    published.when(replace(book_slot, slot=LATE_SLOT)).refused("slot-not-found")
    booked.when(replace(move_booking, slot=LATE_SLOT)).refused("slot-not-found")


def test_a_free_slot_is_booked() -> None:
    published.when(book_slot).then(slot_booked)


def test_a_booking_consumes_the_partys_own_hold() -> None:
    held.when(book_slot).then(slot_booked)
    # After that there is no hold left to expire, not even when its time is up.
    held.given(slot_booked).when(expire_holds).then()
    held.given(slot_booked, booking_cancelled).when(replace(hold_slot, party=BO)).then(
        replace(slot_held, party=BO)
    )


def test_what_another_has_is_not_booked() -> None:
    other = replace(book_slot, case_id=OTHER_CASE, party=BO)
    held.when(other).refused("slot-held")
    booked.when(other).refused("slot-taken")


def test_an_expired_hold_stops_nobody() -> None:
    other = replace(book_slot, case_id=OTHER_CASE, party=BO, now=HOLD_EXPIRES)
    held.when(other).then(hold_expired, replace(slot_booked, case_id=OTHER_CASE, party=BO))
    just_before = HOLD_EXPIRES - timedelta(microseconds=1)
    held.when(replace(other, now=just_before)).refused("slot-held")


def test_a_case_has_one_booking_a_day() -> None:
    booked.when(replace(book_slot, slot=SECOND_SLOT)).refused("booking-exists")
    booked.when(book_slot).refused("booking-exists")


def test_a_waiting_case_that_books_leaves_the_list() -> None:
    full = held.given(second_booked, waits(1, ANNA))
    full.when(book_slot).then(left(1), slot_booked)


def test_a_booking_is_moved_to_another_slot_of_the_day() -> None:
    moved = replace(slot_booked, slot=SECOND_SLOT)
    booked.when(move_booking).then(booking_cancelled, moved)
    own_hold = replace(second_held, party=ANNA)
    booked.given(own_hold).when(move_booking).then(booking_cancelled, moved)


def test_moving_a_booking_to_where_it_is_changes_nothing() -> None:
    booked.when(replace(move_booking, slot=FIRST_SLOT)).then()


def test_a_booking_is_not_moved_to_what_another_has() -> None:
    booked.given(second_booked).when(move_booking).refused("slot-taken")
    booked.given(second_held).when(move_booking).refused("slot-held")


def test_only_a_booking_is_moved_or_cancelled() -> None:
    for history in (published, held, booked.given(booking_cancelled)):
        history.when(move_booking).refused("booking-not-found")
        history.when(cancel_booking).refused("booking-not-found")


def test_a_cancelled_booking_leaves_a_free_slot() -> None:
    booked.when(cancel_booking).then(booking_cancelled)
    booked.given(booking_cancelled).when(book_slot).then(slot_booked)


def test_what_a_cancellation_frees_goes_to_whoever_waited_longest() -> None:
    full = booked.given(second_booked, waits(3), waits(4))
    full.when(cancel_booking).then(booking_cancelled, given(FIRST_SLOT, 3))
    full.given(left(3)).when(cancel_booking).then(booking_cancelled, given(FIRST_SLOT, 4))


def test_what_a_move_frees_goes_to_whoever_waited_longest() -> None:
    # The second slot is Anna's own hold, so that it is hers to move to while others wait.
    full = booked.given(replace(second_held, party=ANNA), waits(3), waits(4))
    full.when(move_booking).then(
        booking_cancelled, replace(slot_booked, slot=SECOND_SLOT), given(FIRST_SLOT, 3)
    )


def test_a_slot_that_has_begun_is_not_given_away() -> None:
    full = booked.given(second_booked, waits(3))
    full.when(replace(cancel_booking, now=FIRST_SLOT_BEGUN)).then(booking_cancelled)
    full.when(replace(cancel_booking, now=FIRST_SLOT_BEGUN - timedelta(seconds=1))).then(
        booking_cancelled, given(FIRST_SLOT, 3)
    )


def test_the_list_is_joined_when_nothing_is_free() -> None:
    full = booked.given(second_held)
    full.when(join_waiting_list).then(waiting_list_joined)
    published.when(join_waiting_list).refused("waiting-list-needless")
    booked.when(join_waiting_list).refused("waiting-list-needless")


def test_a_slot_that_has_begun_does_not_make_waiting_needless() -> None:
    second = published.given(replace(slot_booked, slot=SECOND_SLOT))
    second.when(replace(join_waiting_list, now=FIRST_SLOT_BEGUN)).then(waiting_list_joined)


def test_a_hold_that_expires_makes_waiting_needless() -> None:
    full = held.given(second_booked)
    full.when(replace(join_waiting_list, case_id=numbered_case(3), now=HOLD_EXPIRES)).refused(
        "waiting-list-needless"
    )


def test_joining_twice_changes_nothing() -> None:
    full = booked.given(second_held, waiting_list_joined)
    full.when(join_waiting_list).then()


def test_a_case_with_a_booking_does_not_wait() -> None:
    full = booked.given(second_held)
    full.when(replace(join_waiting_list, case_id=MEETING_CASE, party=ANNA)).refused(
        "booking-exists"
    )


def test_the_list_is_left() -> None:
    full = booked.given(second_held, waiting_list_joined)
    full.when(leave_waiting_list).then(left(3))
    full.given(left(3)).when(leave_waiting_list).then()
    published.when(leave_waiting_list).then()


def test_whoever_leaves_and_joins_again_stands_last() -> None:
    full = booked.given(second_booked, waits(3), waits(4), left(3), waits(3))
    full.when(cancel_booking).then(booking_cancelled, given(FIRST_SLOT, 4))


def test_holds_expire_when_their_time_is_up() -> None:
    held.when(expire_holds).then(hold_expired)
    held.when(replace(expire_holds, now=HOLD_EXPIRES)).then(hold_expired)
    held.when(replace(expire_holds, now=HOLD_EXPIRES - timedelta(microseconds=1))).then()
    held.given(hold_expired).when(expire_holds).then()
    held.given(hold_released).when(expire_holds).then()


def test_expired_holds_serve_the_list_in_order_with_the_earliest_slot_first() -> None:
    everything = unknown.given(
        replace(slots_published, slots=(late_slot, second_slot, first_slot)),
        replace(slot_held, slot=LATE_SLOT),
        second_held,
        replace(slot_booked, case_id=numbered_case(9)),
        waits(3),
        waits(4),
        waits(5),
    )
    everything.when(expire_holds).then(
        replace(hold_expired, slot=LATE_SLOT),
        replace(hold_expired, slot=SECOND_SLOT, hold=OTHER_HOLD),
        given(SECOND_SLOT, 3),
        given(LATE_SLOT, 4),
    )


def test_what_time_has_changed_comes_before_the_commands_own_events() -> None:
    full = held.given(second_booked, waits(4))
    later = replace(cancel_booking, case_id=numbered_case(8), now=AFTER_EXPIRY)
    full.when(later).then(
        hold_expired,
        given(FIRST_SLOT, 4),
        replace(booking_cancelled, slot=SECOND_SLOT, case_id=numbered_case(8)),
    )


def test_those_who_wait_come_before_whoever_asks_now() -> None:
    full = held.given(second_booked, waits(4))
    late = replace(book_slot, case_id=numbered_case(5), party=TOMRER, now=AFTER_EXPIRY)
    full.when(late).refused("slot-taken")


def test_an_expired_hold_on_a_slot_that_has_begun_serves_nobody() -> None:
    full = held.given(second_booked, waits(4))
    full.when(replace(expire_holds, now=FIRST_SLOT_BEGUN)).then(hold_expired)


def test_the_same_instant_is_meant_whatever_its_offset() -> None:
    in_greenwich = HOLD_EXPIRES.astimezone(UTC)
    held.when(replace(expire_holds, now=in_greenwich)).then(hold_expired)
    stored: datetime = first_slot.starts_at.astimezone(UTC)
    same = replace(publish_slots, slots=(replace(first_slot, starts_at=stored), second_slot))
    published.when(same).then()


def test_the_state_says_what_commands_across_streams_ask() -> None:
    day = decider.replay([slots_published, slot_booked, second_booked, waits(3), waits(4)])
    assert day.slots[FIRST_SLOT] == first_slot
    assert [place.case_id for place in day.waiting] == [numbered_case(3), numbered_case(4)]
    assert [place.party for place in day.waiting] == [BO, BO]
