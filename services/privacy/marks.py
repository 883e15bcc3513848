"""Where in a fact's stored form personal data lies, worked out from the marks of its class."""

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, TypeAlias, Union, get_args, get_origin, get_type_hints

from events.personal import Mark

Payload: TypeAlias = dict[str, object]


class Sealing(Enum):
    """What a sealed value is found under, which tells what it reads as once it is forgotten."""

    TEXT = "sealed"
    LIST = "sealed-list"


@dataclass(frozen=True, slots=True)
class Within:
    """Personal data lies deeper: in an object, or in each of a list of them."""

    fields: "Fields"


Fields: TypeAlias = tuple[tuple[str, Sealing | Within], ...]

Seal: TypeAlias = Callable[[str, object], str]
"""Gives a value's sealed form for the path of its field, such as `documents.0.name`."""


def personal_fields(cls: type) -> Fields:
    """Those fields of a class that are personal, or have something personal in them.

    Raises:
        TypeError: what is marked is neither text nor a list, or could be of several classes.
    """
    hints = get_type_hints(cls, include_extras=True)
    found = ((name, _within(hint)) for name, hint in hints.items())
    return tuple((name, what) for name, what in found if what is not None)


def seal_fields(payload: Payload, fields: Fields, seal: Seal, path: str = "") -> None:
    """Put in the place of each personal value what it is sealed as. What is null stays so."""
    for name, what in fields:
        value = payload[name]
        if value is None:
            continue
        if isinstance(what, Sealing):
            payload[name] = {what.value: seal(path + name, value)}
        elif isinstance(value, list):
            for number, item in enumerate(value):
                seal_fields(item, what.fields, seal, f"{path}{name}.{number}.")
        elif isinstance(value, dict):
            seal_fields(value, what.fields, seal, f"{path}{name}.")


def _within(hint: object) -> Sealing | Within | None:
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        if Mark.PUBLIC in marks:
            return None
        return _sealing(inner) if Mark.PERSONAL in marks else _within(inner)
    if get_origin(hint) in {Union, UnionType}:
        found = [_within(member) for member in get_args(hint) if member is not NoneType]
        if len(found) > 1 and any(found):
            raise TypeError(f"{hint} could have something personal in several ways.")
        return found[0]
    if get_origin(hint) is tuple:
        inside = _within(get_args(hint)[0])
        if isinstance(inside, Sealing):
            raise TypeError(f"{hint}: a list is marked as a whole.")
        return inside
    if isinstance(hint, type) and is_dataclass(hint):
        fields = personal_fields(hint)
        return Within(fields) if fields else None
    return None


def _sealing(inner: object) -> Sealing:
    if inner is str:
        return Sealing.TEXT
    if get_origin(inner) is tuple:
        return Sealing.LIST
    raise TypeError(f"{inner} cannot be sealed: it would read as nothing when it is forgotten.")
