"""The names of streams: everything that must be true at once lives in one of these."""

from events.ids import CalendarDayId, CaseId, HearingId
from events.journal import Matter


def case_stream(case_id: CaseId) -> str:
    return f"case-{case_id}"


def hearing_stream(hearing_id: HearingId) -> str:
    return f"hearing-{hearing_id}"


def calendar_day_stream(day: CalendarDayId) -> str:
    return f"calendar-day-{day}"


def journal_stream(matter: Matter) -> str:
    return f"journal-{matter.id}"
