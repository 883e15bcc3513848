"""From the appeal guidance of the catalogue to that which a decision carries."""

from typing import Final

from events.case_decision import AppealGuidance
from events.day_unit import DayUnit
from services.catalogue import appeal

LAST_DAY_TO_COME: Final = "klagefristens sidste dag"
"""The day itself is known when the decision is sent, and is told beside the guidance."""


def guidance(known: appeal.AppealGuidance) -> AppealGuidance:
    """In Danish, the language that decisions are made in."""
    period = known.deadline
    text = known.text.da.replace(appeal.LAST_DAY, LAST_DAY_TO_COME)
    return AppealGuidance(
        basis=known.source,
        body=known.body.da,
        text=f"{known.how.da} {text}",
        days=None if period is None else period.days,
        unit=DayUnit.CALENDAR_DAYS if period is None else period.unit,
        rolls=period is not None and period.rolls,
    )
