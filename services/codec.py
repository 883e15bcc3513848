"""Events to JSON bytes and back, by wire name."""

import json
from typing import Any, Final

from pydantic import TypeAdapter

from events.catalogue import CLASSES, UPCASTERS, WIRE_NAMES, Event, upcast


class UnknownEvent(Exception):
    """The log holds a wire name that this version of the code does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No event has the wire name {name!r}.")
        self.name = name


_ADAPTERS: Final[dict[type[Event], TypeAdapter[Any]]] = {
    cls: TypeAdapter(cls) for cls in WIRE_NAMES
}
# The two bound methods of each class, looked up once: a rebuild decodes every event there is.
_WRITERS: Final = {
    cls: (name, _ADAPTERS[cls].serializer.to_json) for cls, name in WIRE_NAMES.items()
}
_READERS: Final = {name: _ADAPTERS[cls].validator.validate_json for name, cls in CLASSES.items()}


def encode(event: Event) -> tuple[str, bytes]:
    """The wire name and the stored form, UTF-8 JSON without spaces."""
    name, to_json = _WRITERS[type(event)]
    return name, to_json(event)


def decode(name: str, stored: bytes) -> Event:
    """Read a stored form, of today or of any earlier day.

    Raises:
        UnknownEvent: no class and no upcaster has that name.
        pydantic.ValidationError: the bytes are not a stored form of that name.
    """
    reader = _READERS.get(name)
    if reader is None:
        return _decode_old(name, stored)
    event: Event = reader(stored)
    return event


def _decode_old(name: str, stored: bytes) -> Event:
    if name not in UPCASTERS:
        raise UnknownEvent(name)
    cls, payload = upcast(name, json.loads(stored))
    # Back through JSON, because only there an array is a tuple and a string a date without doubt.
    event: Event = _ADAPTERS[cls].validate_json(json.dumps(payload))
    return event
