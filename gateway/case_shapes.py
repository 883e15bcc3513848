"""What is answered about cases."""

from datetime import date, datetime
from uuid import UUID

from gateway.offer_shapes import FeeShape
from gateway.procedure_shapes import ProcedureShape
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


class ReceiptFileShape(Shape):
    """A PDF; `content` is it in base 64."""

    name: str
    content: str


class SubmissionShape(Shape):
    """`receipt_pdf` is for who has not logged in and cannot open the case; null for all others, who
    find it at the case, and when it could not be made.
    """

    case: UUID
    reference: str
    receipt: str
    next_steps: list[StepShape]
    bring: list[ThingShape]
    fees: list[FeeShape]
    meeting: MeetingShape | None
    waiting: WaitingShape | None
    receipt_pdf: ReceiptFileShape | None


class DeadlineShape(Shape):
    """`state` is outstanding, met or missed."""

    deadline: str
    due_on: date
    state: str


class CaseFactsShape(Shape):
    """What every answer about a case has; `party_name` is what to call `party`."""

    case: UUID
    reference: str
    kind: str
    service: str
    subject: str
    party: str
    party_name: str
    received_on: date
    due_on: date | None
    status: str
    assigned_to: str | None
    waiting_for: str | None


class CaseRowShape(CaseFactsShape):
    """`esdh_number` is that of its case in the records system, null until that is known.

    `journal` is on-its-way or journalised; for staff also choice, refused or difference while
    somebody must see to it.
    """

    esdh_number: str | None
    journal: str


class JournalShape(Shape):
    """`state` as the `journal` of a row or, of an entry, on-its-way, journalised or, for staff,
    waits-for-caseworker; `number` is that of the case in the records system.
    """

    state: str
    number: str | None


class RedactsShape(Shape):
    """What a redacted copy is of, who left something out, when and why."""

    document: UUID
    by: str
    at: datetime
    reason: str


class CaseDocumentShape(DocumentShape):
    """`redacts` is null for all but a redacted copy, which stands beside its original."""

    redacts: RedactsShape | None


class CaseShape(CaseFactsShape, ProcedureShape):
    team: str
    service_version: int
    deadlines: list[DeadlineShape]
    next_steps: list[StepShape]
    hearing: UUID | None
    meeting: MeetingShape | None
    waiting: PlaceInLineShape | None
    documents: list[CaseDocumentShape]
    journal: JournalShape


class CasesShape(Shape):
    cases: list[CaseRowShape]


class HearingsShape(Shape):
    """`awaited` of the `parties` who are heard have still to answer."""

    awaited: int
    parties: int


class QueueRowShape(CaseRowShape):
    """`party_hearings` is null unless the case waits for a party who is heard. `post_failed` is how
    many messages about the case could not be delivered and wait for somebody. `is_away` tells that
    whoever works on it is away today; `substitute` stands in.
    """

    party_hearings: HearingsShape | None
    post_failed: int
    is_away: bool
    substitute: str | None


class QueueShape(Shape):
    """`after` is the cursor of the next page, null on the last."""

    rows: list[QueueRowShape]
    after: str | None


class EntryShape(Shape):
    """`journal` is how far it is on its way to the records system, null if it is not to go there.

    Its `number` is the one that the case had when the entry was journalised on it. `message` is
    the message that the entry is, or tells of; null for all else.
    """

    position: int
    at: datetime
    kind: str
    text: str
    by: str
    message: UUID | None
    documents: list[DocumentShape]
    journal: JournalShape | None


class TimelineShape(Shape):
    entries: list[EntryShape]


class MessageShape(Shape):
    message: UUID
