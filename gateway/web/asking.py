"""The pages are a client of the API like any other, only that it is in the same process.

So a page can show nobody more than the API tells them, and what is asked for by a form is held to
the same limits, guards and read log as what a program sends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile
from starlette.requests import Request

from gateway.asked import ROOT
from gateway.language import Language
from gateway.parameters import CSRF
from gateway.shapes import UploadShape
from gateway.strict import JSON, OCTETS

Answer = TypeVar("Answer", bound=BaseModel)

POSITION: Final = "julelys-position"
PASSED_ON: Final = (
    "authorization",
    "cookie",
    "origin",
    "sec-fetch-site",
    "user-agent",
    "x-forwarded-for",
)
"""What the API is to know of the browser; all else it is told by the page."""


class FieldError(BaseModel):
    model_config = ConfigDict(frozen=True)

    field: str
    code: str
    message: str


class Told(BaseModel):
    """A problem as the API tells it (RFC 9457)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []

    @property
    def code(self) -> str:
        return self.type.rpartition(":")[2]

    @property
    def facts(self) -> Mapping[str, object]:
        """What a program is told beside the words."""
        return self.model_extra or {}


def status_after(told: Told | None) -> int:
    """Of the page that follows a form: that of the refusal it tells of, if it does."""
    return HTTPStatus.OK if told is None else told.status


class NotDone(Exception):
    """The API did not do what a page asked for; `told` says why and what to do."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.code)
        self.told = told


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`position` is where a view must be to show it; `location` what was made."""

    body: bytes
    position: int | None
    location: str | None
    cookies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    content: bytes
    media_type: str


class Api:
    """The API of one organisation, asked in the name of whoever asks for a page."""

    def __init__(
        self,
        request: Request,
        organisation: str,
        language: Language,
        position: str | None = None,
    ) -> None:
        self._request = request
        self._organisation = organisation
        self._root = f"{ROOT}/{organisation}"
        self.language = language
        # Whoever writes and looks at once sees what they wrote.
        self._position = position or request.query_params.get("position", "")

    def after(self, position: int) -> "Api":
        """The same, to be shown what was written up to a position."""
        return Api(self._request, self._organisation, self.language, str(position))

    async def read(self, path: str, shape: type[Answer], **query: str | None) -> Answer:
        """What the API answers at a path below the organisation.

        Raises:
            NotDone: it answers with a problem.
        """
        given = {name: value for name, value in query.items() if value}
        address = path + (f"?{urlencode(given)}" if given else "")
        headers = {POSITION: self._position} if self._position.isdecimal() else {}
        return shape.model_validate_json((await self._ask("GET", address, headers)).content)

    async def fetch(self, path: str) -> File:
        """A file below the organisation, whole: ask for no more than a page can hold.

        Raises:
            NotDone: it is answered with a problem.
        """
        return _file(await self._ask("GET", path, {}))

    async def make(self, path: str, body: Mapping[str, object], *, csrf: str) -> File:
        """A file that is made of what is sent, and kept by nobody.

        Raises:
            NotDone: it is answered with a problem.
        """
        headers = {"content-type": JSON, CSRF: csrf}
        return _file(await self._ask("POST", path, headers, json.dumps(body).encode()))

    async def send(
        self, path: str, body: Mapping[str, object], *, key: UUID, csrf: str | None
    ) -> Done:
        """Ask for a command; `key` is the form's, so that a form sent twice is one command.

        Raises:
            NotDone: it is refused.
        """
        return await self._change("POST", path, body, {"idempotency-key": str(key)}, csrf)

    async def put(self, path: str, body: Mapping[str, object], *, csrf: str | None) -> Done:
        """Have something be so, which is the same however often it is asked for.

        Raises:
            NotDone: it is refused.
        """
        return await self._change("PUT", path, body, {}, csrf)

    async def delete(self, path: str, *, csrf: str | None) -> None:
        """Raises:
        NotDone: it is refused.
        """
        await self._ask("DELETE", path, {} if csrf is None else {CSRF: csrf})

    async def send_file(self, path: str, content: bytes, *, key: UUID, csrf: str | None) -> Done:
        """Hand on a file that is a command by itself.

        Raises:
            NotDone: it is refused.
        """
        headers = {"idempotency-key": str(key), "content-type": OCTETS}
        own = headers | ({} if csrf is None else {CSRF: csrf})
        return _done(await self._ask("POST", path, own, content))

    async def upload(self, file: UploadFile, *, key: UUID, csrf: str | None) -> UploadShape:
        """Hand a file on to the document store.

        Raises:
            NotDone: it is refused.
        """
        headers = {"idempotency-key": str(key)} | ({} if csrf is None else {CSRF: csrf})
        part = {"file": (file.filename or "", file.file, file.content_type or "")}
        return UploadShape.model_validate_json(
            (await self._ask("POST", "/documents", headers, files=part)).content
        )

    async def _change(
        self,
        method: str,
        path: str,
        body: Mapping[str, object],
        headers: Mapping[str, str],
        csrf: str | None,
    ) -> Done:
        own = {**headers, "content-type": JSON} | ({} if csrf is None else {CSRF: csrf})
        return _done(await self._ask(method, path, own, json.dumps(body).encode()))

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
        files: Mapping[str, tuple[str, BinaryIO, str]] | None = None,
    ) -> httpx.Response:
        asked, url = self._request, self._request.url
        transport = httpx.ASGITransport(asked.app, client=asked.client or ("", 0))
        passed = {name: asked.headers[name] for name in PASSED_ON if name in asked.headers}
        language = {"accept-language": str(self.language), "accept": JSON}
        question = httpx.Request(
            method,
            f"{url.scheme}://{url.netloc}{self._root}{path}",
            headers={**passed, **language, **headers},
            content=content,
            files=files,
        )
        answer = await transport.handle_async_request(question)
        await answer.aread()
        if answer.is_error:
            raise NotDone(Told.model_validate_json(answer.content))
        return answer


def _done(answer: httpx.Response) -> Done:
    position = answer.headers.get(POSITION)
    return Done(
        body=answer.content,
        position=None if position is None else int(position),
        location=answer.headers.get("location"),
        cookies=tuple(answer.headers.get_list("set-cookie")),
    )


def _file(answer: httpx.Response) -> File:
    return File(content=answer.content, media_type=answer.headers.get("content-type", ""))
