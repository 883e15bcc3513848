"""The parts of a case's row in the procedure: dates as ISO 8601, ids as text."""

from typing import TypedDict


class ItemRow(TypedDict):
    item: str
    text: str
    is_delivered: bool


class RequestRow(TypedDict):
    """`state` is open, delivered, withdrawn or overdue."""

    request: str
    items: list[ItemRow]
    requested_on: str
    due_on: str
    state: str
    ended_on: str | None


class RemarkRow(TypedDict):
    """What a party answered when it was heard; `documents` by id."""

    message: str
    text: str
    documents: list[str]
    is_final: bool
    answered_at: str


class RoundRow(TypedDict):
    """One party's part in a round of hearing; `party` is None for the one whose matter it is.

    `state` is open, answered, expired or left; `material` by id. `stands` until the case is
    reopened, or somebody who was heard is no longer a party.
    """

    round: str
    party: str | None
    text: str
    material: list[str]
    opened_on: str
    due_on: str
    state: str
    closed_on: str | None
    answers: list[RemarkRow]
    stands: bool


class ExemptionRow(TypedDict):
    """Why a party need not be heard; `party` as in a round."""

    party: str | None
    ground: str
    reason: str


class AppealRow(TypedDict):
    """`days` is None where the law sets no limit."""

    basis: str
    body: str
    text: str
    days: int | None
    unit: str
    rolls: bool


class CorrectionRow(TypedDict):
    """`dispatched_on` is None until the party has got it."""

    correction: str
    restarts_appeal: bool
    corrected_on: str
    dispatched_on: str | None


class DecisionRow(TypedDict):
    """`dispatched_on` and `channel` are those of the last time it was sent, None before the first.

    `stands` until the case is reopened.
    """

    decision: str
    outcome: str
    legal_basis: str
    grounds: str
    conditions: list[str]
    appeal: AppealRow | None
    no_appeal: str | None
    needs_completion: bool
    decided_on: str
    channel: str | None
    dispatched_on: str | None
    appeal_until: str | None
    corrections: list[CorrectionRow]
    stands: bool


class InspectionRow(TypedDict):
    """`is_approved` is None until it is held."""

    inspection: str
    on: str
    place: str
    is_approved: bool | None
    remarks: str
    held_on: str | None


class NoticeRow(TypedDict):
    """What the party said of the finished work; `documents` by id."""

    message: str
    text: str
    documents: list[str]
    completed_on: str


class WorksRow(TypedDict):
    complete_on: str | None
    inspections: list[InspectionRow]
    notices: list[NoticeRow]
    accepted_on: str | None


class ReassessmentRow(TypedDict):
    outcome: str
    text: str
    reassessed_on: str


class ForwardedRow(TypedDict):
    board: str
    remarks: str
    forwarded_on: str


class BoardDecisionRow(TypedDict):
    outcome: str
    text: str
    decided_on: str


class AnswerRow(TypedDict):
    text: str
    answered_on: str


class ComplaintRow(TypedDict):
    """What has been made of a complaint; the first three are None when it is over service."""

    decision: str | None
    appeal_until: str | None
    is_late: bool | None
    reassessment: ReassessmentRow | None
    forwarded: ForwardedRow | None
    board_decision: BoardDecisionRow | None
    answer: AnswerRow | None


class RetentionRow(TypedDict):
    """`kept_until` is None until the case is closed, and when it is opened again."""

    years: int
    basis: str
    kept_until: str | None


class ProcedureRow(TypedDict):
    """`complaint` is None until something has become of one, so it does not tell the kind."""

    case_id: str
    about: str | None
    requests: list[RequestRow]
    rounds: list[RoundRow]
    exemptions: list[ExemptionRow]
    decisions: list[DecisionRow]
    works: WorksRow
    complaint: ComplaintRow | None
    tacitly_accepted_on: str | None
    retention: RetentionRow | None


def untouched(case_id: str) -> ProcedureRow:
    """The row of a case whose procedure has not begun."""
    return ProcedureRow(
        case_id=case_id,
        about=None,
        requests=[],
        rounds=[],
        exemptions=[],
        decisions=[],
        works=WorksRow(complete_on=None, inspections=[], notices=[], accepted_on=None),
        complaint=None,
        tacitly_accepted_on=None,
        retention=None,
    )


def new_complaint(of: ComplaintRow | None = None) -> ComplaintRow:
    """One that nothing has been made of, over the same as another."""
    return ComplaintRow(
        decision=None if of is None else of["decision"],
        appeal_until=None if of is None else of["appeal_until"],
        is_late=None if of is None else of["is_late"],
        reassessment=None,
        forwarded=None,
        board_decision=None,
        answer=None,
    )
