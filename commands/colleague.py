"""What can be asked about a colleague's absence."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.ids import AbsenceId, ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbsence:
    colleague: ActorId
    absence: AbsenceId
    first_day: date
    last_day: date
    substitute: ActorId | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAbsence:
    """Whoever comes back early cancels it, and is there from now on."""

    colleague: ActorId
    absence: AbsenceId


ColleagueCommand: TypeAlias = RecordAbsence | CancelAbsence
