"""What a form sent: read within limits, before anything of it is believed."""

import asyncio
from typing import Final

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from gateway.problems import Problem
from gateway.strict import BODY_AT_MOST, BODY_SECONDS
from services.documents.limits import SIZE_AT_MOST

FIELDS_AT_MOST: Final = 500
FILES_AT_MOST: Final = 20
FILES_SECONDS: Final = 600.0
"""For a form with files: fifty megabytes over a slow line."""
ALL_FILES_AT_MOST: Final = 2 * SIZE_AT_MOST
"""Bytes of all files of one form; each must be within the limit of a document as well."""

KIB: Final = 1024
_GONE: Final = {"Connection": "close"}


async def form_of(request: Request, *, files: int) -> FormData:
    """The fields of a form, and so many files at most, which wait on the disk.

    Raises:
        Problem: `body-too-large`, `body-too-slow`, `multipart-malformed`.
    """
    at_most = ALL_FILES_AT_MOST if files else BODY_AT_MOST
    seconds = FILES_SECONDS if files else BODY_SECONDS
    counted = Request(request.scope, _Counted(request, at_most))
    try:
        async with asyncio.timeout(seconds):
            return await counted.form(
                max_files=files, max_fields=FIELDS_AT_MOST, max_part_size=BODY_AT_MOST
            )
    except TimeoutError as slow:
        raise Problem("body-too-slow", headers=_GONE) from slow
    except (HTTPException, FormParserError) as malformed:
        raise Problem("multipart-malformed", headers=_GONE) from malformed


class _Counted:
    """Hands on what comes, until it is too much."""

    def __init__(self, request: Request, at_most: int) -> None:
        self._receive = request.receive
        self._left = self._at_most = at_most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Problem(
                "body-too-large",
                headers=_GONE,
                facts={"limit": f"{self._at_most // KIB} KiB"},
            )
        return message


def text(form: FormData, name: str) -> str:
    """What stands in a field; nothing where there is none, or a file."""
    given = form.get(name, "")
    return given if isinstance(given, str) else ""
