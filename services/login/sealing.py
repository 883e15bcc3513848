"""What a session holds of a person, sealed by its cookie (AES-256-GCM; the key by HKDF)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter

from services.identity import Actor

_PURPOSE: Final = b"julelys.session.v1"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewable:
    """What the issuer can be asked with who somebody is by now, and when it last was.

    `nonce` is that of the login, which an ID token may name again.
    """

    refresh_token: str
    nonce: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`hint` is an ID token for the issuer's logout. `groups` tells what each group of the issuer
    was good for when the actor's roles were found.
    """

    actor: Actor
    hint: str | None
    groups: str = ""
    renewable: Renewable | None = None


_HELD: Final = TypeAdapter(Held)


def seal(held: Held, cookie: str, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(cookie)).encrypt(nonce, _HELD.dump_json(held), bound_to)


def unseal(sealed: bytes, cookie: str, bound_to: bytes) -> Held | None:
    """None when it is another's, or was changed."""
    try:
        plain = AESGCM(_key(cookie)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        return None
    return _HELD.validate_json(plain)


def _key(cookie: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE)
    return derive.derive(cookie.encode("ascii"))
