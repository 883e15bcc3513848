"""What is answered about hearings."""

from datetime import date, datetime
from uuid import UUID

from gateway.case_shapes import CaseDocumentShape
from gateway.shapes import DocumentShape, Shape


class ThemeShape(Shape):
    """`responses` is how many responses raised the theme."""

    theme: str
    answer: str
    responses: int


class HearingRowShape(Shape):
    """`state` is open, closed, concluded or cancelled; `summary` is what it was concluded with,
    and `reason` why it was cancelled. `changed_at` is when the public last learnt something new of
    it, and `responses` are how many have come, those withdrawn left out.
    """

    hearing: UUID
    kind: str
    title: str
    description: str
    team: str
    published_at: datetime
    closes_at: datetime
    changed_at: datetime
    responses: int
    state: str
    summary: str | None
    reason: str | None


class HearingShape(HearingRowShape):
    material: list[DocumentShape]
    answers: list[ThemeShape]
    concluded_at: datetime | None


class HearingsShape(Shape):
    hearings: list[HearingRowShape]


class HearingIdShape(Shape):
    hearing: UUID


class HearingKindShape(Shape):
    """The weeks that the law wants at least, and the last day to answer if published today."""

    kind: str
    weeks: int
    earliest: date


class HearingKindsShape(Shape):
    kinds: list[HearingKindShape]


class PointIdShape(Shape):
    point: UUID


class PointShape(Shape):
    """What is raised, and what is meant to be answered; `responses` is how many raise it."""

    point: UUID
    theme: str
    answer: str
    responses: int


class PointsShape(Shape):
    points: list[PointShape]


class SaidShape(Shape):
    """A question of the form and what was answered; `is_long`: running text."""

    question: str
    text: str
    is_long: bool


class ResponseShape(Shape):
    """`points` are those that it raises; `answered` once the authority's answer has been sent."""

    case: UUID
    reference: str
    sender: str
    received_on: date
    answered: bool
    points: list[UUID]
    said: list[SaidShape]
    documents: list[CaseDocumentShape]


class ResponsesShape(Shape):
    """In the order in which they came; `after` is the cursor of the next page, null on the last."""

    responses: list[ResponseShape]
    after: int | None
