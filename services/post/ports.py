"""The outgoing post's own to-do list, which is durable, and how each way of sending answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias
from uuid import UUID

from events.ids import NotificationId, PartyId
from events.journal import Matter
from events.post import Channel


class MailState(StrEnum):
    """`waiting → intent → outcome → done`; `doubt` when an intent's outcome is not known.

    `intent`: it may be under way. `outcome`: its fate is known, and its matters have not been told.
    """

    WAITING = "waiting"
    INTENT = "intent"
    DOUBT = "doubt"
    OUTCOME = "outcome"
    DONE = "done"


class MailFate(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    PAPER = "paper"
    POSTED = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotification:
    """What is to be told; `stream`, `version`, `position`, `fact` and the rest are the fact's.

    Of what `is_secret` no fact says that it is told, and no list or count shows it.
    """

    notification: NotificationId
    matter: Matter
    event_id: UUID
    stream: str
    version: int
    position: int
    fact: str
    recorded_at: datetime
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """`mail` follows from what it carries, so the same is never there twice.

    With `error` it is known from the start that it goes on paper, and why.
    """

    mail: UUID
    channel: Channel
    party: PartyId
    due_at: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A notification, and the mails that may carry it: the first that nobody has begun on."""

    new: NewNotification
    mails: tuple[NewMail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """As it stands. `attempts` counts intents; `error` is the last reason, a short code."""

    mail: UUID
    channel: Channel
    party: PartyId
    state: MailState
    fate: MailFate | None
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    receipt: str | None
    epoch: int
    notifications: Sequence[NewNotification]


class Outbox(Protocol):
    """Durable rows. Every call is one transaction, and times are the caller's clock.

    What is done to a mail is done on condition that nobody else has claimed it since, and answers
    whether it was. Raises `services.ports.StoreUnavailable` when the database does not answer; the
    call may then have been done or not, and repeating it does no harm.
    """

    async def take_in(self, placings: Sequence[Placing], now: datetime) -> None:
        """Add what is not there yet, by notification."""
        ...

    async def claim(
        self, now: datetime, lease_seconds: float, channels: Collection[Channel]
    ) -> Mail | None:
        """Hold the mail of these channels that has been due longest and that nobody holds."""
        ...

    async def intend(self, mail: Mail, now: datetime) -> bool:
        """Write down that it is about to be handed over."""
        ...

    async def put_off(
        self, mail: Mail, now: datetime, *, state: MailState, until: datetime, error: str
    ) -> bool:
        """Let go of it until then."""
        ...

    async def conclude(
        self,
        mail: Mail,
        now: datetime,
        *,
        fate: MailFate,
        error: str | None = None,
        receipt: str | None = None,
    ) -> bool:
        """Write its fate down; it is still held, until its matters have been told."""
        ...

    async def finish(self, mail: Mail, now: datetime) -> bool:
        """Its matters have been told."""
        ...

    async def find(self, mail: UUID) -> Mail | None: ...

    async def of_notification(self, notification: NotificationId) -> Mail | None: ...

    async def note(self, mail: UUID, now: datetime, fate: MailFate, error: str | None) -> None:
        """What has been learned later of a mail that is done, and its matters have been told."""
        ...

    async def reopen(self, notification: NotificationId, now: datetime) -> None:
        """A person wants a mail that is done to be sent again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The other side has taken it upon itself to deliver it, or to say that it could not."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Nothing has happened. `is_down` when the other side itself is away, whatever the mail."""

    reason: str
    is_down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have been taken: all was handed over and there was no answer."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRefused:
    """The address does not exist or takes nothing; `status` as in RFC 3463."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The other side will not have it, ever; `code` is permanent."""

    code: str


Answer: TypeAlias = Accepted | NotNow | Unknown | AddressRefused | Refused
