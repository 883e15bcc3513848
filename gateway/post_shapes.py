"""What is answered about outgoing post, and about how somebody wants to be told."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from gateway.shapes import Shape


class EnvelopeShape(Shape):
    """What is written on a letter; `is_protected`: to be seen by nobody else (CPR-loven § 28)."""

    name: str
    address: list[str]
    is_protected: bool


class NotificationShape(Shape):
    """`fact` is the wire name of what is told, `channel` email, digital-post or paper.

    `state` is waiting, sent, delivered, bounced, failed, paper or posted, `since` when it came to
    that, and `failing_since` when it first went wrong for `error`. `envelope` is there for what is
    to be printed.
    """

    notification: UUID
    case: UUID
    reference: str
    subject: str
    fact: str
    channel: str
    state: str
    since: datetime
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    recorded_at: datetime
    envelope: EnvelopeShape | None


class TenderToDoShape(Shape):
    """A tender with letters to see to: `number` were not delivered, or are to be printed."""

    tender: UUID
    title: str
    number: int


class PostListShape(Shape):
    """`after` is the cursor of the next page, null on the last; `tenders` stand on every one."""

    rows: list[NotificationShape]
    after: str | None
    tenders: list[TenderToDoShape]


class TenderNotificationShape(Shape):
    """As `NotificationShape`; `name` is who is told, `lot` of what the award is."""

    notification: UUID
    name: str
    fact: str
    lot: str | None
    channel: str
    state: str
    since: datetime
    error: str | None
    envelope: EnvelopeShape | None


class PreferencesShape(Shape):
    """`email` is null where the address that the authority has already is used, if it has any."""

    email: str | None
    language: Literal["da", "en"]
    frequency: Literal["each", "daily", "none"]
