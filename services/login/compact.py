"""Signed tokens in their compact form (RFC 7515): taken apart strictly, then checked with one key.

The token never has a say in how it is checked (RFC 8725 § 3.1): its algorithm must be one of our
list, its key must be one that the issuer publishes, and keys that it brings along are refused.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from services.login.json_text import Members, members_of
from services.login.refusal import LoginRefused

PublicKey: TypeAlias = RSAKey | ECKey | OKPKey
Algorithm: TypeAlias = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]

ALGORITHMS: Final[frozenset[str]] = frozenset(get_args(Algorithm))
"""All that an organisation may choose from: signatures that only the issuer can make."""

LARGEST: Final = 32 * 1024
"""Characters of a token. Those of the brokers have one to four thousand."""

LARGEST_HEADER: Final = 1024

_PARTS: Final = 3
_PARTS_ENCRYPTED: Final = 5
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_KEYS_BROUGHT_ALONG: Final = frozenset({"jwk", "jku", "x5u", "x5c"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """A token of the right form that nobody has vouched for: only `kid` may be acted on."""

    text: str
    algorithm: str
    kid: str
    type: str | None


def read(text: str, allowed: frozenset[str]) -> Unverified:
    """Take a token apart; nothing of its claims is looked at.

    Raises:
        LoginRefused: it is no such token, or one that may not be checked at all.
    """
    if len(text) > LARGEST:
        raise LoginRefused("login-token-too-large")
    parts = text.split(".")
    if len(parts) == _PARTS_ENCRYPTED:
        raise LoginRefused("login-token-encrypted")
    if len(parts) != _PARTS:
        raise LoginRefused("login-token-malformed")
    if len(parts[0]) > LARGEST_HEADER:
        raise LoginRefused("login-token-too-large")
    header = members_of(_decoded(parts[0]))
    algorithm = _algorithm(header, allowed)
    if not parts[1] or not parts[2]:
        raise LoginRefused("login-token-malformed")
    if "crit" in header or "b64" in header:
        raise LoginRefused("login-token-critical-header")
    if _KEYS_BROUGHT_ALONG & header.keys():
        raise LoginRefused("login-token-embedded-key")
    kid, kind = header.get("kid"), header.get("typ")
    if kid is None:
        raise LoginRefused("login-key-id-missing")
    if not isinstance(kid, str) or not (kind is None or isinstance(kind, str)):
        raise LoginRefused("login-token-malformed")
    return Unverified(
        text=text, algorithm=algorithm, kid=kid, type=None if kind is None else kind.lower()
    )


def verified(token: Unverified, key: PublicKey) -> Members:
    """The claims of a token that the holder of `key` has signed.

    Raises:
        LoginRefused: `login-signature-invalid`, or its claims are no JSON object.
    """
    registry = jws.JWSRegistry(algorithms=[token.algorithm], strict_check_header=False)
    registry.max_header_length = LARGEST_HEADER
    registry.max_signature_length = LARGEST
    try:
        found = jws.deserialize_compact(token.text, key, registry=registry)
    except (JoseError, ValueError):
        raise LoginRefused("login-signature-invalid") from None
    return members_of(found.payload or b"")


def _algorithm(header: Members, allowed: frozenset[str]) -> str:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        raise LoginRefused("login-token-malformed")
    if algorithm.lower() == "none":
        raise LoginRefused("login-token-unsigned")
    if algorithm not in allowed:
        raise LoginRefused("login-token-algorithm")
    return algorithm


def _decoded(part: str) -> bytes:
    if _ALPHABET.fullmatch(part) is None:
        raise LoginRefused("login-token-malformed")
    try:
        return urlsafe_b64decode(part.encode("ascii"))
    except ValueError:
        raise LoginRefused("login-token-malformed") from None
