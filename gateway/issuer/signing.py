"""The demo issuer's key, new with each process, and what it signs."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from gateway.issuer.claims import subject_of, told_of
from gateway.issuer.grants import Grant
from services.ids import new_id

ALGORITHM: Final = "RS256"
ID_TOKEN_SECONDS: Final = 300
LOGOUT_TOKEN_SECONDS: Final = 120
EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


class Signing:
    def __init__(self) -> None:
        made = RSAKey.generate_key(2048, auto_kid=True)
        self._key = RSAKey.import_key(made.as_dict(private=True), {"use": "sig", "alg": ALGORITHM})

    def published(self) -> dict[str, object]:
        return {"keys": [self._key.as_dict(private=False)]}

    def id_token(self, grant: Grant, access_token: str, now: datetime) -> str:
        at = int(now.timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        told = told_of(
            grant.person, grant.client, grant.level, grant.authenticated_at, grant.session
        )
        claims = {
            **told.id_token,
            "iss": grant.client.issuer.issuer,
            "sub": subject_of(grant.person, grant.client),
            "aud": grant.client.issuer.client_id,
            "iat": at,
            "nbf": at,
            "exp": at + ID_TOKEN_SECONDS,
            "auth_time": int(grant.authenticated_at.timestamp()),
            "sid": grant.session,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        if grant.nonce is not None:
            claims["nonce"] = grant.nonce
        return self._signed({"typ": "JWT"}, claims)

    def logout_token(self, grant: Grant, now: datetime) -> str:
        at = int(now.timestamp())
        claims = {
            "iss": grant.client.issuer.issuer,
            "sub": subject_of(grant.person, grant.client),
            "aud": grant.client.issuer.client_id,
            "iat": at,
            "exp": at + LOGOUT_TOKEN_SECONDS,
            "jti": str(new_id()),
            "sid": grant.session,
            "events": {EVENT: {}},
        }
        return self._signed({"typ": "logout+jwt"}, claims)

    def _signed(self, header: Mapping[str, str], claims: dict[str, object]) -> str:
        named = {"alg": ALGORITHM, "kid": self._key.kid, **header}
        return jwt.encode(named, claims, self._key, [ALGORITHM])
