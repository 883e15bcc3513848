"""How long a tender's periods are (udbudsloven; directive 2014/24/EU; Regulation 1182/71)."""

from datetime import date, datetime, time, timedelta
from typing import Final

from aggregates.day_counting import next_working_day
from commands.case_deadline import DaysOff
from commands.refusal import Refused
from events.tender import Procedure
from events.tender_award import Notice

ONE_DAY: Final = timedelta(days=1)

TO_BID_DAYS: Final = 30
"""In an open procedure: 35 days, and five less where bids come electronically (udbudsloven § 57;
directive article 27(1) and (4))."""
TO_ASK_DAYS: Final = 30
"""For requests to take part in a restricted procedure (udbudsloven § 59(2))."""
INVITED_DAYS: Final = 25
"""For the bids of those invited: 30 days, and five less as above (udbudsloven § 60(2) and (4))."""
TO_READ_DAYS: Final = 6
"""Whole days between what is told last and the deadline (udbudsloven §§ 93(4) and 134)."""

STANDSTILL_DAYS: Final = {Notice.ELECTRONIC: 10, Notice.LETTER: 15}
"""Before a contract may be concluded (lov om Klagenævnet for Udbud § 3)."""


def require_time_to_bid(
    procedure: Procedure, published_at: datetime, closes_at: datetime, days_off: DaysOff
) -> None:
    _require_from(earliest_deadline(procedure, published_at, days_off), closes_at)


def require_time_of_invited(invited_at: datetime, closes_at: datetime, days_off: DaysOff) -> None:
    earliest = earliest_deadline(Procedure.RESTRICTED, invited_at, days_off, invited=True)
    _require_from(earliest, closes_at)


def time_to_read(told_at: datetime, closes_at: datetime, days_off: DaysOff) -> datetime:
    """The deadline that leaves bidders their days after what was told: the same if it does.

    A deadline that is moved keeps its time of day and falls on a working day.
    """
    first = told_at.date() + timedelta(days=TO_READ_DAYS) + ONE_DAY
    if closes_at.date() >= first:
        return closes_at
    return datetime.combine(next_working_day(first, days_off), closes_at.timetz())


def standstill_until(awarded_at: datetime, notice: Notice, days_off: DaysOff) -> date:
    """The last day on which no contract may be concluded; a working day (article 3(4))."""
    last = awarded_at.date() + timedelta(days=STANDSTILL_DAYS[notice])
    return next_working_day(last, days_off)


def earliest_deadline(
    procedure: Procedure, begun: datetime, days_off: DaysOff, *, invited: bool = False
) -> datetime:
    """The first deadline that the law allows; the day on which it begins does not count, the last
    one does to its end (article 3).
    """
    to_begin = TO_BID_DAYS if procedure is Procedure.OPEN else TO_ASK_DAYS
    days = INVITED_DAYS if invited else to_begin
    last = next_working_day(begun.date() + timedelta(days=days), days_off)
    return datetime.combine(last + ONE_DAY, time(), begun.tzinfo)


def _require_from(earliest: datetime, closes_at: datetime) -> None:
    if closes_at < earliest:
        last = (earliest - ONE_DAY).date()
        raise Refused(
            "tender-period-too-short",
            f"The deadline is at the end of {last} at the earliest.",
            earliest=last.isoformat(),
        )
