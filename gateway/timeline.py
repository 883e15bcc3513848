"""Routes for a case's timeline: as it is, and as it grows."""

import json
import re
from functools import partial
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import Depends
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from events.ids import CaseId
from gateway import bodies
from gateway.case_shapes import TimelineShape
from gateway.door import CaseDoor, OnCase, admit_to_case, again
from gateway.entries import Audience, told
from gateway.limits import Limiter
from gateway.live import Hub
from gateway.openapi import problems_of
from gateway.problems import Problem, invalid
from gateway.reader import Seat
from gateway.routers import router_of
from gateway.seeing import sight
from gateway.streaming import codes_of_stream, stream_of
from gateway.strict import JSON, StrictQuery
from projections import timeline
from services.authorisation import Action
from services.lookups.lookup import Shown

_POSITION: Final = re.compile(r"0|[1-9][0-9]{0,17}")

router: Final = router_of("cases", "/cases/{case_id}")


class StreamQuery(bodies.Query):
    """`after` is for clients that cannot set `Last-Event-ID`, which goes before it."""

    after: Annotated[int, Field(ge=0, le=10**18)] = 0


@router.get(
    "/timeline",
    summary="What has happened on a case",
    response_model=TimelineShape,
    responses=problems_of("case-not-found"),
)
async def show_timeline(
    on: Annotated[
        OnCase, Depends(admit_to_case(Action.LOOK_AT_CASE, "timeline", shows=Shown.TIMELINE))
    ],
) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        entries = await timeline.entries(db, on.case_id)
    audience = await _audience(on)
    names = on.asked.names
    shown = [each for entry in entries if (each := told(entry, audience, names)) is not None]
    body = json.dumps({"entries": shown}, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type=JSON)


class Wanted(NamedTuple):
    hub: Hub
    limits: Limiter
    whose: str
    case_id: CaseId
    seat: Seat
    after: int
    session: UUID | None


class TimelineStream:
    """A timeline as server-sent events: a plain ASGI endpoint beside the path operations.

    The framework would keep what it knows of a request for as long as the stream is open, which
    is days; what is held here is counted in tests/benchmarks/memory.py.
    """

    path: Final = "/cases/{case_id}/timeline/stream"
    door: Final = admit_to_case(Action.LOOK_AT_CASE, shows=Shown.TIMELINE)
    codes: Final = codes_of_stream("case-not-found")
    described: Final = stream_of(
        "cases",
        "get-cases-case-id-timeline-stream",
        "The timeline as server-sent events, resumed by Last-Event-ID",
        CaseDoor.reads,
        codes,
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = await self._wanted(Request(scope))
        if scope["method"] == "HEAD":
            answer = Response(headers={"Content-Type": "text/event-stream"})
            await answer(scope, receive, send)
            return
        hub, limits, whose, case_id, seat, after, session = wanted
        with limits.streaming(whose):
            await hub.serve(case_id, seat, after, receive, send, session=session)

    async def _wanted(self, request: Request) -> Wanted:
        on = await self.door.let_in(request)
        gateway = on.asked.gateway
        return Wanted(
            hub=gateway.hubs[on.asked.organisation.name],
            limits=gateway.limits,
            whose=on.asked.who.id,
            case_id=on.case_id,
            seat=partial(_seat, on),
            after=resumed_after(request),
            session=None if on.asked.session is None else on.asked.session.stored.id,
        )


def resumed_after(request: Request) -> int:
    """The position after which a stream is wanted.

    Raises:
        Problem: `invalid-input`, it is none.
    """
    query = StrictQuery(request.scope["query_string"])
    try:
        after = StreamQuery.model_validate(dict(query.multi_items())).after
    except ValidationError as error:
        raise bodies.told_by_field(error.errors()) from error
    last = request.headers.get("last-event-id")
    if not last:
        return after
    if _POSITION.fullmatch(last) is None:
        raise invalid("Last-Event-ID", "input-bad-position")
    return int(last)


async def _audience(on: OnCase) -> Audience:
    return Audience(on.asked.language, await sight(on.asked, on.case_id, on.opened))


async def _seat(on: OnCase) -> Audience | None:
    try:
        return await _audience(await again(on))
    except Problem:
        return None
