from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.day_unit import DayUnit
from services.clock import COPENHAGEN
from services.deadlines import (
    Period,
    WorkCalendar,
    add_calendar_days,
    add_working_days,
    days_off,
    due_on,
    end_of_day,
    is_working_day,
    last_day_before,
    local_date,
    next_working_day,
    start_of_day,
)

PLAIN = WorkCalendar()
TOWN_HALL = WorkCalendar(closing_days=frozenset({"06-05", "12-24", "12-31", "2026-12-28"}))


def working_days(days: int) -> Period:
    return Period(days=days, unit=DayUnit.WORKING_DAYS)


def calendar_days(days: int, *, rolls: bool = False) -> Period:
    return Period(days=days, unit=DayUnit.CALENDAR_DAYS, rolls=rolls)


def test_store_bededag_is_a_holiday_until_2023_and_not_after() -> None:
    """The fourth Friday after Easter was abolished as of 2024."""
    assert not is_working_day(date(2023, 5, 5), PLAIN)
    assert is_working_day(date(2024, 4, 26), PLAIN)
    assert is_working_day(date(2026, 5, 1), PLAIN)


@pytest.mark.parametrize(
    "holiday",
    ["2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"],
)
def test_public_holidays_are_no_working_days(holiday: str) -> None:
    assert not is_working_day(date.fromisoformat(holiday), PLAIN)


def test_local_closing_days_come_every_year_or_once() -> None:
    assert is_working_day(date(2026, 12, 24), PLAIN)
    assert not is_working_day(date(2026, 12, 24), TOWN_HALL)
    assert not is_working_day(date(2029, 6, 5), TOWN_HALL)
    assert not is_working_day(date(2026, 12, 28), TOWN_HALL)
    assert is_working_day(date(2027, 12, 28), TOWN_HALL)


def test_working_days_pass_over_easter() -> None:
    """Maundy Thursday 2 April to Easter Monday 6 April 2026 do not count."""
    assert add_working_days(date(2026, 4, 1), 1, PLAIN) == date(2026, 4, 7)
    assert add_working_days(date(2026, 3, 30), 5, PLAIN) == date(2026, 4, 9)


def test_working_days_pass_over_christmas_and_closing_days() -> None:
    assert add_working_days(date(2026, 12, 23), 1, PLAIN) == date(2026, 12, 24)
    assert add_working_days(date(2026, 12, 23), 1, TOWN_HALL) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 23), 3, TOWN_HALL) == date(2027, 1, 4)


def test_the_day_of_receipt_does_not_count() -> None:
    monday_morning = datetime(2026, 3, 2, 8, 0, tzinfo=COPENHAGEN)
    assert due_on(monday_morning, working_days(5), PLAIN) == date(2026, 3, 9)
    assert due_on(monday_morning, calendar_days(14), PLAIN) == date(2026, 3, 16)


def test_a_calendar_period_rolls_past_weekend_and_holidays_only_if_its_rule_says_so() -> None:
    received = datetime(2026, 3, 19, 12, 0, tzinfo=COPENHAGEN)
    assert due_on(received, calendar_days(14), PLAIN) == date(2026, 4, 2)
    assert due_on(received, calendar_days(14, rolls=True), PLAIN) == date(2026, 4, 7)


def test_a_time_is_of_the_day_it_is_in_copenhagen() -> None:
    """22:30 UTC is already tomorrow in summer, 23:30 UTC in winter."""
    assert local_date(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert local_date(datetime(2026, 1, 1, 22, 30, tzinfo=UTC)) == date(2026, 1, 1)
    sunday_night = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert due_on(sunday_night, working_days(1), PLAIN) == date(2026, 3, 3)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_date(datetime(2026, 7, 1, 12, 0))  # noqa: DTZ001 the mistake itself


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    asked = date.fromisoformat(day)
    length = end_of_day(asked).astimezone(UTC) - start_of_day(asked).astimezone(UTC)
    assert length + timedelta(microseconds=1) == timedelta(hours=hours)


def test_a_deadline_counts_the_days_on_which_clocks_change_as_one_each() -> None:
    received = datetime(2026, 3, 28, 23, 59, tzinfo=COPENHAGEN)
    assert due_on(received, calendar_days(1), PLAIN) == date(2026, 3, 29)
    assert due_on(received, calendar_days(2), PLAIN) == date(2026, 3, 30)


def test_what_closes_at_midnight_has_the_day_before_as_its_last() -> None:
    midnight = datetime(2026, 12, 10, 0, 0, tzinfo=COPENHAGEN)
    assert last_day_before(midnight) == date(2026, 12, 9)
    assert last_day_before(midnight + timedelta(hours=12)) == date(2026, 12, 10)
    assert last_day_before(end_of_day(date(2026, 12, 10))) == date(2026, 12, 10)


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_is_at_least_one_day(days: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        add_working_days(date(2026, 3, 2), days, PLAIN)
    with pytest.raises(ValueError, match="at least one day"):
        add_calendar_days(date(2026, 3, 2), days)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(1, 60))
def test_working_days_add_up(start: date, days: int) -> None:
    """n working days end on a working day, with exactly n of them in between."""
    end = add_working_days(start, days, TOWN_HALL)
    passed = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    assert is_working_day(end, TOWN_HALL)
    assert sum(is_working_day(day, TOWN_HALL) for day in passed) == days
    assert next_working_day(end, TOWN_HALL) == end


def test_a_rule_gets_the_days_off_around_the_days_it_counts() -> None:
    found = days_off(TOWN_HALL, date(2026, 12, 1))
    assert {date(2026, 12, day) for day in range(20, 32)} & found == {
        date(2026, 12, day) for day in (24, 25, 26, 28, 31)
    }
    assert date(2023, 5, 5) in found  # store bededag, for the last time
    assert date(2037, 6, 5) in found


@given(st.dates(date(2021, 1, 1), date(2036, 12, 31)))
def test_the_days_off_are_those_of_the_calendar(day: date) -> None:
    assert (day in days_off(TOWN_HALL, date(2026, 6, 1))) == (day in TOWN_HALL)
