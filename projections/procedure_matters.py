"""How applications and complaints in the procedure follow from their events."""

from typing import assert_never

from events.case_application import (
    ApplicationCompleted,
    ApplicationEvent,
    CompletionAccepted,
    CompletionNotified,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_complaint import (
    BoardDecided,
    ComplaintAnswered,
    ComplaintEvent,
    ComplaintForwarded,
    ComplaintOverDecision,
    DecisionReassessed,
)
from projections.procedure_parts import (
    AnswerRow,
    BoardDecisionRow,
    ComplaintRow,
    ForwardedRow,
    InspectionRow,
    NoticeRow,
    ProcedureRow,
    ReassessmentRow,
    WorksRow,
    new_complaint,
)


def work(works: WorksRow, event: ApplicationEvent) -> None:
    match event:
        case ApplicationCompleted():
            works["complete_on"] = event.complete_on.isoformat()
        case InspectionScheduled():
            works["inspections"].append(_inspection(event))
        case InspectionHeld():
            for inspection in works["inspections"]:
                if inspection["inspection"] == str(event.inspection):
                    inspection["is_approved"] = event.is_approved
                    inspection["remarks"] = event.remarks
                    inspection["held_on"] = event.held_on.isoformat()
        case CompletionNotified():
            works["notices"].append(_notice(event))
        case CompletionAccepted():
            works["accepted_on"] = event.accepted_on.isoformat()
        case _:
            assert_never(event)


def _inspection(event: InspectionScheduled) -> InspectionRow:
    return InspectionRow(
        inspection=str(event.inspection),
        on=event.on.isoformat(),
        place=event.place,
        is_approved=None,
        remarks="",
        held_on=None,
    )


def _notice(event: CompletionNotified) -> NoticeRow:
    return NoticeRow(
        message=str(event.message),
        text=event.text,
        documents=[str(document.document_id) for document in event.documents],
        completed_on=event.completed_on.isoformat(),
    )


def complain(row: ProcedureRow, event: ComplaintEvent) -> None:
    complaint = row["complaint"] = row["complaint"] or new_complaint()
    match event:
        case ComplaintOverDecision():
            row["about"] = str(event.about)
            _over_decision(complaint, event)
        case DecisionReassessed():
            complaint["reassessment"] = ReassessmentRow(
                outcome=event.outcome.value,
                text=event.text,
                reassessed_on=event.reassessed_on.isoformat(),
            )
        case ComplaintForwarded():
            complaint["forwarded"] = ForwardedRow(
                board=event.board,
                remarks=event.remarks,
                forwarded_on=event.forwarded_on.isoformat(),
            )
        case BoardDecided():
            complaint["board_decision"] = BoardDecisionRow(
                outcome=event.outcome.value,
                text=event.text,
                decided_on=event.decided_on.isoformat(),
            )
        case ComplaintAnswered():
            complaint["answer"] = AnswerRow(
                text=event.text, answered_on=event.answered_on.isoformat()
            )
        case _:
            assert_never(event)


def _over_decision(complaint: ComplaintRow, event: ComplaintOverDecision) -> None:
    complaint["decision"] = str(event.decision)
    until = event.appeal_until
    complaint["appeal_until"] = None if until is None else until.isoformat()
    complaint["is_late"] = event.is_late
