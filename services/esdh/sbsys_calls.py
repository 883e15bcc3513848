"""Requests to SBSYS: addressed, with a token, within a deadline, and judged."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

import httpx
from pydantic import ValidationError

from services.esdh.description import Sbsys
from services.esdh.port import EsdhUnavailable, Retry
from services.esdh.sbsys_outcomes import Failed, Negative, not_sent, of_answer, of_error, unknown
from services.esdh.tokens import Tokens, TokenUnavailable

T = TypeVar("T")
Method: TypeAlias = Literal["GET", "POST", "PUT"]
Reader: TypeAlias = Callable[[bytes], T]
Json: TypeAlias = Mapping[str, object]

UNAUTHORISED: Final = 401

IN_ONE_PIECE: Final = 1024 * 1024
"""Bytes. A larger upload is not copied once more to be sent at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A multipart body: a part `json` and a part `file`."""

    json: str
    file_name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Progress:
    """`sent` while a request is out that may have had its effect: not while a token is awaited."""

    sent: bool = False


class SbsysCalls:
    """What every request has in common. The client's own timeouts may be longer than ours."""

    def __init__(self, client: httpx.AsyncClient, settings: Sbsys, tokens: Tokens) -> None:
        self._client, self._tokens = client, tokens
        self._request_seconds = float(settings.timings.request_seconds)
        segments = [settings.base_url.rstrip("/"), settings.version]
        self._base = "/".join(segment for segment in segments if segment)

    @asynccontextmanager
    async def question(self, *, patience: float = 1.0) -> AsyncIterator["Exchange"]:
        """One question, which may take several requests; `patience` times the usual deadline.

        Raises:
            EsdhUnavailable: it was not answered.
        """
        exchange = Exchange(self)
        try:
            async with asyncio.timeout(self._request_seconds * patience):
                yield exchange
        except TimeoutError:
            raise EsdhUnavailable("timeout") from None
        except Failed as failed:
            raise EsdhUnavailable(str(failed)) from None

    @asynccontextmanager
    async def change(self) -> AsyncIterator["Exchange"]:
        """One change, with the questions it needs before, all within one deadline.

        So the request that has the effect is never sent later than that after the call.

        Raises:
            Failed: it was not done, or nobody knows.
        """
        exchange = Exchange(self)
        try:
            async with asyncio.timeout(self._request_seconds):
                yield exchange
        except TimeoutError:
            lost = Retry(reason="timeout", may_have_happened=exchange.progress.sent)
            raise Failed(lost) from None

    async def send(
        self,
        method: Method,
        path: str,
        *,
        json: Json | None = None,
        upload: Upload | None = None,
        progress: Progress | None = None,
    ) -> httpx.Response:
        """A 2xx answer, after one more attempt with a new token if the first was refused.

        Raises:
            Failed: there was no such answer.
        """
        progress = progress or Progress()
        token = await self._token(None)
        progress.sent = True
        answer = await self._once(method, path, token, json=json, upload=upload)
        if answer.status_code == UNAUTHORISED:
            progress.sent = False
            token = await self._token(token)
            progress.sent = True
            answer = await self._once(method, path, token, json=json, upload=upload)
        if not answer.is_success:
            raise Failed(of_answer(answer), status=answer.status_code)
        return answer

    async def _token(self, refused: str | None) -> str:
        try:
            return await self._tokens.current(refused=refused)
        except TokenUnavailable as failure:
            raise Failed(not_sent(failure.reason)) from None

    async def _once(
        self, method: Method, path: str, token: str, *, json: Json | None, upload: Upload | None
    ) -> httpx.Response:
        data, files = None, None
        if upload is not None:
            data = {"json": upload.json}
            files = {"file": (upload.file_name, upload.content, upload.media_type)}
        request = self._client.build_request(
            method,
            f"{self._base}/{path}",
            json=json,
            data=data,
            files=files,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )
        if upload is not None and len(upload.content) <= IN_ONE_PIECE:
            # Else every part of the form is written to the socket by itself.
            request.read()
        try:
            return await self._client.send(request, follow_redirects=False)
        except httpx.HTTPError as error:
            # The error's text and its request name addresses with numbers of cases and persons.
            raise Failed(of_error(error)) from None


class Exchange:
    """The requests of one question or change; `progress` is that of the one with the effect."""

    def __init__(self, calls: SbsysCalls) -> None:
        self._calls = calls
        self.progress = Progress()

    async def ask(self, read: Reader[T], method: Method, path: str, json: Json | None = None) -> T:
        """Something that changes nothing, or nothing that a repetition would change again.

        Raises:
            Failed: always one that certainly did not happen.
        """
        try:
            return _read(read, await self._calls.send(method, path, json=json))
        except Failed as failed:
            raise Failed(_harmless(failed.outcome), status=failed.status) from None

    async def do(
        self,
        read: Reader[T],
        method: Method,
        path: str,
        *,
        json: Json | None = None,
        upload: Upload | None = None,
    ) -> T:
        """The request that has the effect; the last of its exchange.

        Raises:
            Failed: it was not done, or nobody knows.
        """
        answer = await self._calls.send(
            method, path, json=json, upload=upload, progress=self.progress
        )
        return _read(read, answer)


def _read(read: Reader[T], answer: httpx.Response) -> T:
    try:
        return read(answer.content)
    except ValidationError:
        # Its text would quote the answer.
        raise Failed(unknown("bad-answer"), status=answer.status_code) from None


def _harmless(outcome: Negative) -> Negative:
    match outcome:
        case Retry():
            return Retry(reason=outcome.reason, may_have_happened=False, after=outcome.after)
        case _:
            return outcome
