"""A range of numbers or days as a regular expression.

Numbers with decimals and days travel as text, of which JSON Schema can say only what it looks
like. So their limits are told by listing, digit by digit, what may be written.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import groupby
from typing import Final, TypeAlias

Digit: TypeAlias = tuple[int, int]
"""The least and the greatest digit that may stand in a place."""

NOTHING: Final = "^$"
"""Matches no number and no day."""

_DAY_PARTS: Final = (4, 2, 2)


def numbers_between(least: Decimal, most: Decimal, decimals: Sequence[int]) -> str:
    """What a number in a range may look like; `decimals` are how many it may be written with.

    `-0`, zeros in front and a point without digits beside it are no way to write a number.
    """
    found: list[str] = []
    for places in decimals:
        low = int(least.scaleb(places).to_integral_value(ROUND_CEILING))
        high = int(most.scaleb(places).to_integral_value(ROUND_FLOOR))
        if low < 0:
            found += ["-" + _pointed(each, places) for each in _whole(max(1, -high), -low, places)]
        found += [_pointed(each, places) for each in _whole(max(0, low), high, places)]
    return _either(found)


def days_between(first: date, last: date) -> str:
    """What a day in a range may look like, as far as digits tell: also 2026-02-31."""
    low, high = (f"{day:%Y%m%d}".zfill(8) for day in (first, last))
    found: list[str] = []
    for digits in _between(low, high) if low <= high else ():
        parts, place = [], 0
        for length in _DAY_PARTS:
            parts.append(_classes(digits[place : place + length]))
            place += length
        found.append("-".join(parts))
    return _either(found)


def _either(found: Sequence[str]) -> str:
    return f"^({'|'.join(found)})$" if found else NOTHING


def _whole(low: int, high: int, places: int) -> Iterator[tuple[Digit, ...]]:
    """Whole numbers of a range by length, the shortest with a digit before the point."""
    shortest = places + 1
    if low <= high:
        for length in range(shortest, max(shortest, len(str(high))) + 1):
            least = 0 if length == shortest else 10 ** (length - 1)
            first, last = max(low, least), min(high, 10**length - 1)
            if first <= last:
                yield from _between(str(first).zfill(length), str(last).zfill(length))


def _between(low: str, high: str) -> Iterator[tuple[Digit, ...]]:
    """The numbers from `low` to `high`, which are as long, as sequences of digits."""
    if not low:
        yield ()
        return
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    if first == last:
        yield from _after(first, _between(low[1:], high[1:]))
        return
    if low[1:] != "0" * rest:
        yield from _after(first, _between(low[1:], "9" * rest))
        first += 1
    ends_early = high[1:] != "9" * rest
    until = last - 1 if ends_early else last
    if first <= until:
        yield ((first, until), *([(0, 9)] * rest))
    if ends_early:
        yield from _after(last, _between("0" * rest, high[1:]))


def _after(digit: int, rest: Iterable[tuple[Digit, ...]]) -> Iterator[tuple[Digit, ...]]:
    return (((digit, digit), *each) for each in rest)


def _pointed(digits: tuple[Digit, ...], places: int) -> str:
    if not places:
        return _classes(digits)
    return f"{_classes(digits[:-places])}[.]{_classes(digits[-places:])}"


def _classes(digits: Iterable[Digit]) -> str:
    written = ""
    for (least, most), run in groupby(digits):
        times = len(list(run))
        one = str(least) if least == most else f"[{least}-{most}]"
        written += one if times == 1 else f"{one}{{{times}}}"
    return written
