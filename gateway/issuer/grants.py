"""What the demo issuer has given out: codes, access tokens and sessions. Gone with the process."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from gateway.issuer.clients import Client
from services.catalogue.service import LoginLevel
from services.identity import Person

CODE_FOR: Final = timedelta(seconds=60)
ACCESS_FOR: Final = timedelta(minutes=5)


class GrantRefused(Exception):
    """`code` is that of RFC 6749 § 5.2 or RFC 6750 § 3.1."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One login: of whom, to whom, how surely, and the question that it answers."""

    client: Client
    person: Person
    level: LoginLevel
    session: str
    authenticated_at: datetime
    nonce: str | None
    challenge: str
    is_renewable: bool = False


@dataclass(slots=True)
class _Code:
    grant: Grant
    until: datetime
    access_token: str | None = None


class Grants:
    def __init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self._sessions: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def code(self, grant: Grant, now: datetime) -> str:
        """A code for it, and a session of the issuer's."""
        self._codes = {code: each for code, each in self._codes.items() if each.until > now}
        self._access = {token: each for token, each in self._access.items() if each[1] > now}
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(grant, now + CODE_FOR)
        self._sessions[grant.session] = grant
        return code

    def redeem(
        self, code: str, client: Client, verifier: str, redirect_uri: str, now: datetime
    ) -> tuple[Grant, str]:
        """What a code is good for, once, and an access token.

        Raises:
            GrantRefused: `invalid_grant`. One that is shown twice ends what it was good for.
        """
        kept = self._codes.get(code)
        if kept is None or kept.until <= now or kept.grant.client != client:
            raise GrantRefused("invalid_grant")
        if kept.access_token is not None:
            self._access.pop(kept.access_token, None)
            raise GrantRefused("invalid_grant")
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        matches = compare_digest(challenge, kept.grant.challenge.encode())
        if not matches or redirect_uri != client.redirect_uri:
            raise GrantRefused("invalid_grant")
        kept.access_token = secrets.token_urlsafe(32)
        self._access[kept.access_token] = kept.grant, now + ACCESS_FOR
        return kept.grant, kept.access_token

    def by_access_token(self, token: str, client: Client, now: datetime) -> Grant:
        """Raises GrantRefused: `invalid_token`."""
        grant, until = self._access.get(token, (None, now))
        if grant is None or until <= now or grant.client != client:
            raise GrantRefused("invalid_token")
        return grant

    def refresh_token(self, grant: Grant) -> str:
        """For as long as its session."""
        token = secrets.token_urlsafe(32)
        self._refresh[token] = grant
        return token

    def renewed(self, token: str, client: Client, now: datetime) -> tuple[Grant, str]:
        """What a refresh token is good for, once, and an access token.

        Raises:
            GrantRefused: `invalid_grant`.
        """
        grant = self._refresh.pop(token, None)
        if grant is None or grant.client != client or grant.session not in self._sessions:
            raise GrantRefused("invalid_grant")
        access_token = secrets.token_urlsafe(32)
        self._access[access_token] = grant, now + ACCESS_FOR
        return grant, access_token

    def end(self, session: str) -> Grant | None:
        """The session is over; whose it was."""
        return self._sessions.pop(session, None)
