"""Sealing and opening, by keys that are in hand: nothing here waits for anything."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.key_file import KEY_BYTES
from services.privacy.sealed import (
    KEY_ID_BYTES,
    NONCE_BYTES,
    KeyDestroyed,
    Place,
    SealBroken,
    bound,
    key_of,
)

SIV_KEY_BYTES: Final = 64
BLOCK: Final = 16
"""What is sealed is filled up to a multiple of this, so that yes and no are of one length."""

_SEAL: Final = "julelys.sealed.v1"
_KEEP: Final = "julelys.kept.v1"
_END: Final = b"\x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKey:
    """One person's key, unwrapped. `told` is what all that it seals is bound to."""

    key_id: int
    person: str
    secret: bytes = field(repr=False)
    told: bytes = field(repr=False)
    box: AESGCM = field(repr=False, compare=False)
    same: AESSIV = field(repr=False, compare=False)

    @classmethod
    def made_of(cls, organisation: str, key_id: int, person: str, secret: bytes) -> Self:
        return cls(
            key_id=key_id,
            person=person,
            secret=secret,
            told=bound((_SEAL, organisation, person, str(key_id))),
            box=AESGCM(derived(secret, _SEAL)),
            same=AESSIV(derived(secret, _KEEP, SIV_KEY_BYTES)),
        )


class Unusable(Enum):
    """Why a key is of no use any more."""

    DESTROYED = "destroyed"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Sealer:
    """The keys that `services.privacy.person_keys` has found for a caller, and no others."""

    def __init__(self, keys: Mapping[int, PersonKey | Unusable]) -> None:
        self._keys = keys
        self._of_person = {key.person: key for key in keys.values() if isinstance(key, PersonKey)}

    def key_ids(self) -> Collection[int]:
        return self._keys.keys()

    def seal(self, person: str, place: Place, plaintext: bytes) -> bytes:
        """Seal it for `place`: key id, nonce, and AES-256-GCM of the plaintext filled up.

        Raises:
            KeyError: the person's key is not in hand.
        """
        key = self._of_person[person]
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = key.box.encrypt(nonce, _filled(plaintext), key.told + bound(place))
        return key.key_id.to_bytes(KEY_ID_BYTES, "big") + nonce + sealed

    def seal_same(self, person: str, place: Place, plaintext: bytes) -> bytes:
        """Seal it for `place` so that it is the same bytes each time (AES-SIV, RFC 5297).

        For what is worked out again and compared: who sees two of them for one place learns
        whether they say the same, and nothing else.

        Raises:
            KeyError: the person's key is not in hand.
        """
        key = self._of_person[person]
        sealed = key.same.encrypt(_filled(plaintext), [key.told, bound(place)])
        return key.key_id.to_bytes(KEY_ID_BYTES, "big") + sealed

    def open(self, place: Place, sealed: bytes) -> bytes:
        """What was sealed for this very place.

        Raises:
            KeyDestroyed: the person was forgotten.
            SealBroken: it was moved here from elsewhere, or changed.
            KeyError: its key is not in hand.
        """
        key = self._usable(place, sealed)
        nonce, box = sealed[KEY_ID_BYTES:][:NONCE_BYTES], sealed[KEY_ID_BYTES + NONCE_BYTES :]
        try:
            filled = key.box.decrypt(nonce, box, key.told + bound(place))
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"at {'/'.join(place)}") from broken
        return filled.rstrip(b"\0").removesuffix(_END)

    def open_same(self, place: Place, sealed: bytes) -> bytes:
        """What `seal_same` has sealed for this very place; raises as `open` does."""
        key = self._usable(place, sealed)
        try:
            filled = key.same.decrypt(sealed[KEY_ID_BYTES:], [key.told, bound(place)])
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"at {'/'.join(place)}") from broken
        return filled.rstrip(b"\0").removesuffix(_END)

    def _usable(self, place: Place, sealed: bytes) -> PersonKey:
        key = self._keys[key_of(sealed)]
        if key is Unusable.DESTROYED:
            raise KeyDestroyed(key_of(sealed))
        if isinstance(key, Unusable):
            raise SealBroken(f"at {'/'.join(place)}: its key is {key.value}")
        return key

    def digest(self, person: str, purpose: str, message: bytes) -> bytes:
        """A keyed hash (HMAC-SHA-256) by a key of its own for each purpose.

        Raises:
            KeyError: the person's key is not in hand.
        """
        return hmac.digest(derived(self._of_person[person].secret, purpose), message, "sha256")


def derived(secret: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose (HKDF-SHA-256), so that no two uses of a person's key meet."""
    derive = HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode())
    return derive.derive(secret)


def _filled(plaintext: bytes) -> bytes:
    filled = plaintext + _END
    return filled.ljust(-len(filled) % BLOCK + len(filled), b"\0")
