"""Requests to an issuer: within a deadline, of limited size, and to nobody it sends us on to."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from services.login.refusal import LoginRefused

SECONDS: Final = 10.0
"""For a whole answer. A person waits for it."""

ANSWER_AT_MOST: Final = 256 * 1024
"""Bytes. Documents of keys have some ten thousand."""

_JSON: Final = frozenset({"application/json", "application/jwk-set+json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes


def new_client(ca_bundle: Path | None = None) -> httpx.AsyncClient:
    """A client that believes the authorities of `ca_bundle`, by default the machine's."""
    context = ssl.create_default_context(cafile=None if ca_bundle is None else str(ca_bundle))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return httpx.AsyncClient(
        verify=context,
        timeout=SECONDS,
        follow_redirects=False,
        # What is unpacked can be a thousand times what was counted.
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )


class IssuerCalls:
    """Of one issuer. What is told of an error holds no address: codes and tokens stand in them."""

    def __init__(self, client: httpx.AsyncClient, *, seconds: float = SECONDS) -> None:
        self._client, self._seconds = client, seconds

    async def get(self, url: str, *, bearer: str | None = None) -> bytes:
        """The body of a good answer.

        Raises:
            LoginRefused: there is none.
        """
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        answer = await self._answer(self._client.build_request("GET", url, headers=headers))
        if answer.status != HTTPStatus.OK:
            raise LoginRefused("login-provider-unavailable")
        return answer.body

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Whatever it answers, as long as it is JSON.

        Raises:
            LoginRefused: it does not answer, or not like that.
        """
        request = self._client.build_request("POST", url, data=form, headers=headers)
        return await self._answer(request)

    async def _answer(self, request: httpx.Request) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._client.send(request, stream=True)
                try:
                    return await _read(answer)
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, TimeoutError, ssl.SSLError):
            raise LoginRefused("login-provider-unavailable") from None


async def _read(answer: httpx.Response) -> Answer:
    if answer.is_redirect or answer.has_redirect_location:
        raise LoginRefused("login-provider-redirects")
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise LoginRefused("login-provider-unavailable")
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _JSON or "Content-Encoding" in answer.headers:
        raise LoginRefused("login-provider-answer-unusable")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > ANSWER_AT_MOST:
            raise LoginRefused("login-provider-answer-too-large")
    return Answer(status=answer.status_code, body=bytes(body))
