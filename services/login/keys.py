"""The public keys of an issuer, by the `kid` that its tokens name (RFC 7517)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from joserfc.errors import JoseError
from joserfc.jwk import DictKey, ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from services.login.compact import PublicKey, Unverified, read, verified
from services.login.json_text import Members, members_of
from services.login.refusal import LoginRefused

KEPT_SECONDS: Final = 3_600.0
"""So long after a key was withdrawn, at most, is it still believed."""

AGAIN_SECONDS: Final = 30.0
"""A `kid` nobody has heard of has the keys fetched again, but not more often than this: whoever
sends us invented ones would otherwise have us call the issuer for each."""

MOST_KEYS: Final = 64
RSA_BITS: Final = range(2048, 8193)

Fetch: TypeAlias = Callable[[], Awaitable[bytes]]

_PUBLIC_PARTS: Final = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_NAMED: Final = ("kid", "alg", "use")
_KEY_TYPES: Final = {
    "RS": ("RSA", None),
    "PS": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "Ed25519": ("OKP", "Ed25519"),
}


class IssuerKeys:
    """Fetched when they are first asked for, when they are old, and when a `kid` is unknown."""

    def __init__(self, fetch: Fetch, seconds: Callable[[], float]) -> None:
        self._fetch, self._seconds = fetch, seconds
        self._lock = asyncio.Lock()
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._keys: dict[str, list[PublicKey]] = {}

    async def signed(self, text: str, allowed: frozenset[str]) -> tuple[Unverified, Members]:
        """A token and its claims, once its signature is found good.

        Raises:
            LoginRefused: it is no such token, or the issuer did not sign it.
        """
        token = read(text, allowed)
        return token, verified(token, await self.key(token.kid, token.algorithm))

    async def key(self, kid: str, algorithm: str) -> PublicKey:
        """The one key of that name that `algorithm` can be checked with.

        Raises:
            LoginRefused: there is none, or the issuer does not tell its keys.
        """
        if kid not in self._keys or self._is_old():
            async with self._lock:
                await self._fetch_if_useful(kid)
        if kid not in self._keys:
            raise LoginRefused("login-key-unknown")
        fitting = [key for key in self._keys[kid] if _fits(key, algorithm)]
        if len(fitting) != 1:
            raise LoginRefused("login-key-unsuitable")
        return fitting[0]

    async def _fetch_if_useful(self, kid: str) -> None:
        if self._is_old():
            # Also where a key was just asked for: a withdrawn one may be among those we hold.
            self._keys = {}
        elif kid in self._keys or not self._may_ask_again():
            return
        self._tried_at = self._seconds()
        self._keys = keys_of(await self._fetch())
        self._fetched_at = self._seconds()

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._seconds() - self._fetched_at >= KEPT_SECONDS

    def _may_ask_again(self) -> bool:
        return self._tried_at is None or self._seconds() - self._tried_at >= AGAIN_SECONDS


def keys_of(document: bytes) -> dict[str, list[PublicKey]]:
    """The keys of a JWK Set that signatures can be checked with; others are passed over (§ 5).

    Raises:
        LoginRefused: `login-keys-unusable`, as it is no such set, or a malformed key is in it.
    """
    listed = members_of(document).get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise LoginRefused("login-keys-unusable")
    found: dict[str, list[PublicKey]] = {}
    for each in listed:
        match each:
            case {"kty": "RSA" | "EC" | "OKP", "kid": str(kid)} if each.get("use", "sig") == "sig":
                found.setdefault(kid, []).append(_imported(each))
            case {"kty": str()}:
                # A symmetric key, one for encryption, or one without a name.
                continue
            case _:
                raise LoginRefused("login-keys-unusable")
    return found


def _imported(jwk: Members) -> PublicKey:
    """Its public parts only: whatever else stands there is nothing to us."""
    kind = str(jwk["kty"])
    parts = {name: jwk[name] for name in (*_PUBLIC_PARTS[kind], *_NAMED) if name in jwk}
    if not all(isinstance(part, str) for part in parts.values()):
        raise LoginRefused("login-keys-unusable")
    given: DictKey = {"kty": kind, **{name: str(part) for name, part in parts.items()}}
    try:
        if kind == "RSA":
            if _bits(str(given["n"])) not in RSA_BITS:
                raise LoginRefused("login-key-unsuitable")
            return RSAKey.import_key(given)
        return ECKey.import_key(given) if kind == "EC" else OKPKey.import_key(given)
    except (JoseError, ValueError, KeyError):
        raise LoginRefused("login-keys-unusable") from None


def _bits(modulus: str) -> int:
    return int.from_bytes(urlsafe_b64decode(modulus.encode("ascii")), "big").bit_length()


def _fits(key: PublicKey, algorithm: str) -> bool:
    kind, curve = _KEY_TYPES.get(algorithm) or _KEY_TYPES[algorithm[:2]]
    named = key.get("alg")
    return (
        key.key_type == kind
        and (curve is None or key.get("crv") == curve)
        and (named is None or named == algorithm)
    )
