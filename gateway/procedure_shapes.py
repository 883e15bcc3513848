"""What is answered about the procedure of a case."""

from datetime import date, datetime
from uuid import UUID

from gateway.shapes import Shape


class ItemShape(Shape):
    item: str
    text: str
    is_delivered: bool


class RequestShape(Shape):
    """`state` is open, delivered, withdrawn or overdue."""

    request: UUID
    items: list[ItemShape]
    requested_on: date
    due_on: date
    state: str
    ended_on: date | None


class HearingAnswerShape(Shape):
    """`documents` are among those of the case."""

    message: UUID
    text: str
    documents: list[UUID]
    is_final: bool
    answered_at: datetime


class PartyHearingShape(Shape):
    """What one party is heard about; a round may hear several, each in a hearing of its own.

    `state` is open, answered, expired or left; `material` is among the documents of the case.
    """

    round: UUID
    party: str
    text: str
    material: list[UUID]
    opened_on: date
    due_on: date
    state: str
    closed_on: date | None
    answers: list[HearingAnswerShape]


class ExemptionShape(Shape):
    party: str
    ground: str
    reason: str


class PartyHeardShape(Shape):
    """How one party stands, as the matter stands now.

    `state` is not-heard, open, answered, expired or exempted; `due_on` is null without a hearing.
    """

    party: str
    name: str
    state: str
    due_on: date | None


class AppealGuidanceShape(Shape):
    """`days` is null where the law sets no limit; `text` names the last day once it is known.

    `language` is that of `body` and `text`: what was given is the Danish, and the reader's where it
    is guidance of the catalogue, which still says the same.
    """

    basis: str
    body: str
    text: str
    language: str = "da"
    days: int | None
    unit: str
    rolls: bool


class CorrectionShape(Shape):
    """`dispatched_on` is null until the party has got it."""

    correction: str
    restarts_appeal: bool
    corrected_on: date
    dispatched_on: date | None


class DecisionShape(Shape):
    """`dispatched_on` is null before it is sent, and the party sees none of it until then.

    `stands` until the case is reopened.
    """

    decision: UUID
    outcome: str
    legal_basis: str
    grounds: str
    conditions: list[str]
    appeal: AppealGuidanceShape | None
    no_appeal: str | None
    needs_completion: bool
    decided_on: date
    channel: str | None
    dispatched_on: date | None
    appeal_until: date | None
    corrections: list[CorrectionShape]
    stands: bool


class InspectionShape(Shape):
    """`is_approved` and `held_on` are null until it is held."""

    inspection: UUID
    on: date
    place: str
    is_approved: bool | None
    remarks: str
    held_on: date | None


class CompletionNoticeShape(Shape):
    message: UUID
    text: str
    documents: list[UUID]
    completed_on: date


class CompletionShape(Shape):
    notices: list[CompletionNoticeShape]
    accepted_on: date | None


class ReassessmentShape(Shape):
    outcome: str
    text: str
    reassessed_on: date


class ForwardedShape(Shape):
    board: str
    remarks: str
    forwarded_on: date


class BoardDecisionShape(Shape):
    outcome: str
    text: str
    decided_on: date


class ComplaintAnswerShape(Shape):
    text: str
    answered_on: date


class ComplaintShape(Shape):
    """`decision`, `appeal_until` and `is_late` are null when it is over how one was served."""

    decision: UUID | None
    appeal_until: date | None
    is_late: bool | None
    reassessment: ReassessmentShape | None
    forwarded: ForwardedShape | None
    board_decision: BoardDecisionShape | None
    answer: ComplaintAnswerShape | None


class MessageStateShape(Shape):
    """`by` is party or authority; `read_at` is when the other side opened it, null until then."""

    message: UUID
    by: str
    written_at: datetime
    read_at: datetime | None


class ProcedureShape(Shape):
    """How far the case has come, as whoever asks may see it.

    `todo` is what the party was asked for; `about` is the case that this one is about. Each party
    sees its own hearings only, the last in `party_hearing`. Why a party need not be heard,
    `exemption` the last of it, is told to staff only, and so is how each stands, `parties_heard`.
    """

    about: UUID | None
    todo: list[RequestShape]
    party_hearing: PartyHearingShape | None
    earlier_party_hearings: list[PartyHearingShape]
    exemption: ExemptionShape | None
    parties_heard: list[PartyHeardShape]
    decision: DecisionShape | None
    earlier_decisions: list[DecisionShape]
    complete_on: date | None
    inspections: list[InspectionShape]
    completion: CompletionShape | None
    complaint: ComplaintShape | None
    tacitly_accepted_on: date | None
    kept_until: date | None
    messages: list[MessageStateShape]
