"""The key-encryption keys: they wrap the persons' keys, and no database ever has them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.config import Config, secrets_now
from services.key_file import key_in
from services.privacy.sealed import NONCE_BYTES, SealBroken, bound

VARIABLE: Final = re.compile(r"JULELYS_KEK_([A-Z0-9_]+)", re.ASCII)
CURRENT: Final = "JULELYS_KEK_CURRENT"
DEMO_ID: Final = "demo"

_KEY: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_PURPOSE: Final = "julelys.wrapped.v1"


class KekMissing(Exception):
    """A key-encryption key is not there, or is none; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """`keys` by id; `current` wraps what is made from now on, the others only unwrap."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def wrap(self, secret: bytes, belongs_to: tuple[str, ...]) -> bytes:
        """By the current key; bound to what it belongs to (AES-256-GCM)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        told = bound((_PURPOSE, self.current, *belongs_to))
        return nonce + AESGCM(self.keys[self.current]).encrypt(nonce, secret, told)

    def unwrap(self, kek: str, wrapped: bytes, belongs_to: tuple[str, ...]) -> bytes:
        """What was wrapped by the key of that id.

        Raises:
            KekMissing: that key is not on this ring.
            SealBroken: it belongs to something else, was changed, or another key bears the id.
        """
        self.require(kek)
        told = bound((_PURPOSE, kek, *belongs_to))
        try:
            return AESGCM(self.keys[kek]).decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], told
            )
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"a key wrapped by '{kek}'") from broken

    def require(self, kek: str) -> None:
        """Raises KekMissing: the ring has no key of that id; says what to do."""
        if kek not in self.keys:
            raise KekMissing(
                f"Persons' keys are wrapped by the key-encryption key '{kek}', which is not set "
                f"here. Set JULELYS_KEK_{kek.upper()}, or put a file of that name in the folder "
                "JULELYS_SECRETS. See docs/security.md."
            )


def open_ring(config: Config) -> KeyRing:
    """The keys that the environment or the folder of secrets has; in the demo one of its own.

    Raises:
        KekMissing: there is none, none is current, or one is no key.
    """
    found = secrets_now(config)
    given = {
        named[1].lower(): value
        for variable, value in found.items()
        if value and variable != CURRENT and (named := VARIABLE.fullmatch(variable)) is not None
    }
    if not given and config.demo:
        return KeyRing(current=DEMO_ID, keys={DEMO_ID: key_in(config.data / "demo-kek.key")})
    if not given:
        raise KekMissing(
            "No key-encryption key is set, so personal data can be neither sealed nor read. Make "
            "one with openssl rand -hex 32 and set JULELYS_KEK_1 to it; keep a copy apart from "
            "the database's backups. See docs/security.md."
        )
    for kek, value in given.items():
        if _KEY.fullmatch(value) is None:
            raise KekMissing(
                f"JULELYS_KEK_{kek.upper()} is no key of 32 bytes. Make one: openssl rand -hex 32."
            )
    current = found.get(CURRENT, "").lower() or (next(iter(given)) if len(given) == 1 else "")
    if current not in given:
        known = ", ".join(sorted(given))
        raise KekMissing(f"Set {CURRENT} to the id of the key to seal with: one of {known}.")
    return KeyRing(
        current=current, keys={kek: bytes.fromhex(value) for kek, value in given.items()}
    )
