"""When a colleague is away and who stands in. A stream for each member of staff.

Never why: what keeps somebody from work may be their health (databeskyttelsesforordningen art. 9).
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.ids import AbsenceId, ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded:
    """Away from `first_day` to `last_day`, both included. `substitute` may not be found yet."""

    colleague: ActorId
    absence: AbsenceId
    first_day: date
    last_day: date
    substitute: ActorId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCancelled:
    """It does not come to pass, or is over before its last day."""

    colleague: ActorId
    absence: AbsenceId


ColleagueEvent: TypeAlias = AbsenceRecorded | AbsenceCancelled
