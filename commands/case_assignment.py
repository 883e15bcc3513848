"""What can be asked about whose hands a case is in.

`team` is the one that the caller works for: authority over a case ends with its transfer, also
for a command that was on its way.
"""

from dataclasses import dataclass
from typing import TypeAlias

from events.ids import ActorId, CaseId, TeamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase:
    """A caseworker takes a case that nobody works on."""

    case_id: CaseId
    team: TeamId
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase:
    """`to` is a colleague of the team, who need not be asked."""

    case_id: CaseId
    team: TeamId
    to: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCase:
    """Back to the team."""

    case_id: CaseId
    team: TeamId


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase:
    case_id: CaseId
    team: TeamId
    to_team: TeamId
    reason: str


CaseAssignmentCommand: TypeAlias = ClaimCase | AssignCase | ReleaseCase | TransferCase
