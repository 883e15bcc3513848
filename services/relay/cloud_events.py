"""A fact as Kafka carries it: CloudEvents 1.0 in structured JSON, keyed by its stream."""

import re
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import Final, TypeAlias, get_args

from pydantic_core import to_json

from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.tender import TenderEvent
from services.relay.spreading import spread

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
TYPE_PREFIX: Final = "dk.julelys."

Headers: TypeAlias = list[tuple[str, bytes]]

# W3C Trace Context. It comes from outside, so nothing else that somebody puts there goes on.
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A Kafka record. `headers` repeat what a consumer needs before it reads the value."""

    key: bytes
    value: bytes
    headers: Headers


def type_of(name: str) -> str:
    return f"{TYPE_PREFIX}{name}"


def schema_of(name: str) -> str:
    """The URI of the JSON Schema of what is published under a wire name."""
    return f"urn:julelys:schema:{name}"


def source_of(organisation: str) -> str:
    return f"urn:julelys:{organisation}"


def tells_version(event: type[Event]) -> bool:
    """A tender's version counts its bids before they are opened, so no fact of it tells that."""
    return event not in get_args(TenderEvent)


def message(fact: Recorded) -> Message:
    """Everything about a fact that leaves the house."""
    envelope = fact.envelope
    words = _words_of(WIRE_NAMES[type(fact.event)])
    event_id, correlation = str(fact.event_id), str(envelope.correlation_id)
    # A string: CloudEvents' integers have 32 bits, and a log may have more facts.
    position = str(fact.position)
    headers = [
        *words.headers,
        ("event_id", event_id.encode()),
        ("position", position.encode()),
        ("correlation", correlation.encode()),
        ("tenant", envelope.organisation.encode()),
    ]
    attributes: dict[str, object] = {
        "specversion": "1.0",
        "id": event_id,
        "source": source_of(envelope.organisation),
        "type": words.type,
        "subject": fact.stream,
        "time": fact.recorded_at.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "dataschema": words.schema,
        "position": position,
        "correlationid": correlation,
    }
    if tells_version(type(fact.event)):
        attributes["streamversion"] = fact.version
        headers.append(("stream_version", str(fact.version).encode()))
    if envelope.causation_id is not None:
        attributes["causationid"] = cause = str(envelope.causation_id)
        headers.append(("causation", cause.encode()))
    trace = envelope.traceparent
    if trace is not None and _TRACEPARENT.fullmatch(trace):
        attributes["traceparent"] = trace
        headers.append(("traceparent", trace.encode()))
    attributes["data"] = spread(fact.event)
    return Message(key=fact.stream.encode(), value=to_json(attributes), headers=headers)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is the same for every event of a wire name."""

    type: str
    schema: str
    headers: Headers


@cache
def _words_of(name: str) -> _Words:
    headers = [
        ("content-type", CONTENT_TYPE.encode()),
        ("type", name.encode()),
        ("schema_version", name.rpartition(".v")[2].encode()),
    ]
    return _Words(type_of(name), schema_of(name), headers)
