"""What auditors are answered."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import Shape


class EnvelopeShape(Shape):
    organisation: str
    actor: str
    on_behalf_of: str | None
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    service_version: str | None
    traceparent: str | None


class RecordedShape(Shape):
    """One event as it lies in the log."""

    name: str
    stream: str
    version: int
    position: int
    event_id: UUID
    recorded_at: datetime
    envelope: EnvelopeShape
    payload: dict[str, object]


class HistoryShape(Shape):
    events: list[RecordedShape]


class CaseAsItWasShape(Shape):
    version: int
    state: dict[str, object]
    events: list[RecordedShape]
