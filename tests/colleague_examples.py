"""Named examples of a colleague's absence."""

from datetime import date

from commands.colleague import CancelAbsence, RecordAbsence
from events.colleague import AbsenceCancelled, AbsenceRecorded
from events.ids import AbsenceId
from tests.examples import KAREN, NIELS, numbered

ABSENCE = AbsenceId(numbered(81))
TODAY = date(2026, 12, 1)
FIRST_DAY = date(2026, 12, 7)
LAST_DAY = date(2026, 12, 11)

record_absence = RecordAbsence(
    colleague=KAREN,
    absence=ABSENCE,
    first_day=FIRST_DAY,
    last_day=LAST_DAY,
    substitute=NIELS,
    today=TODAY,
)
absence_recorded = AbsenceRecorded(
    colleague=KAREN,
    absence=ABSENCE,
    first_day=FIRST_DAY,
    last_day=LAST_DAY,
    substitute=NIELS,
)
cancel_absence = CancelAbsence(colleague=KAREN, absence=ABSENCE)
absence_cancelled = AbsenceCancelled(colleague=KAREN, absence=ABSENCE)
