"""A member's own key file, which only its password opens: as browsers make and read it.

JSON of the form `julelys.key.v1`: the private key (X25519, PKCS #8) sealed by AES-256-GCM with a
key that PBKDF2-SHA-256 (RFC 8018) makes of the password; `gateway/web/browser/sealing.js` likewise.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.bidding.envelope import KEY_BYTES, NONCE_BYTES, CannotOpen

FORM: Final = "julelys.key.v1"
ROUNDS: Final = 1_000_000
"""A third of a second; guessing a password of four words takes some thousand years."""
ROUNDS_AT_MOST: Final = 10_000_000
SALT_BYTES: Final = 16


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    form: str = Field(pattern=r"^julelys\.key\.v1$")
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    rounds: int = Field(ge=ROUNDS, le=ROUNDS_AT_MOST)
    salt: str = Field(pattern=r"^[0-9a-f]{32}$")
    nonce: str = Field(pattern=r"^[0-9a-f]{24}$")
    sealed: str = Field(pattern=r"^([0-9a-f]{2}){17,400}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`public` and `private` as 32 bytes."""

    public: bytes
    private: bytes = field(repr=False)


def made_keys(password: str) -> tuple[Keys, str]:
    """A new pair, and the text of its file."""
    pair = X25519PrivateKey.generate()
    public = pair.public_key().public_bytes_raw()
    secret = pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    box = AESGCM(_password_key(password, salt, ROUNDS))
    file = _File(
        form=FORM,
        public_key=public.hex(),
        rounds=ROUNDS,
        salt=salt.hex(),
        nonce=nonce.hex(),
        sealed=box.encrypt(nonce, secret, _bound(public.hex())).hex(),
    )
    return Keys(public=public, private=pair.private_bytes_raw()), file.model_dump_json(indent=2)


def read_keys(text: str, password: str) -> Keys:
    """What is in a file.

    Raises:
        CannotOpen: `key-file-unreadable`, `password-wrong`.
    """
    try:
        file = _File.model_validate_json(text)
    except ValidationError as wrong:
        raise CannotOpen("key-file-unreadable") from wrong
    box = AESGCM(_password_key(password, bytes.fromhex(file.salt), file.rounds))
    try:
        secret = box.decrypt(
            bytes.fromhex(file.nonce), bytes.fromhex(file.sealed), _bound(file.public_key)
        )
    except InvalidTag as wrong:
        raise CannotOpen("password-wrong") from wrong
    pair = load_der_private_key(secret, None)
    if not isinstance(pair, X25519PrivateKey):
        raise CannotOpen("key-file-unreadable")
    return Keys(public=bytes.fromhex(file.public_key), private=pair.private_bytes_raw())


def _password_key(password: str, salt: bytes, rounds: int) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    derive = PBKDF2HMAC(algorithm=SHA256(), length=KEY_BYTES, salt=salt, iterations=rounds)
    return derive.derive(plain)


def _bound(public_key: str) -> bytes:
    return f"{FORM} {public_key}".encode()
