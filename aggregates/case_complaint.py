"""The rules of a complaint: reassessed by who decided, then the board's; or answered.

The authority that made the decision looks at it again first and sends what it upholds to the board
with its remarks (byggeloven §§ 23-24, planloven § 58 and its bekendtgørelse).
"""

from dataclasses import replace
from typing import assert_never

from aggregates import case_deadlines
from aggregates.case_state import Case, Complaint, require_open
from commands.case_complaint import (
    AnswerComplaint,
    ComplainOverDecision,
    ComplaintCommand,
    ForwardComplaint,
    RecordBoardDecision,
    RecordReassessment,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseKind
from events.case_complaint import (
    BoardDecided,
    ComplaintAnswered,
    ComplaintEvent,
    ComplaintForwarded,
    ComplaintOverDecision,
    DecisionReassessed,
    Reassessment,
)
from events.case_deadline import DeadlineKind


def decide(command: ComplaintCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    if case.kind is not CaseKind.COMPLAINT:
        raise Refused("not-a-complaint", "Only a complaint is reassessed or answered.")
    match command:
        case ComplainOverDecision():
            return _over_decision(command)
        case RecordReassessment():
            return _reassess(command, case)
        case ForwardComplaint():
            return _forward(command, case)
        case RecordBoardDecision():
            return _board(command, case)
        case AnswerComplaint():
            return _answer(command, case)
        case _:
            assert_never(command)


def _over_decision(command: ComplainOverDecision) -> list[CaseEvent]:
    until = command.appeal_until
    return [
        ComplaintOverDecision(
            case_id=command.case_id,
            about=command.about,
            decision=command.decision,
            appeal_until=until,
            is_late=until is not None and command.received_on > until,
        )
    ]


def _reassess(command: RecordReassessment, case: Case) -> list[CaseEvent]:
    _require_over_decision(case.complaint)
    if case.complaint.reassessed is not None:
        raise Refused("complaint-already-reassessed", "The decision was reassessed already.")
    _require_text(command.text)
    reassessed = DecisionReassessed(
        case_id=command.case_id,
        outcome=command.outcome,
        text=command.text,
        reassessed_on=command.reassessed_on,
    )
    if command.outcome is Reassessment.UPHELD:
        return [reassessed]
    # The board has nothing left to hear.
    kind, on = DeadlineKind.FORWARDING, command.reassessed_on
    return [reassessed, *case_deadlines.fulfil(command.case_id, case, kind, on)]


def _forward(command: ForwardComplaint, case: Case) -> list[CaseEvent]:
    _require_over_decision(case.complaint)
    if case.complaint.is_forwarded:
        return []
    if case.complaint.reassessed is not Reassessment.UPHELD:
        raise Refused("complaint-not-upheld", "Only a decision that is upheld goes to the board.")
    if not command.board.strip():
        raise Refused("board-missing", "Name the board that the complaint goes to.")
    forwarded = ComplaintForwarded(
        case_id=command.case_id,
        board=command.board,
        remarks=command.remarks,
        forwarded_on=command.forwarded_on,
    )
    kind, on = DeadlineKind.FORWARDING, command.forwarded_on
    return [forwarded, *case_deadlines.fulfil(command.case_id, case, kind, on)]


def _board(command: RecordBoardDecision, case: Case) -> list[CaseEvent]:
    if not case.complaint.is_forwarded:
        raise Refused("complaint-not-forwarded", "No board has got this complaint from us.")
    if case.complaint.is_decided_by_board:
        raise Refused("board-already-decided", "The board's decision is recorded already.")
    return [
        BoardDecided(
            case_id=command.case_id,
            outcome=command.outcome,
            text=command.text,
            decided_on=command.decided_on,
        )
    ]


def _answer(command: AnswerComplaint, case: Case) -> list[CaseEvent]:
    if case.complaint.over is not None:
        raise Refused("complaint-over-decision", "Reassess the decision; the board answers.")
    if case.complaint.is_answered:
        raise Refused("complaint-already-answered", "The complaint is answered already.")
    _require_text(command.text)
    answered = ComplaintAnswered(
        case_id=command.case_id, text=command.text, answered_on=command.answered_on
    )
    kept = [
        fulfilled
        for kind in (DeadlineKind.FIRST_REPLY, DeadlineKind.PROCESSING)
        for fulfilled in case_deadlines.fulfil(command.case_id, case, kind, command.answered_on)
    ]
    return [answered, *kept]


def _require_over_decision(complaint: Complaint) -> None:
    if complaint.over is None:
        raise Refused("complaint-over-service", "This complaint is answered, not reassessed.")


def _require_text(text: str) -> None:
    if not text.strip():
        raise Refused("message-empty", "A message must say something.")


def evolve(case: Case, event: ComplaintEvent) -> Case:
    complaint = case.complaint
    match event:
        case ComplaintOverDecision():
            tied = replace(complaint, over=event.decision, about=event.about)
            return replace(case, complaint=tied)
        case DecisionReassessed():
            return replace(case, complaint=replace(complaint, reassessed=event.outcome))
        case ComplaintForwarded():
            return replace(case, complaint=replace(complaint, is_forwarded=True))
        case BoardDecided():
            return replace(case, complaint=replace(complaint, is_decided_by_board=True))
        case ComplaintAnswered():
            return replace(case, complaint=replace(complaint, is_answered=True))
        case _:
            assert_never(event)
