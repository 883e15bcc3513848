"""When a promise of time is kept and when it is broken."""

from datetime import date

from aggregates.case_state import Case, require_open
from commands.case import MissDeadline
from events.case import DeadlineKind, DeadlineMet, DeadlineMissed
from events.ids import CaseId


def fulfil(
    case_id: CaseId, case: Case, kind: DeadlineKind, done_on: date
) -> list[DeadlineMet | DeadlineMissed]:
    """What was promised is done; too late also when the clock has not said so yet."""
    due_on = case.outstanding.get(kind)
    if due_on is None:
        return []
    if done_on > due_on:
        return [DeadlineMissed(case_id=case_id, deadline=kind, due_on=due_on)]
    return [DeadlineMet(case_id=case_id, deadline=kind)]


def miss(command: MissDeadline, case: Case) -> list[DeadlineMissed]:
    """The clock says that a day is over. Once, and never for what was done or missed before."""
    require_open(case)
    due_on = case.outstanding.get(command.deadline)
    if due_on is None or command.today <= due_on:
        return []
    return [DeadlineMissed(case_id=command.case_id, deadline=command.deadline, due_on=due_on)]
