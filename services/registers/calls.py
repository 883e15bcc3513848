"""Requests to a public register: within a deadline, and not at all while it does not answer."""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from services.journal.breaker import Breaker
from services.registers.ports import RegisterUnavailable

M = TypeVar("M", bound=BaseModel)

TIMEOUT_SECONDS: Final = 5.0
ANSWER_AT_MOST: Final = 1024 * 1024
"""Bytes. The answers we ask for have a few thousand."""


def new_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)


class Calls:
    """One register's. Its key goes into the query, as it wants it, and into nothing that is told.

    After five troubles in a row it is left alone for a while, so that whoever fills in a form does
    not wait for it; `seconds` is the clock.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        base_url: str,
        key: Mapping[str, str],
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._base, self._key = client, base_url.rstrip("/"), key
        self._breaker = Breaker(seconds=seconds)

    async def get(self, path: str, query: Mapping[str, str], shape: type[M]) -> M | None:
        """The answer in its shape; None when there is no such thing (404).

        Raises:
            RegisterUnavailable: there is no answer, or none that can be read.
        """
        request = self._client.build_request(
            "GET", f"{self._base}/{path}", params={**query, **self._key}
        )
        return await self._ask(request, shape)

    async def post(self, path: str, body: object, shape: type[M]) -> M:
        """As `get`, with a JSON body; what is not there is an answer as well.

        Raises:
            RegisterUnavailable: as `get`.
        """
        request = self._client.build_request(
            "POST", f"{self._base}/{path}", params=dict(self._key), json=body
        )
        found = await self._ask(request, shape)
        if found is None:
            raise RegisterUnavailable("status-404")
        return found

    async def _ask(self, request: httpx.Request, shape: type[M]) -> M | None:
        if not self._breaker.lets_through(1):
            raise RegisterUnavailable("left-alone")
        try:
            answer = await self._answer(request)
            found = None if answer is None else shape.model_validate_json(answer)
        except ValidationError:
            # Its text would quote the answer.
            self._breaker.trouble()
            raise RegisterUnavailable("bad-answer") from None
        except RegisterUnavailable:
            self._breaker.trouble()
            raise
        self._breaker.success()
        return found

    async def _answer(self, request: httpx.Request) -> bytes | None:
        """The body of a good answer, None for 404; the error never has the address, for the key."""
        try:
            answer = await self._client.send(request)
        except httpx.TimeoutException:
            raise RegisterUnavailable("timeout") from None
        except httpx.HTTPError as error:
            raise RegisterUnavailable(type(error).__name__) from None
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        if not answer.is_success:
            raise RegisterUnavailable(f"status-{answer.status_code}")
        if len(answer.content) > ANSWER_AT_MOST:
            raise RegisterUnavailable("answer-too-large")
        return answer.content
