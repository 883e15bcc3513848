from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.day_counting import count, days_left, is_working_day, next_working_day, shifted
from events.day_unit import DayUnit
from tests.procedure_examples import CHRISTMAS, NO_DAYS_OFF

WORKING, CALENDAR = DayUnit.WORKING_DAYS, DayUnit.CALENDAR_DAYS
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
UNITS = st.sampled_from(DayUnit)


def test_weekends_and_days_off_are_no_working_days() -> None:
    assert is_working_day(date(2026, 12, 23), CHRISTMAS)
    assert not is_working_day(date(2026, 12, 24), CHRISTMAS)
    assert not is_working_day(date(2026, 12, 27), NO_DAYS_OFF)
    assert next_working_day(date(2026, 12, 24), CHRISTMAS) == date(2026, 12, 28)
    assert next_working_day(date(2026, 12, 23), CHRISTMAS) == date(2026, 12, 23)


def test_the_day_counted_from_is_not_part_of_the_period() -> None:
    assert count(date(2026, 12, 23), 1, CALENDAR, CHRISTMAS) == date(2026, 12, 24)
    assert count(date(2026, 12, 23), 1, WORKING, CHRISTMAS) == date(2026, 12, 28)
    with pytest.raises(ValueError, match="at least one day"):
        count(date(2026, 12, 23), 0, CALENDAR, CHRISTMAS)


@given(DAYS, st.integers(1, 60), UNITS)
def test_what_was_counted_is_what_is_left(start: date, days: int, unit: DayUnit) -> None:
    assert days_left(start, count(start, days, unit, CHRISTMAS), unit, CHRISTMAS) == days


def test_a_clock_that_stood_still_gives_back_its_days() -> None:
    due, stopped, ran = date(2026, 12, 18), date(2026, 12, 9), date(2026, 12, 14)
    assert shifted(due, stopped, ran, CALENDAR, NO_DAYS_OFF) == date(2026, 12, 23)
    # Seven working days were left, and Christmas is none of them.
    assert shifted(due, stopped, ran, WORKING, CHRISTMAS) == date(2026, 12, 23)
    assert shifted(due, stopped, date(2026, 12, 22), WORKING, CHRISTMAS) == date(2027, 1, 4)


@given(DAYS, st.integers(0, 40), st.integers(0, 30), st.integers(0, 30), UNITS)
def test_no_day_between_has_counted(
    stopped: date, left: int, still: int, again: int, unit: DayUnit
) -> None:
    due = stopped + timedelta(days=left)
    rest = days_left(stopped, due, unit, CHRISTMAS)
    ran = stopped + timedelta(days=still)
    later = shifted(due, stopped, ran, unit, CHRISTMAS)
    assert days_left(ran, later, unit, CHRISTMAS) == rest
    # Stopped twice on end is stopped once for longer.
    last = ran + timedelta(days=again)
    once = shifted(due, stopped, last, unit, CHRISTMAS)
    twice = shifted(later, ran, last, unit, CHRISTMAS)
    assert days_left(last, twice, unit, CHRISTMAS) == days_left(last, once, unit, CHRISTMAS)
