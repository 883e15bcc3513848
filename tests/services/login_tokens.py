"""An issuer's keys and tokens for the tests, also those that no honest issuer makes."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final, TypeAlias

from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

ISSUER: Final = "https://eid.example"
CLIENT: Final = "julelys-hjorring"
NONCE: Final = "n-0S6_WzA2Mj"
NOW: Final = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
AT: Final = int(NOW.timestamp())

CLAIMS: Final[Mapping[str, object]] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "{0f9960a0-d28d-4353-a3e2-ea07f8ffa185}",
    "nonce": NONCE,
    "iat": AT - 2,
    "exp": AT + 300,
    "auth_time": AT - 5,
}

Signing: TypeAlias = RSAKey | ECKey | OKPKey


@cache
def rsa(kid: str = "rsa") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@cache
def ec(kid: str = "ec", curve: str = "P-256") -> ECKey:
    return ECKey.import_key(ECKey.generate_key(curve).as_dict(private=True), {"kid": kid})


@cache
def ed25519() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": "ed"})


@cache
def key_set() -> bytes:
    """What the issuer publishes: keys to check signatures with, and some that are none."""
    known = KeySet([rsa(), ec(), ec("ec-384", "P-384"), ed25519()])
    listed: list[object] = [key.as_dict(private=False) for key in known.keys]
    listed.append(rsa("for-encryption").as_dict(private=False) | {"use": "enc"})
    listed.append({"kty": "oct", "k": "c2VjcmV0", "kid": "shared"})
    listed.append({"kty": "AKP", "kid": "from-the-future", "alg": "ML-DSA-44"})
    return json.dumps({"keys": listed}).encode()


def encoded(value: object) -> str:
    """A part of a token; text as it stands, everything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed(claims: Mapping[str, object] | str, key: Signing | None = None, **header: object) -> str:
    """A token whose signature is good by `key`, whatever the header and the claims say.

    A header that is None is left out.
    """
    key = key or ec()
    by = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519"}[key.key_type]
    members = {"alg": by, "kid": key.get("kid"), "typ": "JWT"} | header
    told = {name: value for name, value in members.items() if value is not None}
    asked = str(told.get("alg", by))
    fits = asked in jws.JWSRegistry.algorithms and asked[:2] in {by[:2], by[:2].replace("RS", "PS")}
    return with_header(told, claims, key, asked if fits and asked != "ES256K" else by)


def with_header(
    header: object, claims: Mapping[str, object] | str, key: Signing, algorithm: str
) -> str:
    body = claims if isinstance(claims, str) else dict(claims)
    signing_input = f"{encoded(header)}.{encoded(body)}"
    signature = jws.JWSRegistry.algorithms[algorithm].sign(signing_input.encode(), key)
    return f"{signing_input}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def shared_secret(claims: Mapping[str, object], secret: bytes, *, kid: str) -> str:
    """A token by HS256, with whatever the attacker takes for the secret."""
    signing_input = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded(dict(claims))}"
    code = hmac.digest(secret, signing_input.encode(), "sha256")
    return f"{signing_input}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"


def without(name: str) -> dict[str, object]:
    return {each: value for each, value in CLAIMS.items() if each != name}
