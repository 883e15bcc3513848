"""What is answered about cases."""

from datetime import date, datetime
from uuid import UUID

from gateway.shapes import DocumentShape, MeetingShape, Shape


class StepShape(Shape):
    text: str
    by: date | None


class ThingShape(Shape):
    what: str
    why: str


class WaitingShape(Shape):
    """`day` is the day on whose waiting list the case stands."""

    day: str


class PlaceInLineShape(WaitingShape):
    """`ahead` is how many were there first; the next slot that falls free goes to 0."""

    ahead: int


class SubmissionShape(Shape):
    case: UUID
    reference: str
    receipt: str
    next_steps: list[StepShape]
    bring: list[ThingShape]
    meeting: MeetingShape | None
    waiting: WaitingShape | None


class DeadlineShape(Shape):
    """`state` is outstanding, met or missed."""

    deadline: str
    due_on: date
    state: str


class CaseRowShape(Shape):
    case: UUID
    reference: str
    kind: str
    service: str
    subject: str
    party: str
    received_on: date
    due_on: date | None
    status: str
    assigned_to: str | None
    waiting_for: str | None


class CaseShape(CaseRowShape):
    team: str
    service_version: int
    deadlines: list[DeadlineShape]
    next_steps: list[StepShape]
    hearing: UUID | None
    meeting: MeetingShape | None
    waiting: PlaceInLineShape | None
    documents: list[DocumentShape]


class CasesShape(Shape):
    cases: list[CaseRowShape]


class QueueShape(Shape):
    """`after` is the cursor of the next page, null on the last."""

    rows: list[CaseRowShape]
    after: str | None


class EntryShape(Shape):
    position: int
    at: datetime
    kind: str
    text: str
    by: str
    documents: list[DocumentShape]


class TimelineShape(Shape):
    entries: list[EntryShape]


class MessageShape(Shape):
    message: UUID
