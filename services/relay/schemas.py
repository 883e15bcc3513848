"""JSON Schemas of what is published of every event, worked out from the classes."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Final, NewType, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from events.catalogue import WIRE_NAMES, Event
from services.relay.cloud_events import schema_of
from services.relay.spreading import SPREAD

Schema: TypeAlias = dict[str, object]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: Final[Mapping[object, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    UUID: {"type": "string", "format": "uuid"},
    NoneType: {"type": "null"},
}


def event_schemas() -> dict[str, Schema]:
    """The schema of every event's `data`, by wire name."""
    return {
        name: {
            "$schema": DIALECT,
            "$id": schema_of(name),
            "title": name,
            **data_schema(cls),
        }
        for cls, name in WIRE_NAMES.items()
    }


def data_schema(cls: type[Event]) -> Schema:
    """In words that JSON Schema's draft 7, which AsyncAPI speaks, and 2020-12 both know."""
    return _of_class(cls)


def _of_class(cls: type) -> Schema:
    kinds = get_type_hints(cls)
    fields = SPREAD[cls]
    return {
        "type": "object",
        "properties": {field: _of(kinds[field]) for field in fields},
        "required": list(fields),
        # A released schema never changes, so there is nothing more to make room for.
        "additionalProperties": False,
    }


def _of(kind: object) -> Schema:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if isinstance(kind, NewType):
        return _of(kind.__supertype__)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _of(get_args(kind)[0])}
    if get_origin(kind) in {Union, UnionType}:
        return {"anyOf": [_of(member) for member in get_args(kind)]}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [str(member.value) for member in kind]}
    if isinstance(kind, type) and is_dataclass(kind):
        return _of_class(kind)
    raise TypeError(f"{kind!r} has no published form.")
