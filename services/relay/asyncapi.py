"""What we publish, as others read it: an AsyncAPI 3.0 document and a schema for every event."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from events.catalogue import CLASSES
from events.older import UPCASTERS
from services.relay.cloud_events import CONTENT_TYPE, schema_of, tells_version, type_of
from services.relay.internal import INTERNAL
from services.relay.schemas import Schema, data_schema, event_schemas
from services.relay.settings import topic_of

DOCUMENT: Final = Path("asyncapi.json")
SCHEMAS: Final = Path("schemas") / "events"

RELAYED: Final = [name for name, cls in CLASSES.items() if cls not in INTERNAL]

_UUID: Final[Schema] = {"type": "string", "format": "uuid"}
_NUMBER: Final[Schema] = {"type": "string", "pattern": "^[0-9]+$"}
_TRACE: Final[Schema] = {
    "type": "string",
    "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
}


class SchemaReleased(Exception):
    """A published form has changed under its wire name: give the event a new one."""


def files() -> dict[Path, str]:
    """Every file by its path below `docs`, as it must be."""
    found = {
        SCHEMAS / f"{name}.schema.json": _text(schema) for name, schema in event_schemas().items()
    }
    return {**found, DOCUMENT: _text(document())}


def differing(docs: Path) -> list[Path]:
    """What is missing or not as it must be, and schemas of events that never were.

    The schema of an older version of an event stays, for consumers keep what they were sent.
    """
    wanted = files()
    stale = [
        path
        for path, text in wanted.items()
        if not (docs / path).exists() or (docs / path).read_text() != text
    ]
    older = {SCHEMAS / f"{name}.schema.json" for name in UPCASTERS}
    return stale + [path for path in _schemas_in(docs) if path not in wanted and path not in older]


def write(docs: Path) -> list[Path]:
    """Write what is missing and the document; give what was written.

    Raises:
        SchemaReleased: names the events whose committed schema is another. Nothing is written.
    """
    stale = differing(docs)
    wanted = files()
    changed = [
        path
        for path in stale
        if path != DOCUMENT and (docs / path).exists() and not _only_gains_words(docs, path, wanted)
    ]
    if changed:
        names = ", ".join(path.name.removesuffix(".schema.json") for path in changed)
        raise SchemaReleased(f"{names}: what is published has changed; give it a new wire name.")
    for path in stale:
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_text(wanted[path])
    return stale


def _only_gains_words(docs: Path, path: Path, wanted: Mapping[Path, str]) -> bool:
    """Whether all that is new is words that a field may have; consumers pass over strange ones."""
    if path not in wanted:
        return False
    return _gained(json.loads((docs / path).read_text()), json.loads(wanted[path]))


def _gained(old: object, new: object) -> bool:
    match old, new:
        case {"enum": list(before), **others}, {"enum": list(after), **rest}:
            return set(before) <= set(after) and others == rest
        case dict(), dict():
            return old.keys() == new.keys() and all(_gained(old[key], new[key]) for key in old)
        case list(), list():
            return len(old) == len(new) and all(map(_gained, old, new))
        case _:
            return old == new


def document() -> Schema:
    """The AsyncAPI 3.0 document (asyncapi.com/docs/reference/specification/v3.0.0)."""
    channel = "#/channels/events"
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Julelys events",
            "version": "1",
            "description": (
                "Every fact of an organisation that is not internal, at least once, and in order "
                "for each stream. Versions and positions may have gaps. "
                "Consumers recognise a repeated event by its id. Nothing here is personal data: "
                "what a fact says beyond this is read from Julelys by those who may. "
                "A field that names one of several words may get more of them: pass over a strange "
                "one."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {"events": _channel()},
        "operations": {
            "publishEvents": {
                "action": "send",
                "summary": "Julelys sends; whoever consumes receives.",
                "channel": {"$ref": channel},
                "messages": [{"$ref": f"{channel}/messages/{name}"} for name in RELAYED],
            }
        },
        "components": {
            "messages": {name: _message(name) for name in RELAYED},
            "schemas": {"headers": _headers()},
        },
    }


def _channel() -> Schema:
    return {
        "address": topic_of("{organisation}"),
        "title": "All facts of one organisation",
        "parameters": {"organisation": {"description": "For instance `hjorring`."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in RELAYED},
        "bindings": {
            "kafka": {
                "topicConfiguration": {"cleanup.policy": ["delete"]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _message(name: str) -> Schema:
    return {
        "name": type_of(name),
        "title": name,
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": envelope_schema(name),
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The stream: what must stay in order."},
                "bindingVersion": "0.5.0",
            }
        },
    }


def envelope_schema(name: str) -> Schema:
    """The whole event of a wire name (CloudEvents 1.0, JSON format, with our extensions)."""
    version: Schema = {"type": "integer", "minimum": 1}
    required: Mapping[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": _UUID,
        "source": {"type": "string", "format": "uri-reference"},
        "type": {"const": type_of(name)},
        "subject": {"type": "string", "description": "The stream."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"const": schema_of(name)},
        **({"streamversion": version} if tells_version(CLASSES[name]) else {}),
        "position": _NUMBER,
        "correlationid": _UUID,
        "data": data_schema(CLASSES[name]),
    }
    return {
        "type": "object",
        "properties": {**required, "causationid": _UUID, "traceparent": _TRACE},
        "required": list(required),
        "additionalProperties": False,
    }


def _headers() -> Schema:
    required: Mapping[str, Schema] = {
        "content-type": {"const": CONTENT_TYPE},
        "event_id": _UUID,
        "type": {"type": "string", "enum": RELAYED},
        "schema_version": _NUMBER,
        "position": _NUMBER,
        "correlation": _UUID,
        "tenant": {"type": "string", "description": "The organisation."},
    }
    return {
        "type": "object",
        "properties": {
            **required,
            "stream_version": _NUMBER,
            "causation": _UUID,
            "traceparent": _TRACE,
        },
        "required": list(required),
    }


def _schemas_in(docs: Path) -> list[Path]:
    return [path.relative_to(docs) for path in sorted((docs / SCHEMAS).glob("*.json"))]


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
