"""Which of two media types a client would rather have (RFC 9110 § 12.5.1)."""

import re
from typing import Final

_QUALITY: Final = re.compile(r";\s*q\s*=\s*(0(\.\d{0,3})?|1(\.0{0,3})?)\s*(;|$)", re.ASCII)


def prefers(accept: str, wanted: str, default: str) -> bool:
    """Whether `wanted` is liked better than `default`, which is what one gets otherwise."""
    return _liked(accept, wanted) > _liked(accept, default)


def _liked(accept: str, media_type: str) -> float:
    """By the most specific range that fits, 0 when none does."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    liked = {}
    for item in accept.split(","):
        found = _QUALITY.search(item)
        liked[item.partition(";")[0].strip().lower()] = float(found[1]) if found else 1.0
    return next((liked[each] for each in ranges if each in liked), 0.0)
