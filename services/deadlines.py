"""Counting days to a deadline, by Danish public holidays and the midnight of Copenhagen."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final, assert_never

import holidays

from aggregates import day_counting
from commands.case_deadline import DaysOff
from events.day_unit import DayUnit
from services.clock import COPENHAGEN

MOMENT: Final = timedelta(microseconds=1)
YEARS_BACK: Final = 5
YEARS_AHEAD: Final = 11
"""No clock has stood still for longer than the one, and no period is longer than the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Days on which an organisation is closed beside weekends and public holidays.

    A closing day is `MM-DD`, every year, or `YYYY-MM-DD`, once. Constitution Day, Christmas Eve
    and New Year's Eve are no public holidays in Denmark, so whoever closes then says so here.
    A day is in the calendar when it is off: a public holiday or a closing day.
    """

    closing_days: frozenset[str] = frozenset()

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        written = day.isoformat()
        return day in _public_holidays(day.year) or not self.closing_days.isdisjoint(
            (written, written[5:])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A length of time. The day it is counted from is not part of it.

    `rolls`: a period of calendar days whose last day is no working day lasts until the end of the
    next one, as Regulation (EEC, Euratom) 1182/71, article 3(4), has it. A period of working days
    always ends on one.
    """

    days: int
    unit: DayUnit
    rolls: bool = False


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    """Monday to Friday, no Danish public holiday, no closing day.

    Store bededag is a public holiday up to and including 2023 (abolished by lov nr. 214 of 2023).
    """
    return day_counting.is_working_day(day, calendar)


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    return day_counting.next_working_day(day, calendar)


@lru_cache(maxsize=1024)
def add_working_days(start: date, days: int, calendar: WorkCalendar) -> date:
    """The working day that comes as number `days` after `start`, which is not counted.

    Raises:
        ValueError: `days` is less than one.
    """
    return day_counting.count(start, days, DayUnit.WORKING_DAYS, calendar)


def add_calendar_days(start: date, days: int) -> date:
    """The day that comes as number `days` after `start`, which is not counted.

    Raises:
        ValueError: `days` is less than one.
    """
    return day_counting.count(start, days, DayUnit.CALENDAR_DAYS, ())


def count(start: date, period: Period, calendar: WorkCalendar) -> date:
    """The last day of a period counted from a day, which is not part of it.

    Regulation (EEC, Euratom) 1182/71, article 3(1): the day of the event does not count.
    """
    match period.unit:
        case DayUnit.WORKING_DAYS:
            return add_working_days(start, period.days, calendar)
        case DayUnit.CALENDAR_DAYS:
            last = add_calendar_days(start, period.days)
            return next_working_day(last, calendar) if period.rolls else last
        case _:
            assert_never(period.unit)


@lru_cache(maxsize=64)
def days_off(calendar: WorkCalendar, today: date) -> DaysOff:
    """The days off around today, for rules that count days: they look into no calendar."""
    first, last = date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(day for day in days if day in calendar)


def due_on(received: datetime, period: Period, calendar: WorkCalendar) -> date:
    """The last day in time for something received then, counted from its day in Copenhagen.

    Raises:
        ValueError: `received` has no offset.
    """
    return count(local_date(received), period, calendar)


def local_date(moment: datetime) -> date:
    """The date in Copenhagen at a moment; never that of UTC.

    Raises:
        ValueError: `moment` has no offset.
    """
    if moment.tzinfo is None:
        raise ValueError("A time without an offset has no date in Copenhagen.")
    return moment.astimezone(COPENHAGEN).date()


def last_day_before(closes_at: datetime) -> date:
    """The last date in Copenhagen with a moment before `closes_at`.

    What closes at midnight has the day that ends there as its last day.

    Raises:
        ValueError: `closes_at` has no offset.
    """
    return local_date(closes_at - MOMENT)


def start_of_day(day: date) -> datetime:
    """Midnight in Copenhagen, where a day has 23 to 25 hours."""
    return datetime.combine(day, time.min, COPENHAGEN)


def end_of_day(day: date) -> datetime:
    """The last microsecond of a day in Copenhagen."""
    return datetime.combine(day, time.max, COPENHAGEN)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))
