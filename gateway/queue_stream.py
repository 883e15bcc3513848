"""The stream of a queue: which of its cases have changed, as they do."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.door import Door, admit
from gateway.parameters import TEXT, parameter
from gateway.streaming import codes_of_stream, stream_of
from gateway.timeline import resumed_after
from services.authorisation import Action


class QueueStream:
    """Changes of a team's cases as server-sent events; a plain ASGI endpoint like a timeline's.

    Whoever resumes is told where the log stands, and looks again if that is further.
    """

    path: Final = "/queues/{team}/stream"
    door: Final = admit(Action.SEE_QUEUE)
    codes: Final = codes_of_stream("team-not-found")
    described: Final = stream_of(
        "queues",
        "get-queues-team-stream",
        "Which cases of a team have changed, as server-sent events",
        (*Door.reads, parameter("path", "team", TEXT)),
        codes,
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        asked = await self.door.let_in(request)
        team = asked.team(request.path_params["team"])
        resumed_after(request)
        if scope["method"] == "HEAD":
            answer = Response(headers={"Content-Type": "text/event-stream"})
            await answer(scope, receive, send)
            return
        hub = asked.gateway.queue_hubs[asked.organisation.name]
        session = None if asked.session is None else asked.session.stored.id
        with asked.gateway.limits.streaming(asked.who.id):
            await hub.serve(team, receive, send, session=session)
