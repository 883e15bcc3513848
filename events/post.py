"""What was told to whom outside the platform, by which way, and what became of it.

Each case and tender has a stream of its outgoing post, so that telling somebody never makes stale
what anybody at a form has seen of it. `party` is always the one who is told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from events.ids import NotificationId, PartyId
from events.journal import Matter


class Channel(StrEnum):
    EMAIL = "email"
    DIGITAL_POST = "digital-post"
    PAPER = "paper"


class PaperReason(StrEnum):
    """Why a letter is printed: the person is exempted from Digital Post, there is no way to send it
    digitally, it could not be delivered, or a caseworker wants it so.
    """

    EXEMPT = "exempt"
    NO_DIGITAL_POST = "no-digital-post"
    UNDELIVERABLE = "undeliverable"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationQueued:
    """A party is to be told of a fact; `fact` and `about` are its wire name and event id."""

    matter: Matter
    notification: NotificationId
    fact: str
    about: UUID
    party: PartyId
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent:
    """The other side has taken it upon itself. `receipt` is the Message-ID or transaction id.

    `attempt` counts from 1. `in_doubt` is how many of the attempts before may have arrived as
    well: 0 means that it was sent once and no more.
    """

    matter: Matter
    notification: NotificationId
    party: PartyId
    channel: Channel
    receipt: str
    attempt: int
    in_doubt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationInDoubt:
    """It may have been sent: all was handed over, and the answer never came.

    RFC 5321 § 4.2.5 leaves the message with whoever got no answer, so it is sent again.
    """

    matter: Matter
    notification: NotificationId
    party: PartyId
    channel: Channel
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationDelivered:
    """It is available to the recipient since then, which is when it has arrived in law
    (lov om Digital Post § 10).
    """

    matter: Matter
    notification: NotificationId
    party: PartyId
    delivered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationBounced:
    """The address does not take it; `status` is an enhanced status code (RFC 3463)."""

    matter: Matter
    notification: NotificationId
    party: PartyId
    attempt: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationFailed:
    """It cannot be sent; a person must act. `code` is permanent and holds no personal data."""

    matter: Matter
    notification: NotificationId
    party: PartyId
    attempt: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRetried:
    """A caseworker has asked for another attempt."""

    matter: Matter
    notification: NotificationId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationGivenToPaper:
    """It waits to be printed and sent by a caseworker."""

    matter: Matter
    notification: NotificationId
    party: PartyId
    reason: PaperReason


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPosted:
    """A caseworker has put the letter in the post."""

    matter: Matter
    notification: NotificationId
    party: PartyId
    posted_on: date


PostEvent: TypeAlias = (
    NotificationQueued
    | NotificationSent
    | NotificationInDoubt
    | NotificationDelivered
    | NotificationBounced
    | NotificationFailed
    | NotificationRetried
    | NotificationGivenToPaper
    | NotificationPosted
)
