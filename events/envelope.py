"""What every stored fact carries beside its own words: who, when, why and where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.catalogue import Event
from events.ids import ActorId, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Known before the append; one command's events share it.

    `service_version` is the version of the service the case runs under (`building-meeting.1`);
    `traceparent` is a W3C Trace Context header.
    """

    organisation: str
    actor: ActorId
    on_behalf_of: PartyId | None
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    service_version: str | None
    traceparent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact as it lies in the log. `recorded_at` is the database's clock."""

    event: Event
    stream: str
    version: int
    position: int
    event_id: UUID
    recorded_at: datetime
    envelope: Envelope
