"""Counting days to a deadline, by Danish public holidays and the midnight of Copenhagen."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import assert_never

import holidays

from events.day_unit import DayUnit
from services.clock import COPENHAGEN

MOMENT = timedelta(microseconds=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Days on which an organisation is closed beside weekends and public holidays.

    A closing day is `MM-DD`, every year, or `YYYY-MM-DD`, once. Constitution Day, Christmas Eve
    and New Year's Eve are no public holidays in Denmark, so whoever closes then says so here.
    """

    closing_days: frozenset[str] = frozenset()


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
    written = day.isoformat()
    return (
        day.weekday() < SATURDAY
        and day not in _public_holidays(day.year)
        and not calendar.closing_days & {written, written[5:]}
    )


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=1024)
def add_working_days(start: date, days: int, calendar: WorkCalendar) -> date:
    """The working day that comes as number `days` after `start`, which is not counted.

    Raises:
        ValueError: `days` is less than one.
    """
    _require_length(days)
    day = start
    for _ in range(days):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day


def add_calendar_days(start: date, days: int) -> date:
    """The day that comes as number `days` after `start`, which is not counted.

    Raises:
        ValueError: `days` is less than one.
    """
    _require_length(days)
    return start + timedelta(days=days)


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


def _require_length(days: int) -> None:
    if days < 1:
        raise ValueError("A period is at least one day long.")


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))
