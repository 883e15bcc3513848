"""Commands and facts for the tests of the event store, as short as they can be."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from events.catalogue import Event
from events.envelope import Envelope
from events.hearing import HearingCancelled, HearingExtended
from events.ids import ActorId, HearingId, PartyId
from services.ids import new_id
from services.ports import CommandWrite, StreamWrite

HEARING = HearingId(UUID("01900000-0000-7000-8000-000000000001"))
NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)
FINGERPRINT = b"\x00\x01fingerprint"
ANSWER = b'{"case": "\xc3\xb8"}'


def cancelled(reason: str = "Withdrawn.") -> HearingCancelled:
    return HearingCancelled(hearing_id=HEARING, reason=reason)


def extended() -> HearingExtended:
    return HearingExtended(hearing_id=HEARING, closes_at=NOON)


def envelope(command_id: UUID | None = None) -> Envelope:
    return Envelope(
        organisation="hjorring",
        actor=ActorId("staff:erik"),
        on_behalf_of=PartyId("company:æøå"),
        command_id=command_id or new_id(),
        correlation_id=new_id(),
        causation_id=new_id(),
        service_version="plan-response.3",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )


def command(*streams: StreamWrite, command_id: UUID | None = None) -> CommandWrite:
    return CommandWrite(
        envelope=envelope(command_id), fingerprint=FINGERPRINT, answer=ANSWER, streams=streams
    )


def to(stream: str, expected_version: int, *written: Event) -> StreamWrite:
    return StreamWrite(stream=stream, expected_version=expected_version, events=written)


def reasons(written: Sequence[Event]) -> list[str]:
    return [event.reason for event in written if isinstance(event, HearingCancelled)]
