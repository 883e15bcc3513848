"""How long the law keeps a hearing open at least, for those who plan one."""

from datetime import date, timedelta

from aggregates.hearing import MINIMUM_WEEKS
from events.hearing import HearingKind


def minimum_weeks(kind: HearingKind) -> int:
    return MINIMUM_WEEKS[kind]


def earliest_last_day(kind: HearingKind, published_on: date) -> date:
    """The day of publication is not counted, as it is not a whole one."""
    return published_on + timedelta(weeks=MINIMUM_WEEKS[kind])
