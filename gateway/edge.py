"""What every answer passes on its way out: headers that guard it, and words for a crash."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.headers import headers_for
from gateway.language import language_of
from gateway.problems import Problem, answer

log = structlog.get_logger()


class Edge:
    """An ASGI middleware. An answer that names one of the headers itself keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

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
            await self._app(scope, receive, guarded)
        except Exception as error:
            route = getattr(scope.get("route"), "path", None)
            log.exception("request_crashed", route=route, method=scope["method"], exc_info=error)
            if has_started:
                # Half an answer: the server cuts the connection, so nobody takes it for whole.
                raise
            problem = answer(Problem("internal-error"), language_of(scope))
            await problem(scope, receive, guarded)
