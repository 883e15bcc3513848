"""Facts as the views keep them: what is personal in them is sealed words, all else is as it is.

Each value is sealed by itself and stays of its type where that is text, so a projection puts it
where it belongs without knowing, and holds nothing that it could give away.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final, TypeAlias, TypeVar, cast

from events.case import Answer
from events.case_information import InformationDelivered, RequestedItem
from events.catalogue import WIRE_NAMES, Event
from events.personal import FORGOTTEN
from services.privacy.marks import Fields, Sealing, personal_fields

Seal: TypeAlias = Callable[[str, object], str]
"""Gives sealed words for the path of a value, such as `documents.0.name`."""

T = TypeVar("T")

ITEM: Final = "item"
"""The path of an asked-for thing's name, wherever it is: what is delivered is found by it."""


_FIELDS: Final = {cls: personal_fields(cls) for cls in WIRE_NAMES}


def kept_event(event: Event, seal: Seal) -> Event:
    """The fact with sealed words for what is personal; what was forgotten stays an omission."""
    if isinstance(event, InformationDelivered):
        kept = replace(event, items=tuple([seal(ITEM, item) for item in event.items]))
        return _kept_fields(kept, (("text", Sealing.TEXT),), seal, "")
    return _kept_fields(event, _FIELDS[type(event)], seal, "")


def has_words(event: Event) -> bool:
    """Whether anything in it would be sealed, which is not so once it was forgotten."""

    def found(_path: str, _value: object) -> str:
        raise _Found

    try:
        kept_event(event, found)
    except _Found:
        return True
    return False


class _Found(Exception):
    """There is something to be sealed."""


def _kept_fields(holder: T, marked: Fields, seal: Seal, path: str) -> T:
    if not marked:
        return holder
    changed: dict[str, object] = {}
    for name, what in marked:
        value, place = getattr(holder, name), path + name
        if isinstance(what, Sealing):
            changed[name] = _kept(value, seal, place)
        elif isinstance(value, tuple):
            changed[name] = tuple(
                _kept_fields(item, what.fields, seal, f"{place}.{number}.")
                for number, item in enumerate(value)
            )
        elif value is not None:
            changed[name] = _kept_fields(value, what.fields, seal, f"{place}.")
    return _replaced(holder, changed)


def _kept(value: object, seal: Seal, path: str) -> object:
    """A value all of which is personal."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value if value == FORGOTTEN else seal(path, value)
    if isinstance(value, tuple):
        return tuple(_kept(item, seal, f"{path}.{n}") for n, item in enumerate(value))
    if isinstance(value, Answer):
        # The form's own word for what was asked is no secret.
        return replace(value, value=seal(f"{path}.value", value.value))
    if isinstance(value, RequestedItem):
        item, text = seal(ITEM, value.item), seal(f"{path}.text", value.text)
        return RequestedItem(item=item, text=text)
    if not is_dataclass(value):
        return value
    inner = {each.name: getattr(value, each.name) for each in fields(value)}
    kept = {name: _kept(each, seal, f"{path}.{name}") for name, each in inner.items()}
    return _replaced(value, kept)


def _replaced(holder: T, changed: dict[str, object]) -> T:
    # Each is of the type it was, for all that was changed is text or can be.
    return cast("T", replace(cast("Any", holder), **changed))
