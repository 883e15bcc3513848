"""Our own mark on everything that we file, by which it is found again."""

import re
from functools import lru_cache
from typing import Final
from uuid import UUID

from events.ids import EntryId

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

LENGTH: Final = 29
_REFERENCE: Final = re.compile(r"\bJL-[0-9A-HJKMNP-TV-Z]{26}\b")


@lru_cache(maxsize=1024)  # asked several times while one entry is filed
def reference_of(entry: EntryId) -> str:
    """`JL-` and the entry's 128 bits: the same for ever, and no one else's."""
    bits = entry.int
    return "JL-" + "".join(_DIGITS[bits >> shift & 31] for shift in range(125, -1, -5))


def references_in(text: str) -> list[str]:
    """Every reference that a text has in it, in order."""
    return _REFERENCE.findall(text)


def entry_of(reference: str) -> EntryId:
    """The entry whose reference it is.

    Raises:
        ValueError: it is no reference.
    """
    if not _REFERENCE.fullmatch(reference):
        raise ValueError("Not a reference of ours.")
    bits = 0
    for digit in reference.removeprefix("JL-"):
        bits = bits << 5 | _DIGITS.index(digit)
    if bits >> 128:
        raise ValueError("Not a reference of ours.")
    return EntryId(UUID(int=bits))
