"""Requests read more strictly than the framework does: what is unclear is refused, not guessed."""

import asyncio
import json
from collections.abc import AsyncIterable, Callable, Coroutine
from json import JSONDecodeError
from typing import Final, Self
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from gateway.problems import FieldProblem, Problem, invalid

JSON: Final = "application/json"
OCTETS: Final = "application/octet-stream"
BODY_AT_MOST: Final = 256 * 1024
BODY_SECONDS: Final = 30.0
_LONGEST_INTEGER: Final = 1_000
_PARAMETERS_AT_MOST: Final = 50


class Unreadable(bytes):
    """Stands for a body that could not be read, until it is validated.

    That comes last, so who may not ask is told so, and learns nothing else.
    """

    problem: Problem

    def __new__(cls, problem: Problem) -> Self:
        made = super().__new__(cls, b"unreadable")
        made.problem = problem
        return made


class StrictQuery(QueryParams):
    """A query string; a bad one is refused where its parameters are asked for, and only there."""

    def __init__(self, raw: bytes) -> None:
        self._problem: Problem | None = None
        pairs: list[tuple[str, str]] = []
        try:
            pairs = parse_qsl(
                raw.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_PARAMETERS_AT_MOST,
            )
        except ValueError:
            self._problem = invalid("", "input-not-utf-8")
        else:
            self._problem = _unclear(pairs)
        super().__init__(pairs)

    def multi_items(self) -> list[tuple[str, str]]:
        """All parameters in order.

        Raises:
            Problem: `invalid-input`.
        """
        if self._problem is not None:
            raise self._problem
        return super().multi_items()


class StrictRequest(Request):
    """A request; `canonical` is its JSON body as the fingerprint knows it."""

    def __init__(self, scope: Scope, receive: Receive, *, needs_body: bool) -> None:
        super().__init__(scope, receive)
        self.canonical = b"{}"
        self._needs_body = needs_body
        self._raw: bytes | None = None
        self._query: StrictQuery | None = None

    @property
    def query_params(self) -> StrictQuery:
        if self._query is None:
            raw = self.scope["query_string"]
            self._query = StrictQuery(raw) if raw else _NO_QUERY
        return self._query

    async def body(self) -> bytes:
        if self._raw is None:
            try:
                self._raw = await self._read()
            except Problem as problem:
                self._raw = Unreadable(problem)
        return self._raw

    async def json(self) -> object:
        raw = await self.body()
        if isinstance(raw, Unreadable):
            return raw
        try:
            content, self.canonical = parse(raw)
        except Problem as problem:
            return Unreadable(problem)
        return content

    async def _read(self) -> bytes:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON and (kind or self._needs_body):
            raise _not_json()
        raw = await limited(self.stream(), BODY_AT_MOST)
        if raw and not kind:
            raise _not_json()
        if kind and not raw:
            raise invalid("", "input-not-json")
        return raw


class StrictRoute(APIRoute):
    """A path operation whose request is read strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        handle = super().get_route_handler()
        body = self.body_field
        needs_body = body is not None and body.field_info.is_required()

        async def strictly(request: Request) -> Response:
            return await handle(
                StrictRequest(request.scope, request.receive, needs_body=needs_body)
            )

        return strictly


async def limited(stream: AsyncIterable[bytes], at_most: int) -> bytes:
    """The whole body, or a problem as soon as it is too large or too slow; the rest is not read.

    Raises:
        Problem: `body-too-large`, `body-too-slow`.
    """
    parts = bytearray()
    gone = {"Connection": "close"}
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in stream:
                parts += chunk
                if len(parts) > at_most:
                    raise Problem(
                        "body-too-large",
                        headers=gone,
                        facts={"limit": f"{at_most // 1024} KiB"},
                    )
    except TimeoutError as slow:
        raise Problem("body-too-slow", headers=gone) from slow
    return bytes(parts)


def parse(raw: bytes) -> tuple[object, bytes]:
    """What a JSON text says, and its canonical form.

    Raises:
        Problem: `invalid-input`, for all that RFC 8259 leaves open as well.
    """
    try:
        content = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
        )
        canonical = json.dumps(
            content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        ).encode()
    except UnicodeDecodeError as error:
        raise invalid("", "input-not-utf-8") from error
    except UnicodeEncodeError as error:
        raise invalid("", "input-bad-characters") from error
    except _Duplicate as error:
        raise invalid(str(error), "input-duplicate-key") from error
    except (JSONDecodeError, RecursionError) as error:
        raise invalid("", "input-not-json") from error
    except ValueError as error:
        raise invalid("", "input-bad-number") from error
    if b"\\u0000" in canonical.replace(b"\\\\", b""):
        raise invalid("", "input-bad-characters")
    return content, canonical


class _Duplicate(ValueError):
    """A name stands twice in one object, so nobody can say which value was meant (RFC 8259 § 4)."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Duplicate(next(name for name in names if names.count(name) > 1)[:100])
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise ValueError("too many digits")
    return int(digits)


def _not_json() -> Problem:
    return Problem("media-type-unsupported", facts={"accepted": JSON})


def _unclear(pairs: list[tuple[str, str]]) -> Problem | None:
    """A parameter given twice, or one that no database text can hold."""
    names = [name for name, _ in pairs]
    errors = [
        FieldProblem(field=name[:100], code="input-duplicate-key")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ] + [
        FieldProblem(field=name[:100], code="input-bad-characters")
        for name, value in pairs
        if "\x00" in value
    ]
    return Problem("invalid-input", errors=errors) if errors else None


_NO_QUERY: Final = StrictQuery(b"")
