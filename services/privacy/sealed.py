"""What can be wrong with something sealed, and what it is bound to."""

from collections.abc import Iterable
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str, ...]
"""Where something sealed lies, from the outside in: stream, version, event type, field path."""

KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 12


class SealBroken(Exception):
    """It does not belong where it was found, or was changed, or no such key was ever made."""


class KeyDestroyed(Exception):
    """The person was forgotten: what this key has sealed is readable to nobody any more."""

    def __init__(self, key_id: int) -> None:
        super().__init__(f"Key {key_id} is destroyed.")
        self.key_id = key_id


def bound(parts: Iterable[str]) -> bytes:
    """The parts as one, so that it comes apart in one way only: each behind its length."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def key_of(sealed: bytes) -> int:
    """The id of the key that opens it, which stands in front in the clear.

    Raises:
        SealBroken: it is too short to be anything sealed.
    """
    if len(sealed) < KEY_ID_BYTES + NONCE_BYTES:
        raise SealBroken("too short")
    return int.from_bytes(sealed[:KEY_ID_BYTES], "big")
