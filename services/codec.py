"""Events to JSON bytes and back, by wire name.

What is personal is sealed on the way out by whoever stores an event, and opened on the way in. A
stored form tells itself what in it is sealed, so that it is read for ever, whatever becomes of the
marks of its class; what was stored before anything was sealed is read as it stands.
"""

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from events.catalogue import CLASSES, WIRE_NAMES, Event, upcast
from events.older import UPCASTERS
from events.personal import FORGOTTEN
from services.privacy.marks import Sealing, personal_fields, seal_fields
from services.privacy.sealed import KeyDestroyed, key_of

Seal: TypeAlias = Callable[[str, bytes], bytes]
"""Seals a value's JSON for the path of its field, such as `documents.0.name`."""
Opening: TypeAlias = Callable[[str, bytes], bytes]
"""The other way; raises `KeyDestroyed` or `SealBroken`."""


class UnknownEvent(Exception):
    """The log holds a wire name that this version of the code does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No event has the wire name {name!r}.")
        self.name = name


class NotOpened(Exception):
    """Something is sealed, and whoever reads it has brought no key."""


_ADAPTERS: Final[dict[type[Event], TypeAdapter[Any]]] = {
    cls: TypeAdapter(cls) for cls in WIRE_NAMES
}
# The two bound methods of each class, looked up once: a rebuild decodes every event there is.
_WRITERS: Final = {
    cls: (name, _ADAPTERS[cls].serializer.to_json) for cls, name in WIRE_NAMES.items()
}
_SEALED_WRITERS: Final = {
    cls: (_ADAPTERS[cls].serializer.to_python, fields)
    for cls in WIRE_NAMES
    if (fields := personal_fields(cls))
}
_READERS: Final = {name: _ADAPTERS[cls].validator.validate_json for name, cls in CLASSES.items()}

# In JSON text `{"` only ever begins an object: within a string the quote would be escaped.
_BEGINNINGS: Final = tuple(f'{{"{kind.value}":"'.encode() for kind in Sealing)
_HEAD: Final = 28
"""So many characters of base64 have the key's id and the nonce in them."""
_FORGOTTEN: Final[dict[str, object]] = {Sealing.TEXT.value: FORGOTTEN, Sealing.LIST.value: []}


def encode(event: Event, seal: Seal | None = None) -> tuple[str, bytes]:
    """The wire name and the stored form, UTF-8 JSON without spaces; sealed if there is a `seal`."""
    name, write = _WRITERS[type(event)]
    if seal is None or not is_personal(type(event)):
        return name, write(event)
    to_python, fields = _SEALED_WRITERS[type(event)]
    payload = to_python(event, mode="json")
    seal_fields(payload, fields, lambda path, value: _text(seal(path, to_json(value))))
    return name, to_json(payload)


def decode(name: str, stored: bytes, opening: Opening | None = None) -> Event:
    """Read a stored form, of today or of any earlier day.

    What a destroyed key has sealed reads as `FORGOTTEN`, or as an empty list.

    Raises:
        UnknownEvent: no class and no upcaster has that name.
        pydantic.ValidationError: the bytes are not a stored form of that name.
        SealBroken: something in it belongs elsewhere, or was changed.
        NotOpened: something in it is sealed, and there is no `opening`.
    """
    if is_sealed(stored):
        if opening is None:
            raise NotOpened(name)
        payload = from_json(stored)
        _open(payload, "", opening)
        stored = to_json(payload)
    reader = _READERS.get(name)
    if reader is None:
        return _decode_old(name, stored)
    event: Event = reader(stored)
    return event


def is_sealed(stored: bytes) -> bool:
    """Whether anything in a stored form is."""
    return any(beginning in stored for beginning in _BEGINNINGS)


def key_ids(stored: bytes) -> set[int]:
    """The ids of the keys that open what is sealed in a stored form."""
    return {
        key_of(a2b_base64(behind[:_HEAD]))
        for beginning in _BEGINNINGS
        for behind in stored.split(beginning)[1:]
    }


def is_personal(cls: type[Event]) -> bool:
    """Whether anything in such an event is sealed where it is kept."""
    return cls in _SEALED_WRITERS


def _open(payload: Any, path: str, opening: Opening) -> None:  # noqa: ANN401 - any JSON
    """Open everything that is sealed within an object or a list, where it stands."""
    places = payload.items() if isinstance(payload, dict) else enumerate(payload)
    for name, item in places:
        # Most are neither, and this is done for every fact of a rebuild.
        if isinstance(item, dict) and len(item) == 1 and (kind := next(iter(item))) in _FORGOTTEN:
            payload[name] = _opened(kind, f"{path}{name}", item[kind], opening)
        elif isinstance(item, dict | list):
            _open(item, f"{path}{name}.", opening)


def _opened(kind: str, path: str, sealed: str, opening: Opening) -> object:
    try:
        return from_json(opening(path, a2b_base64(sealed)))
    except KeyDestroyed:
        return _FORGOTTEN[kind]


def _text(sealed: bytes) -> str:
    return b2a_base64(sealed, newline=False).decode()


def _decode_old(name: str, stored: bytes) -> Event:
    if name not in UPCASTERS:
        raise UnknownEvent(name)
    cls, payload = upcast(name, json.loads(stored))
    # Back through JSON, because only there an array is a tuple and a string a date without doubt.
    event: Event = _ADAPTERS[cls].validate_json(json.dumps(payload))
    return event
