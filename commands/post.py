"""What may be asked of a matter's outgoing post: mostly by the process that sends it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from events.ids import NotificationId, PartyId
from events.journal import Matter
from events.post import Channel, PaperReason


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNotification:
    """As `events.post.NotificationQueued`."""

    matter: Matter
    notification: NotificationId
    fact: str
    about: UUID
    party: PartyId
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSent:
    """As `events.post.NotificationSent`."""

    matter: Matter
    notification: NotificationId
    channel: Channel
    receipt: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInDoubt:
    matter: Matter
    notification: NotificationId
    channel: Channel
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivered:
    matter: Matter
    notification: NotificationId
    delivered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBounced:
    matter: Matter
    notification: NotificationId
    attempt: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFailed:
    matter: Matter
    notification: NotificationId
    attempt: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryNotification:
    """A caseworker wants what has failed to be sent again."""

    matter: Matter
    notification: NotificationId


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveToPaper:
    matter: Matter
    notification: NotificationId
    reason: PaperReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPosted:
    """A caseworker says that the printed letter is on its way."""

    matter: Matter
    notification: NotificationId
    posted_on: date


PostCommand: TypeAlias = (
    QueueNotification
    | RecordSent
    | RecordInDoubt
    | RecordDelivered
    | RecordBounced
    | RecordFailed
    | RetryNotification
    | GiveToPaper
    | RecordPosted
)
