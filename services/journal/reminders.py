"""Which reminder in the records system stands for a deadline, as its clock stops and runs on."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from events.case_deadline import (
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_procedure import TacitlyAccepted
from events.envelope import Recorded
from services.journal.planning import entry_id, kinds_of
from services.journal.ports import EntryKind
from services.journal.references import reference_of

DueDay: TypeAlias = DeadlineSet | DeadlineResumed | DeadlineExtended
"""What gives a deadline its last day, and with it a reminder."""

_ENDS: Final = (DeadlineMet, DeadlineSuspended, DeadlineExtended)


def last_reminder(history: Sequence[Recorded], fact: Recorded) -> str | None:
    """The reference of the reminder that the fact makes needless, None when there was none."""
    kind = _ended_by(fact)
    given = [
        earlier
        for earlier in history
        if earlier.version < fact.version
        and isinstance(earlier.event, DueDay)
        and earlier.event.deadline is kind
    ]
    if not given:
        return None
    event = given[-1].event
    if not isinstance(event, DueDay):
        raise TypeError(type(event).__name__)
    return reference_of(entry_id(given[-1].event_id, kinds_of(event).index(EntryKind.REMINDER)))


def _ended_by(fact: Recorded) -> DeadlineKind:
    event = fact.event
    if isinstance(event, TacitlyAccepted):
        return DeadlineKind.OBJECTION
    if not isinstance(event, _ENDS):
        raise TypeError(type(event).__name__)
    return event.deadline
