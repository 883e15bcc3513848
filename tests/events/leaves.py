"""What personal data an event has, by the marks of its class."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from events.catalogue import Event
from services.privacy.marks import Fields, Sealing, Within, personal_fields


def leaves(of: Fields) -> Iterator[tuple[list[str], Sealing]]:
    for name, what in of:
        if isinstance(what, Within):
            yield from (([name, *path], kind) for path, kind in leaves(what.fields))
        else:
            yield [name], what


def found(value: object, path: list[str]) -> Iterator[object]:
    """The values at a path; there are several where it leads through a list."""
    if isinstance(value, tuple) and path:
        for item in value:
            yield from found(item, path)
    elif path and value is not None:
        yield from found(getattr(value, path[0]), path[1:])
    else:
        yield value


def words(event: Event) -> set[str]:
    """Whatever in an event is personal and could be nothing else: everything of several words."""
    values = [
        value for path, _ in leaves(personal_fields(type(event))) for value in found(event, path)
    ]
    return {text for value in values for text in texts(value) if " " in text}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
