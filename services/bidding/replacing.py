"""Giving a new member a share of a key that nobody puts together for it (Stinson and Wei, 2018).

A share is a value of the polynomial at its member's place; the new one's is the sum of what each of
k helpers makes of their own (`contribution`). Shown to the new member, a contribution would give
its helper's share away. So each helper cuts theirs into k random pieces whose sum it is, one for
each helper; each adds up what they were given, and the new member adds those sums up.
"""

import secrets
from collections.abc import Sequence
from functools import reduce

from services.bidding.shares import SharesUnusable, times, weight_at


def contribution(share: bytes, helpers: Sequence[int], new_place: int) -> bytes:
    """What a helper adds to the new member's share, without the place.

    `helpers` are the places of all who help, this one's among them.

    Raises:
        SharesUnusable: the places are not distinct, or this one's is not among them.
    """
    place = share[-1]
    places = {*helpers, new_place}
    if len(places) != len(helpers) + 1 or place not in helpers or 0 in places:
        raise SharesUnusable("share-malformed")
    weight = weight_at(new_place, place, helpers)
    return bytes(times(weight, value) for value in share[:-1])


def cut(value: bytes, count: int) -> list[bytes]:
    """So many random pieces whose sum is the value; any fewer of them tell nothing."""
    pieces = [secrets.token_bytes(len(value)) for _ in range(count - 1)]
    return [*pieces, added([value, *pieces])]


def added(pieces: Sequence[bytes]) -> bytes:
    """The sum: in this field, the exclusive or."""
    return bytes(reduce(int.__xor__, column) for column in zip(*pieces, strict=True))


def new_share(sums: Sequence[bytes], new_place: int) -> bytes:
    """What the new member holds from now on."""
    return added(sums) + bytes([new_place])
