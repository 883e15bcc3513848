"""Counting days by rule: working days or calendar days, and what a stopped clock leaves over."""

from collections.abc import Container
from datetime import date, timedelta

from events.day_unit import DayUnit

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def is_working_day(day: date, days_off: Container[date]) -> bool:
    return day.weekday() < SATURDAY and day not in days_off


def next_working_day(day: date, days_off: Container[date]) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day, days_off):
        day += ONE_DAY
    return day


def count(start: date, days: int, unit: DayUnit, days_off: Container[date]) -> date:
    """The last day of a period counted from `start`, which is not part of it.

    Regulation (EEC, Euratom) 1182/71, article 3(1): the day of the event does not count.

    Raises:
        ValueError: `days` is less than one.
    """
    if days < 1:
        raise ValueError("A period is at least one day long.")
    if unit is DayUnit.CALENDAR_DAYS:
        return start + timedelta(days=days)
    day = start
    for _ in range(days):
        day = next_working_day(day + ONE_DAY, days_off)
    return day


def days_left(after: date, due_on: date, unit: DayUnit, days_off: Container[date]) -> int:
    """How many days of a period lie after a day, up to and including its last one."""
    rest = max(0, (due_on - after).days)
    if unit is DayUnit.CALENDAR_DAYS:
        return rest
    days = (after + timedelta(days=number) for number in range(1, rest + 1))
    return sum(is_working_day(day, days_off) for day in days)


def shifted(
    due_on: date,
    suspended_on: date,
    resumed_on: date,
    unit: DayUnit,
    days_off: Container[date],
) -> date:
    """The last day of a period whose clock stood still between two days.

    What was left when it stopped is left when it runs on, so no day between has counted.
    """
    left = days_left(suspended_on, due_on, unit, days_off)
    return max(due_on, count(resumed_on, left, unit, days_off) if left else resumed_on)
