"""A key split so that any k of n shares give it back, and fewer tell nothing (Shamir, 1979).

Arithmetic in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1, byte by byte; a share is the values followed by
its own coordinate, as the npm package `shamir-secret-sharing` writes it, which bidders' browsers
use. There is no library for bare keys in Python that is kept and has been looked into.
"""

import secrets
from collections.abc import Sequence
from functools import cache, reduce
from typing import Final

_POLYNOMIAL: Final = 0x11B
_ORDER: Final = 255
MOST_SHARES: Final = 255


class SharesUnusable(Exception):
    """`code` says why: `shares-too-few`, `share-twice`, `share-malformed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def split(secret: bytes, count: int, threshold: int) -> list[bytes]:
    """Shares of a secret; each polynomial's coefficients are uniform, zero too.

    Raises:
        ValueError: the numbers are no committee's.
    """
    if not 1 < threshold <= count <= MOST_SHARES or not secret:
        raise ValueError("At least two of at most 255 shares give a secret back.")
    polynomials = [bytes([byte]) + secrets.token_bytes(threshold - 1) for byte in secret]
    return [
        bytes(_value(each, place) for each in polynomials) + bytes([place])
        for place in range(1, count + 1)
    ]


def combine(shares: Sequence[bytes], threshold: int) -> bytes:
    """The secret, if the shares are of one; whether they are, its commitment says.

    Raises:
        SharesUnusable: they are too few, or not such as `split` gives.
    """
    if len(shares) < threshold:
        raise SharesUnusable("shares-too-few")
    length = len(shares[0])
    if length <= 1 or any(len(each) != length or each[-1] == 0 for each in shares):
        raise SharesUnusable("share-malformed")
    places = [each[-1] for each in shares]
    if len(set(places)) < len(places):
        raise SharesUnusable("share-twice")
    factors = [weight_at(0, place, places) for place in places]
    return bytes(
        reduce(int.__xor__, (times(f, share[at]) for f, share in zip(factors, shares, strict=True)))
        for at in range(length - 1)
    )


def weight_at(target: int, place: int, places: Sequence[int]) -> int:
    """What a share's values are multiplied by to give the polynomial's value at `target`."""
    others = [each for each in places if each != place]
    above = reduce(times, (target ^ each for each in others), 1)
    below = reduce(times, (place ^ each for each in others), 1)
    return times(above, _inverse(below))


def times(one: int, other: int) -> int:
    """The product in the field."""
    if one == 0 or other == 0:
        return 0
    powers, logarithms = _tables()
    return powers[(logarithms[one] + logarithms[other]) % _ORDER]


def _value(polynomial: bytes, place: int) -> int:
    """Horner's rule; the coefficient of degree zero comes first."""
    return reduce(lambda sum_, each: times(sum_, place) ^ each, reversed(polynomial), 0)


def _inverse(number: int) -> int:
    powers, logarithms = _tables()
    return powers[(_ORDER - logarithms[number]) % _ORDER]


@cache
def _tables() -> tuple[bytes, bytes]:
    """Powers of the generator x + 1, and for each number which power it is."""
    powers, logarithms = bytearray(_ORDER), bytearray(_ORDER + 1)
    number = 1
    for exponent in range(_ORDER):
        powers[exponent], logarithms[number] = number, exponent
        doubled = number << 1 ^ (_POLYNOMIAL if number & 0x80 else 0)
        number = doubled ^ number
    return bytes(powers), bytes(logarithms)
