"""In what days a period is counted."""

from enum import StrEnum


class DayUnit(StrEnum):
    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
