"""What is answered about hearings."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import DocumentShape, Shape


class ThemeShape(Shape):
    """`responses` is how many responses raised the theme."""

    theme: str
    answer: str
    responses: int


class HearingRowShape(Shape):
    """`state` is open, closed, concluded or cancelled."""

    hearing: UUID
    kind: str
    title: str
    team: str
    published_at: datetime
    closes_at: datetime
    state: str


class HearingShape(HearingRowShape):
    description: str
    material: list[DocumentShape]
    responses: int
    summary: str | None
    answers: list[ThemeShape]
    concluded_at: datetime | None
    reason: str | None


class HearingsShape(Shape):
    hearings: list[HearingRowShape]


class HearingIdShape(Shape):
    hearing: UUID
