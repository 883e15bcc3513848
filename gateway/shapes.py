"""What is answered: models that the OpenAPI document shows, those of more than one noun."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from gateway.strict import JSON
from projections.plain import DocumentRow


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentShape(Shape):
    """`size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int


class ReasonShape(Shape):
    """A permanent code, and what it means for the reader."""

    code: str
    title: str
    detail: str


class UploadShape(DocumentShape):
    """`sha256` as 64 hexadecimal digits.

    `state` is ready, waiting (for the virus scanner), quarantined or removed; only a document that
    is ready can be referred to. `reason` says why it is not, null if it is.
    """

    sha256: str
    state: str
    reason: ReasonShape | None


class MeetingShape(Shape):
    slot: str
    starts_at: datetime
    ends_at: datetime
    place: str


class SlotShape(MeetingShape):
    """A free slot."""


class FullDayShape(Shape):
    """A day with no free slot left; `slot` is one to wait for, as `waiting` cases do already."""

    day: date
    slot: str
    waiting: int


class SlotsShape(Shape):
    slots: list[SlotShape]
    full_days: list[FullDayShape]


class DocumentsShape(Shape):
    documents: list[DocumentShape]


class HoldShape(Shape):
    """`hold` and `expires_at` are null when the same person held the slot already."""

    slot: str
    hold: UUID | None
    expires_at: datetime | None


class DayShape(Shape):
    day: str
    slots: list[SlotShape]


def document_shape(row: DocumentRow) -> DocumentShape:
    return DocumentShape(
        id=UUID(row["document_id"]),
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
    )


def shaped(shape: Shape, *, version: int | None = None, status: int = 200) -> Response:
    """An answer with a body; made here, because the framework would check and encode it twice."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(shape.model_dump_json(), status, headers=headers, media_type=JSON)
