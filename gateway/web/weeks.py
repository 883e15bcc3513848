"""Free times by week and day, as a calendar on a page has them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.shapes import FullDayShape, SlotShape
from services.clock import COPENHAGEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """`full` says that none of its times is left, and who waits."""

    on: date
    slots: Sequence[SlotShape] = ()
    full: FullDayShape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`name` is that of ISO 8601, as it stands in an address: `2026-W46`."""

    name: str
    number: int
    days: Sequence[Day]

    @property
    def free(self) -> int:
        return sum(len(day.slots) for day in self.days)


def weeks_of(slots: Sequence[SlotShape], full: Sequence[FullDayShape]) -> list[Week]:
    """Those weeks in which there is anything to show, in order."""
    by_day: dict[date, list[SlotShape]] = defaultdict(list)
    for slot in slots:
        by_day[slot.starts_at.astimezone(COPENHAGEN).date()].append(slot)
    days = [
        *(Day(on=on, slots=free) for on, free in by_day.items()),
        *(Day(on=each.day, full=each) for each in full),
    ]
    by_week: dict[tuple[int, int], list[Day]] = defaultdict(list)
    for day in sorted(days, key=lambda each: each.on):
        year, week, _ = day.on.isocalendar()
        by_week[year, week].append(day)
    return [
        Week(name=f"{year}-W{week:02}", number=week, days=of_week)
        for (year, week), of_week in sorted(by_week.items())
    ]
