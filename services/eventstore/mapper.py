"""Between our facts and what the library stores: the one place where stored bytes are read."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from eventsourcing.persistence import Mapper as LibraryMapper
from eventsourcing.persistence import Notification, StoredEvent
from pydantic import TypeAdapter

from events.catalogue import Event
from events.envelope import Envelope, Recorded
from services import codec

_ENVELOPE: Final = TypeAdapter(Envelope)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact before it is recorded, under the names by which the library knows its stream.

    `metadata` is the envelope as JSON, made once for all facts of a command; `seal` is None where
    nothing is personal.
    """

    originator_id: str
    originator_version: int
    event: Event
    event_id: UUID
    metadata: str
    seal: codec.Seal | None


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A fact in the form in which it is stored."""

    event_id: UUID
    metadata: str


@dataclass(frozen=True)
class RecordedFact(Notification):
    """What the log gives back; `id` is the position."""

    event_id: UUID
    recorded_at: datetime
    metadata: str


class Unsealed(Exception):
    """A fact with personal data was to be stored as it is."""


class Mapper(LibraryMapper[str]):
    """Wire names instead of Python paths, and every envelope kept."""

    def to_stored_event(self, domain_event: NewFact) -> StoredFact:  # type: ignore[override]  # the library would take any class; we store facts of the catalogue only
        """Raises Unsealed: it has personal data, and nothing to seal that with."""
        if domain_event.seal is None and codec.is_personal(type(domain_event.event)):
            raise Unsealed(type(domain_event.event).__name__)
        topic, state = codec.encode(domain_event.event, domain_event.seal)
        return StoredFact(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic,
            state=state,
            event_id=domain_event.event_id,
            metadata=domain_event.metadata,
        )

    def to_domain_event(  # type: ignore[override]  # what comes from the log has a position and a time
        self, stored_event: RecordedFact, opening: codec.Opening | None = None
    ) -> Recorded:
        return Recorded(
            event=codec.decode(stored_event.topic, stored_event.state, opening),
            stream=str(stored_event.originator_id),
            version=stored_event.originator_version,
            position=stored_event.id,
            event_id=stored_event.event_id,
            recorded_at=stored_event.recorded_at,
            envelope=envelope_from_json(stored_event.metadata),
        )


def envelope_to_json(envelope: Envelope) -> str:
    return _ENVELOPE.dump_json(envelope).decode()


@lru_cache(maxsize=1024)
def envelope_from_json(metadata: str) -> Envelope:
    """Cached, for the facts of one command lie together and share one envelope."""
    return _ENVELOPE.validate_json(metadata)
