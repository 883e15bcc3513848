"""Statistics as a reader wants them: by month, by service against its target, and of hearings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.hearing_shapes import HearingRowShape
from gateway.language import Language
from gateway.offer_shapes import OfferedDeadlineShape
from gateway.statistics import CountsShape, MonthShape
from gateway.web.words import translations
from services.deadlines import local_date

MONTHS_AT_MOST = 24
"""More would be too narrow to read; the table has them all."""
A_WEEK = 7
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """All of one month together: `first` is its first day."""

    first: date
    received: int
    closed: int
    withdrawn: int
    overdue: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a service took, beside what is aimed at; days are calendar days.

    `target` is about so many, where the target is counted in working days.
    """

    name: str
    counts: CountsShape
    target: float | None
    target_words: str

    @property
    def is_late(self) -> bool:
        """Whether half of what was closed took longer than is aimed at."""
        median = self.counts.median_days
        return median is not None and self.target is not None and median > self.target


def by_month(rows: Sequence[MonthShape], first: date, last: date) -> list[Month]:
    """Every month from first to last, also those in which nothing happened."""
    found = []
    for begin in _months(first, last):
        of = [each for each in rows if each.month == f"{begin:%Y-%m}"]
        found.append(
            Month(
                first=begin,
                received=sum(each.received for each in of),
                closed=sum(each.closed for each in of),
                withdrawn=sum(each.withdrawn for each in of),
                overdue=sum(each.overdue for each in of),
                open=sum(each.open for each in of),
            )
        )
    return found


def pace(
    name: str, counts: CountsShape, target: OfferedDeadlineShape | None, language: Language
) -> Pace:
    _ = translations(language)
    if target is None:
        return Pace(name=name, counts=counts, target=None, target_words="")
    if target.unit == "working-days":
        days: float = target.days * A_WEEK / WORKING_DAYS
        words = _.ngettext("%(n)s working day", "%(n)s working days", target.days)
    else:
        days = target.days
        words = _.ngettext("%(n)s day", "%(n)s days", target.days)
    return Pace(name=name, counts=counts, target=days, target_words=words % {"n": target.days})


def heard(hearings: Sequence[HearingRowShape], first: date, last: date) -> list[HearingRowShape]:
    """Those that were published in the time, the first first."""
    within = [each for each in hearings if first <= local_date(each.published_at) <= last]
    return sorted(within, key=lambda each: each.published_at)


def _months(first: date, last: date) -> list[date]:
    months, begin = [], first.replace(day=1)
    while begin <= last:
        months.append(begin)
        year, month = divmod(begin.year * 12 + begin.month, 12)
        begin = date(year, month + 1, 1)
    return months
