"""What is answered about the journal."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import Shape


class JournalEntryShape(Shape):
    """`case`, `hearing` or `tender` is whose it is, the others null; `reference` is the case's own.

    `esdh_reference` is our mark on it in the records system, by which it is found there, and
    `receipt` the records system's own id of it. `since` is when it came to its `state`;
    `due_at` the next attempt, and `failing_since` when the first went wrong for `error`.
    """

    entry: UUID
    case: UUID | None
    hearing: UUID | None
    tender: UUID | None
    reference: str | None
    title: str
    kind: str
    recorded_at: datetime
    state: str
    since: datetime
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    receipt: str | None
    esdh_reference: str
    esdh_number: str | None


class JournalListShape(Shape):
    """`after` is the cursor of the next page, null on the last."""

    rows: list[JournalEntryShape]
    after: str | None


class CandidateShape(Shape):
    """A case in the records system; `status` is open, dormant or closed there."""

    number: str
    title: str
    status: str


class ChoiceShape(Shape):
    """`reason` is several, closed or gone: why a person must say which case is the right one."""

    reason: str
    candidates: list[CandidateShape]
