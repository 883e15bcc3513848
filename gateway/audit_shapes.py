"""What auditors are answered."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from events.envelope import Recorded
from events.ids import ActorId
from gateway.asked import Asked
from gateway.language import in_language
from gateway.sentences import name_of
from gateway.shapes import Shape
from services.codec import encode


class EnvelopeShape(Shape):
    """`actor_name` and `on_behalf_of_name` are what these are called, as far as it is known."""

    organisation: str
    actor: str
    actor_name: str
    on_behalf_of: str | None
    on_behalf_of_name: str | None
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
    """`names` are what people are called who stand in the events, by the ids that they have there;
    as far as they are known, and have not been forgotten.
    """

    events: list[RecordedShape]
    names: dict[str, str]


class CaseAsItWasShape(Shape):
    """`state` is what the rules saw; sets are in one order, so that equal states are equal JSON."""

    version: int
    state: dict[str, object]
    events: list[RecordedShape]


class DifferenceShape(Shape):
    """`place` has the names on the way there. Of a list `was` has what went, `now` what came."""

    place: list[str]
    was: object
    now: object


class DifferencesShape(Shape):
    """Between the case at one position of the log and at another; 0 is before it was opened."""

    earlier: int
    later: int
    differences: list[DifferenceShape]


class FoundCaseShape(Shape):
    case: UUID
    reference: str
    kind: str
    service: str
    service_version: int
    team: str
    subject: str
    status: str
    received_on: date


class FoundCasesShape(Shape):
    """At most fifty."""

    cases: list[FoundCaseShape]


class ExportedFileShape(Shape):
    """`path` is where it is got; `sha256` as 64 hexadecimal digits; `size` in bytes."""

    name: str
    path: str
    media_type: str
    size: int
    sha256: str


class ExportShape(Shape):
    """All events up to the position `through`, as files; each is the same however often."""

    through: int
    events: int
    files: list[ExportedFileShape]


def recorded_shape(asked: Asked, recorded: Recorded) -> RecordedShape:
    name, payload = encode(recorded.event)
    envelope, behalf = recorded.envelope, recorded.envelope.on_behalf_of
    return RecordedShape(
        name=name,
        stream=recorded.stream,
        version=recorded.version,
        position=recorded.position,
        event_id=recorded.event_id,
        recorded_at=recorded.recorded_at,
        envelope=EnvelopeShape(
            organisation=envelope.organisation,
            actor=envelope.actor,
            actor_name=name_of(envelope.actor, asked.language, asked.names),
            on_behalf_of=behalf,
            on_behalf_of_name=None
            if behalf is None
            else name_of(ActorId(behalf), asked.language, asked.names),
            command_id=envelope.command_id,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            service_version=envelope.service_version,
            traceparent=envelope.traceparent,
        ),
        payload=json.loads(payload),
    )


def names_in(asked: Asked, events: list[RecordedShape]) -> dict[str, str]:
    """What those are called who stand anywhere in the events."""
    ids = {each for event in events for each in _texts(event.model_dump())}
    known = asked.names.keys() & ids
    return {each: in_language(asked.names[each], asked.language) for each in sorted(known)}


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for name, each in value.items():
                yield str(name)
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case _:
            pass
