"""A notification as it stands in its row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.ids import NotificationId
from events.journal import Matter, MatterKind
from services.post.ports import NewNotification


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRow:
    """The columns of `NewNotification`."""

    notification: NotificationId
    kind: str
    matter_id: UUID
    event_id: UUID
    stream: str
    version: int
    position: int
    fact: str
    recorded_at: datetime
    is_secret: bool

    @property
    def matter(self) -> Matter:
        return Matter(kind=MatterKind(self.kind), id=self.matter_id)

    @property
    def notified(self) -> NewNotification:
        return NewNotification(
            notification=self.notification,
            matter=self.matter,
            event_id=self.event_id,
            stream=self.stream,
            version=self.version,
            position=self.position,
            fact=self.fact,
            recorded_at=self.recorded_at,
            is_secret=self.is_secret,
        )
