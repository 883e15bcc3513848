"""How the decisions in a case's row of the procedure follow from its events."""

from typing import assert_never

from events.case_decision import (
    AppealGuidance,
    DecisionCorrected,
    DecisionDispatched,
    DecisionEvent,
    DecisionRecorded,
)
from projections.procedure_parts import (
    AppealRow,
    CorrectionRow,
    DecisionRow,
    ProcedureRow,
    new_complaint,
)


def decide(decisions: list[DecisionRow], event: DecisionEvent) -> None:
    match event:
        case DecisionRecorded():
            decisions.append(_recorded(event))
        case DecisionDispatched():
            for row in _of(decisions, str(event.decision)):
                _send(row, event)
        case DecisionCorrected():
            correction = CorrectionRow(
                correction=event.correction,
                restarts_appeal=event.restarts_appeal,
                corrected_on=event.corrected_on.isoformat(),
                dispatched_on=None,
            )
            for row in _of(decisions, str(event.decision)):
                row["corrections"].append(correction)
        case _:
            assert_never(event)


def unsettle(row: ProcedureRow) -> None:
    """A reopened matter is decided afresh; what was decided and sent stays to be read."""
    for decision in row["decisions"]:
        decision["stands"] = False
    for heard in row["rounds"]:
        heard["stands"] = False
    row["exemptions"] = []
    row["tacitly_accepted_on"] = None
    works = row["works"]
    works["inspections"], works["notices"], works["accepted_on"] = [], [], None
    if row["complaint"] is not None:
        row["complaint"] = new_complaint(row["complaint"])
    if row["retention"] is not None:
        row["retention"]["kept_until"] = None


def _of(decisions: list[DecisionRow], decision: str) -> list[DecisionRow]:
    return [row for row in decisions if row["decision"] == decision]


def _recorded(event: DecisionRecorded) -> DecisionRow:
    return DecisionRow(
        decision=str(event.decision),
        outcome=event.outcome.value,
        legal_basis=event.legal_basis,
        grounds=event.grounds,
        conditions=list(event.conditions),
        appeal=None if event.appeal is None else _appeal(event.appeal),
        no_appeal=event.no_appeal,
        needs_completion=event.needs_completion,
        decided_on=event.decided_on.isoformat(),
        channel=None,
        dispatched_on=None,
        appeal_until=None,
        corrections=[],
        stands=True,
    )


def _appeal(appeal: AppealGuidance) -> AppealRow:
    return AppealRow(
        basis=appeal.basis,
        body=appeal.body,
        text=appeal.text,
        days=appeal.days,
        unit=appeal.unit.value,
        rolls=appeal.rolls,
    )


def _send(row: DecisionRow, event: DecisionDispatched) -> None:
    dispatched_on = event.dispatched_on.isoformat()
    row["channel"] = event.channel.value
    row["dispatched_on"] = dispatched_on
    row["appeal_until"] = None if event.appeal_until is None else event.appeal_until.isoformat()
    for correction in row["corrections"]:
        correction["dispatched_on"] = correction["dispatched_on"] or dispatched_on
