"""Any event there could be, made from the declaration of its class."""

from dataclasses import is_dataclass
from datetime import UTC, date, datetime, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Final, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from events.catalogue import WIRE_NAMES, Event
from services.clock import COPENHAGEN


def _offset_only(time: datetime) -> datetime:
    # A zone's time in the hour that is passed twice equals no other zone's; an offset's does.
    offset = time.utcoffset()
    assert offset is not None
    return time.astimezone(timezone(offset))


_TIMES: Final = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.sampled_from([COPENHAGEN, UTC]),
).map(_offset_only)

_PLAIN: Final[dict[object, st.SearchStrategy[object]]] = {
    str: st.text(max_size=20) | st.sampled_from(["1", "true", "null", "2026-12-01", "1e3", "[]"]),
    int: st.integers(),
    bool: st.booleans(),
    date: st.dates(),
    datetime: _TIMES,
    UUID: st.uuids(),
    NoneType: st.none(),
}


def values_of(annotation: object) -> st.SearchStrategy[object]:
    """Values of a type that events are made of; any other type is an error here, on purpose."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, NewType):
        return values_of(annotation.__supertype__)
    if get_origin(annotation) is tuple:
        item, ellipsis = get_args(annotation)
        assert ellipsis is Ellipsis
        return st.lists(values_of(item), max_size=3).map(tuple)
    # `A | None` of a NewType is the one, of a class the other.
    if get_origin(annotation) in {Union, UnionType}:
        return st.one_of([values_of(member) for member in get_args(annotation)])
    assert isinstance(annotation, type), annotation
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    assert is_dataclass(annotation), annotation
    fields = get_type_hints(annotation)
    return st.builds(annotation, **{name: values_of(of) for name, of in fields.items()})


def any_event_of(cls: type[Event]) -> st.SearchStrategy[Event]:
    def as_event(value: object) -> Event:
        assert isinstance(value, cls)
        return value

    return values_of(cls).map(as_event)


EVERY_CLASS: Final = tuple(WIRE_NAMES)
