"""Bearer tokens for a records system: one for all, renewed before it ends or when it is refused."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import BaseModel, Field, ValidationError

from services.esdh.description import Token

MARGIN_SECONDS: Final = 30.0
"""A token this near its end is not used: the request may wait in a queue before it is judged."""

MARGIN_SHARE: Final = 0.2
"""The margin is never more than this much of a token's life."""


class TokenUnavailable(Exception):
    """No token was given, so nothing was asked of the system itself. `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Granted(BaseModel):
    access_token: str = Field(min_length=1)
    expires_in: float = Field(default=60.0, ge=0)


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    usable_until: float


class Tokens:
    """Keycloak's token endpoint by either grant (RFC 6749 §§ 4.3, 4.4), asked by one at a time.

    Whoever waits while another asks gets what the other got, also when that was a failure:
    a token endpoint that is down is not asked once for every waiting request.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        token: Token,
        *,
        client_secret: str,
        password: str | None,
        request_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._token, self._monotonic = client, token, monotonic
        self._client_secret, self._password = client_secret, password
        self._request_seconds = request_seconds
        self._lock = asyncio.Lock()
        self._attempts = 0
        self._last: _Held | TokenUnavailable | None = None

    async def current(self, *, refused: str | None = None) -> str:
        """A token that is good for a while, and not the one that was refused.

        Raises:
            TokenUnavailable: the endpoint cannot be reached, or refuses us.
        """
        usable = self._usable(refused)
        if usable is not None:
            return usable
        seen = self._attempts
        async with self._lock:
            if self._attempts == seen:
                await self._attempt()
            match self._last:
                case _Held() as held:
                    return held.value
                case TokenUnavailable() as failure:
                    raise TokenUnavailable(failure.reason)
                case None:
                    raise TokenUnavailable("token-unavailable")

    def _usable(self, refused: str | None) -> str | None:
        match self._last:
            case _Held() as held if held.value != refused and self._monotonic() < held.usable_until:
                return held.value
            case _:
                return None

    async def _attempt(self) -> None:
        try:
            self._last = await self._ask()
        except TokenUnavailable as failure:
            self._last = failure
        self._attempts += 1

    async def _ask(self) -> _Held:
        asked_at = self._monotonic()
        form = self._form()
        auth = httpx.Auth()
        if self._token.client_in == "header":
            auth = httpx.BasicAuth(self._token.client_id, self._client_secret)
        else:
            form |= {"client_id": self._token.client_id, "client_secret": self._client_secret}
        try:
            async with asyncio.timeout(self._request_seconds):
                answer = await self._client.post(
                    self._token.url,
                    data=form,
                    auth=auth,
                    headers={"Accept": "application/json"},
                    follow_redirects=False,
                )
        except (httpx.HTTPError, TimeoutError):
            raise TokenUnavailable("token-unavailable") from None
        if answer.status_code in {400, 401, 403}:
            # Our settings or the account: a person must see to it, but nothing of a citizen's
            # is wrong, so it must not be refused for it.
            raise TokenUnavailable("unauthorised")
        if not answer.is_success:
            raise TokenUnavailable("token-unavailable")
        try:
            granted = _Granted.model_validate_json(answer.content)
        except ValidationError:
            raise TokenUnavailable("token-unavailable") from None
        margin = min(MARGIN_SECONDS, granted.expires_in * MARGIN_SHARE)
        return _Held(granted.access_token, asked_at + granted.expires_in - margin)

    def _form(self) -> dict[str, str]:
        if self._token.grant == "client-credentials":
            return {"grant_type": "client_credentials"}
        return {
            "grant_type": "password",
            "username": self._token.username or "",
            "password": self._password or "",
        }
