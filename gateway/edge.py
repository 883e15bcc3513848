"""What every answer passes on its way out: headers that guard it, and words for a crash."""

from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.headers import headers_for
from gateway.language import Language, language_of
from gateway.problems import Problem, answer

log = structlog.get_logger()


HEADERS_AT_MOST: Final = 100
HEAD_AT_MOST: Final = 32 * 1024
"""Bytes of the address and all headers; session cookies and a long search are a tenth of it."""


class Edge:
    """An ASGI middleware. An answer that names one of the headers itself keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False
        app = self._app if _is_within_limits(scope) else _too_large

        async def guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                own = message["headers"]
                named = {name for name, _ in own}
                message["headers"] = [
                    *own,
                    *(header for header in headers_for(scope) if header[0] not in named),
                ]
            await send(message)

        try:
            await app(scope, receive, guarded)
        except Exception as error:
            route = getattr(scope.get("route"), "path", None)
            log.exception("request_crashed", route=route, method=scope["method"], exc_info=error)
            if has_started:
                # Half an answer: the server cuts the connection, so nobody takes it for whole.
                raise
            problem = answer(Problem("internal-error"), language_of(scope))
            await problem(scope, receive, guarded)


def _is_within_limits(scope: Scope) -> bool:
    headers = scope["headers"]
    size = len(scope["path"]) + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in headers)
    return len(headers) <= HEADERS_AT_MOST and size <= HEAD_AT_MOST


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    """What the headers say is not looked at, and the body is not waited for."""
    problem = Problem(
        "headers-too-large",
        headers={"Connection": "close"},
        facts={"headers": str(HEADERS_AT_MOST), "limit": f"{HEAD_AT_MOST // 1024} KiB"},
    )
    await answer(problem, Language.DANISH)(scope, receive, send)
