"""The rules of whose hands a case is in."""

from typing import assert_never

from aggregates.case_state import Case, require_known, require_open
from commands.case_assignment import (
    AssignCase,
    CaseAssignmentCommand,
    ClaimCase,
    ReleaseCase,
    TransferCase,
)
from commands.refusal import Refused
from events.case_assignment import (
    CaseAssigned,
    CaseAssignmentEvent,
    CaseReleased,
    CaseTransferred,
)


def decide(command: CaseAssignmentCommand, case: Case) -> list[CaseAssignmentEvent]:
    require_known(case)
    _require_team(command, case)
    match command:
        case ClaimCase():
            return _claim(command, case)
        case AssignCase():
            return _assign(command, case)
        case ReleaseCase():
            return _release(command, case)
        case TransferCase():
            return _transfer(command, case)
        case _:
            assert_never(command)


def _claim(command: ClaimCase, case: Case) -> list[CaseAssignmentEvent]:
    if case.assigned_to == command.by:
        return []
    require_open(case)
    if case.assigned_to is not None:
        # Taking a case from somebody is asked for by its own name, which is to assign it.
        raise Refused(
            "case-assigned-to-another",
            "A colleague works on the case.",
            assigned_to=case.assigned_to,
        )
    return [CaseAssigned(case_id=command.case_id, to=command.by)]


def _assign(command: AssignCase, case: Case) -> list[CaseAssignmentEvent]:
    if case.assigned_to == command.to:
        return []
    require_open(case)
    return [CaseAssigned(case_id=command.case_id, to=command.to)]


def _release(command: ReleaseCase, case: Case) -> list[CaseAssignmentEvent]:
    if case.assigned_to is None:
        return []
    require_open(case)
    return [CaseReleased(case_id=command.case_id)]


def _transfer(command: TransferCase, case: Case) -> list[CaseAssignmentEvent]:
    if case.team == command.to_team:
        return []
    require_open(case)
    if not command.reason.strip():
        # Forvaltningsloven § 7, stk. 2 has what is addressed wrongly sent on; others look here why.
        raise Refused("transfer-reason-missing", "A case is transferred for a reason.")
    return [
        CaseTransferred(
            case_id=command.case_id,
            from_team=case.team,
            to_team=command.to_team,
            reason=command.reason,
        )
    ]


def _require_team(command: CaseAssignmentCommand, case: Case) -> None:
    if case.team != command.team:
        raise Refused("case-in-another-team", "Another team has the case.", team=case.team)
