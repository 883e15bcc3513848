"""Meeting days as a team writes them down: which, from when to when, and how long each meeting."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from gateway.language import Language
from gateway.meeting_days import MeetingDayShape, TakenSlotShape
from gateway.web.words import translations
from services.catalogue.organisation import Team, Weekday
from services.clock import COPENHAGEN
from services.deadlines import WorkCalendar, is_working_day

WEEKS_AHEAD: Final = 6
MINUTES: Final = (15, 20, 30, 45, 60, 90)
SLOTS_AT_MOST: Final = 40
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)", re.ASCII)
_WEEKDAYS: Final = tuple(Weekday)


class Unreadable(Exception):
    """Something was typed that makes no meetings; says what, in the reader's language."""


def open_days(
    team: Team, calendar: WorkCalendar, today: date, taken: Sequence[MeetingDayShape]
) -> list[date]:
    """The team's opening days of the next weeks on which it has no meetings yet."""
    known = {each.day for each in taken}
    ahead = (today + timedelta(days=days) for days in range(1, WEEKS_AHEAD * 7 + 1))
    return [
        day
        for day in ahead
        if is_working_day(day, calendar)
        and _WEEKDAYS[day.weekday()] in team.opening_days
        and day not in known
    ]


def time_of(typed: str, language: Language) -> time:
    """`9.00`, `9:00`.

    Raises:
        Unreadable: it is no time of day.
    """
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        _ = translations(language).gettext
        raise Unreadable(_("Write times like 9.00 and 15.30."))
    return time(int(found[1]), int(found[2]))


def slots(day: date, starts: time, ends: time, minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """Meetings one after another, as many as are over by the end."""
    begin = datetime.combine(day, starts, COPENHAGEN)
    until = datetime.combine(day, ends, COPENHAGEN)
    length = timedelta(minutes=minutes)
    while begin + length <= until:
        yield begin, begin + length
        begin += length


def body_of(kept: Sequence[TakenSlotShape], added: Sequence[dict[str, str]]) -> dict[str, object]:
    """The whole day as it is to be, in the order of the clock."""
    named = [
        {
            "slot": each.slot,
            "starts_at": each.starts_at.isoformat(),
            "ends_at": each.ends_at.isoformat(),
            "place": each.place,
        }
        for each in kept
    ]
    whole = sorted([*named, *added], key=lambda each: datetime.fromisoformat(each["starts_at"]))
    return {"slots": whole}


def slot_of(begin: datetime, end: datetime, place: str, name: str | None = None) -> dict[str, str]:
    told = {"starts_at": begin.isoformat(), "ends_at": end.isoformat(), "place": place}
    return told if name is None else {"slot": name, **told}
