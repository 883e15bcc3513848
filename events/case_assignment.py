"""Whose hands a case is in: a colleague's, its team's, or another team's."""

from dataclasses import dataclass
from typing import TypeAlias

from events.ids import ActorId, CaseId, TeamId
from events.personal import PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssigned:
    """`to` works on the case from now on; whoever did it themselves has claimed it."""

    case_id: CaseId
    to: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReleased:
    """Nobody works on the case; it is its team's, for anyone there to claim."""

    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferred:
    """Another team of the same organisation has the case, and nobody there works on it yet."""

    case_id: CaseId
    from_team: TeamId
    to_team: TeamId
    reason: PersonalText


CaseAssignmentEvent: TypeAlias = CaseAssigned | CaseReleased | CaseTransferred
