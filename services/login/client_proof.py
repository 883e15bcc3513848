"""How we prove to an issuer that it is us who ask for tokens (OpenID Connect Core 1.0 § 9)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, assert_never
from urllib.parse import quote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from services.ids import new_id
from services.login.description import Issuer, PrivateKey, Secret
from services.login.refusal import LoginRefused

LIFETIME_SECONDS: Final = 60

_KINDS: Final[Mapping[str, Literal["RSA", "EC", "OKP"]]] = {
    "RS256": "RSA",
    "PS256": "RSA",
    "ES256": "EC",
    "Ed25519": "OKP",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What goes along with a request to the token endpoint."""

    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


def proof(issuer: Issuer, secret: str, token_endpoint: str, now: datetime) -> Proof:
    """`secret` is the value of the variable that the settings name.

    Raises:
        LoginRefused: `login-client-key-unusable`.
    """
    match issuer.authentication:
        case Secret():
            # RFC 6749 § 2.3.1: both are form-encoded before they are joined.
            pair = f"{quote_plus(issuer.client_id)}:{quote_plus(secret)}"
            encoded = base64.b64encode(pair.encode()).decode()
            return Proof(headers={"Authorization": f"Basic {encoded}"})
        case PrivateKey() as by:
            return Proof(
                form={
                    "client_assertion_type": (
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                    ),
                    "client_assertion": _assertion(issuer, by, secret, token_endpoint, now),
                    "client_id": issuer.client_id,
                }
            )
        case _:
            assert_never(issuer.authentication)


def _assertion(
    issuer: Issuer, by: PrivateKey, secret: str, token_endpoint: str, now: datetime
) -> str:
    issued = int(now.timestamp())
    claims = {
        "iss": issuer.client_id,
        "sub": issuer.client_id,
        "aud": issuer.issuer if by.audience == "issuer" else token_endpoint,
        "jti": str(new_id()),
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
    }
    header = {"alg": by.algorithm, "kid": by.key_id}
    try:
        key = JWKRegistry.import_key(secret, _KINDS[by.algorithm])
        return jwt.encode(header, claims, key, [by.algorithm])
    except (JoseError, ValueError):
        raise LoginRefused("login-client-key-unusable") from None
