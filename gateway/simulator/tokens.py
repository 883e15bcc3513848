"""The token endpoint of one realm, as Keycloak has it: two grants, two ways to say who asks."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from urllib.parse import unquote_plus

from gateway.simulator.installation import Account

LIFETIME_SECONDS: Final = 300


class TokenRefused(Exception):
    """`code` is that of RFC 6749 § 5.2."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Tokens:
    """Tokens given out and still good. They are forgotten with the process, so a client that
    outlives it gets 401 and must ask again."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._good_until: dict[str, datetime] = {}

    def issue(
        self, form: Mapping[str, str], authorization: str | None, now: datetime
    ) -> dict[str, object]:
        """A new token, as the endpoint answers it.

        Raises:
            TokenRefused: the client, the user or the grant is not right.
        """
        self._check_client(form, authorization)
        match form.get("grant_type"):
            case "password":
                self._check_user(form)
            case "client_credentials":
                pass
            case _:
                raise TokenRefused("unsupported_grant_type")
        self._good_until = {
            token: until for token, until in self._good_until.items() if until > now
        }
        token = secrets.token_urlsafe(48)
        self._good_until[token] = now + timedelta(seconds=LIFETIME_SECONDS)
        return {
            "access_token": token,
            "expires_in": LIFETIME_SECONDS,
            "refresh_expires_in": 0,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": "profile email",
        }

    def holds(self, authorization: str | None, now: datetime) -> bool:
        """Whether the header carries a token that is good now."""
        scheme, _, token = (authorization or "").partition(" ")
        until = self._good_until.get(token.strip())
        return scheme.lower() == "bearer" and until is not None and now < until

    def forget(self) -> None:
        """Every token is unknown from now on."""
        self._good_until.clear()

    def _check_client(self, form: Mapping[str, str], authorization: str | None) -> None:
        client = form.get("client_id", ""), form.get("client_secret", "")
        if authorization is not None:
            client = _basic(authorization)
        if not _same(client, (self._account.client_id, self._account.client_secret)):
            raise TokenRefused("invalid_client")

    def _check_user(self, form: Mapping[str, str]) -> None:
        user = form.get("username", ""), form.get("password", "")
        if not _same(user, (self._account.username, self._account.password)):
            raise TokenRefused("invalid_grant")


def _basic(authorization: str) -> tuple[str, str]:
    """RFC 6749 § 2.3.1: id and secret are form-encoded before they are joined."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise TokenRefused("invalid_client")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenRefused("invalid_client") from error
    return unquote_plus(name), unquote_plus(secret)


def _same(given: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return compare_digest("\0".join(given).encode(), "\0".join(wanted).encode())
