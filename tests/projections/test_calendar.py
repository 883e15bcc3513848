from datetime import date, timedelta

import pytest

from events.calendar_day import CalendarDayEvent, SlotsPublished
from events.ids import CaseId, SlotId, TeamId
from projections import calendar, waiting
from tests.examples import (
    FIRST_SLOT,
    HOLD_EXPIRES,
    LATE_SLOT,
    MEETING_DAY,
    NEXT_MEETING_DAY,
    NOW,
    OTHER_CASE,
    SECOND_SLOT,
    TEAM,
    at,
    booking_cancelled,
    first_slot,
    hold_expired,
    hold_released,
    late_slot,
    second_slot,
    slot_booked,
    slot_given,
    slot_held,
    slots_published,
    waiting_list_joined,
    waiting_list_left,
)
from tests.projections.views import Views

DAY = date(2026, 12, 8)


def free(views: Views, first: date = DAY, last: date = DAY, now: object = NOW) -> list[SlotId]:
    found = views.ask(lambda db: calendar.free_slots(db, TEAM, first, last, now))  # type: ignore[arg-type]  # a datetime in every test
    return [slot.slot for slot in found]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], [FIRST_SLOT, SECOND_SLOT]),
        ([slot_held], [SECOND_SLOT]),
        ([slot_held, hold_released], [FIRST_SLOT, SECOND_SLOT]),
        ([slot_held, hold_expired], [FIRST_SLOT, SECOND_SLOT]),
        ([slot_held, slot_booked], [SECOND_SLOT]),
        ([slot_booked, booking_cancelled], [FIRST_SLOT, SECOND_SLOT]),
        ([slot_booked, booking_cancelled, slot_given], [SECOND_SLOT]),
    ],
)
def test_a_slot_is_free_unless_it_is_held_or_booked(
    views: Views, history: list[CalendarDayEvent], expected: list[SlotId]
) -> None:
    views.show(calendar.projection, slots_published, *history)

    assert free(views) == expected


def test_a_hold_that_has_run_out_counts_as_none(views: Views) -> None:
    views.show(calendar.projection, slots_published, slot_held)

    assert FIRST_SLOT not in free(views, now=HOLD_EXPIRES - timedelta(microseconds=1))
    assert FIRST_SLOT in free(views, now=HOLD_EXPIRES)


def test_what_has_begun_is_offered_to_nobody(views: Views) -> None:
    views.show(calendar.projection, slots_published)

    assert free(views, now=first_slot.starts_at) == [SECOND_SLOT]


def test_a_slot_that_is_not_named_again_is_withdrawn_and_a_booked_one_stays_booked(
    views: Views,
) -> None:
    again = SlotsPublished(day=MEETING_DAY, slots=(first_slot, late_slot))
    views.show(calendar.projection, slots_published, slot_booked)
    views.show(calendar.projection, again)

    assert free(views) == [LATE_SLOT]
    rows = views.db.execute("SELECT slot, state FROM calendar ORDER BY slot").fetchall()
    assert rows == [(FIRST_SLOT, "booked"), (LATE_SLOT, "free")]


def test_slots_are_found_by_team_and_local_day(views: Views) -> None:
    views.show(
        calendar.projection,
        slots_published,
        SlotsPublished(day=NEXT_MEETING_DAY, slots=()),
    )

    assert free(views, first=date(2026, 12, 1), last=date(2026, 12, 31)) == [
        FIRST_SLOT,
        SECOND_SLOT,
    ]
    assert free(views, first=date(2026, 12, 9), last=date(2026, 12, 31)) == []
    other = TeamId("ejendomsdata")
    assert views.ask(lambda db: calendar.free_slots(db, other, DAY, DAY, NOW)) == []


def test_a_free_slot_says_when_and_where(views: Views) -> None:
    views.show(calendar.projection, SlotsPublished(day=MEETING_DAY, slots=(second_slot,)))

    (slot,) = views.ask(lambda db: calendar.free_slots(db, TEAM, DAY, DAY, NOW))

    assert slot == calendar.FreeSlot(
        slot=SECOND_SLOT,
        day=MEETING_DAY,
        starts_at=at(12, 8, 10),
        ends_at=at(12, 8, 11),
        place="Rådhuset, lokale 2",
    )


@pytest.mark.parametrize(
    ("history", "line"),
    [
        ([waiting_list_joined], [OTHER_CASE]),
        ([waiting_list_joined, waiting_list_left], []),
        ([waiting_list_joined, slot_given], []),
        ([waiting_list_joined, waiting_list_left, waiting_list_joined], [OTHER_CASE]),
    ],
)
def test_the_waiting_list_shows_who_waits_that_day(
    views: Views, history: list[CalendarDayEvent], line: list[CaseId]
) -> None:
    views.show(waiting.projection, *history)

    assert views.ask(lambda db: waiting.of_day(db, MEETING_DAY)) == line
    assert views.ask(lambda db: waiting.of_day(db, NEXT_MEETING_DAY)) == []
