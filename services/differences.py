"""What differs between two states of a case, place by place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Place: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`place` has the names on the way there; None is nothing. Of a list `was` has only what went,
    and `now` what came.
    """

    place: Place
    was: object
    now: object


def differences(was: object, now: object, place: Place = ()) -> Iterator[Difference]:
    """Every difference between two JSON values, in the order of their names; none of equals."""
    if was == now:
        return
    if isinstance(was, list) and isinstance(now, list):
        went = [each for each in was if each not in now]
        came = [each for each in now if each not in was]
        yield Difference(place=place, was=went, now=came)
    elif _may_have_names(was) and _may_have_names(now):
        yield from _of_names(_named(was), _named(now), place)
    else:
        yield Difference(place=place, was=was, now=now)


def _of_names(
    was: Mapping[str, object], now: Mapping[str, object], place: Place
) -> Iterator[Difference]:
    for name in dict.fromkeys([*was, *now]):
        yield from differences(was.get(name), now.get(name), (*place, name))


def _may_have_names(value: object) -> bool:
    """Nothing has none, and is no value of its own that would be lost."""
    return value is None or isinstance(value, Mapping)


def _named(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
