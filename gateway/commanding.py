"""Handing a command to the organisation's desk, and telling what came of it."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from starlette.responses import Response

from events.catalogue import Event
from events.envelope import Envelope
from events.ids import is_anonymous
from gateway.asked import Asked
from gateway.ordering import Order
from gateway.parameters import ON_BEHALF_OF
from gateway.problems import as_problem
from gateway.strict import JSON
from services.command_handling import Command
from services.ids import derived_id
from services.request import Answered, Request

_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class ToldBefore(Exception):
    """The request is a repeat; `answer` is what it got when it was first sent."""

    def __init__(self, answer: Response) -> None:
        super().__init__("repeated")
        self.answer = answer


async def carry_out(
    asked: Asked,
    order: Order,
    command: Command,
    *,
    location: str | None = None,
    render: Callable[[Sequence[Event]], bytes] | None = None,
) -> Response:
    """Perform a command and answer with the status of its route.

    `render` makes the JSON body from what was decided; it is kept, and given to whoever repeats
    the request.
    """
    return response_of(await perform(asked, order, command, location=location, render=render))


async def perform(
    asked: Asked,
    order: Order,
    command: Command,
    *,
    part: UUID | None = None,
    location: str | None = None,
    render: Callable[[Sequence[Event]], bytes] | None = None,
) -> Answered:
    """Perform a command; `part` is its id where the request asks for more than one."""
    request = Request(
        command=command,
        envelope=_envelope(asked, order, part),
        fingerprint=_fingerprint(asked, order),
        expected_version=order.expected_version,
        status=order.status,
        location=location,
        render=render or _nothing,
    )
    meters = asked.gateway.meters
    began = time.perf_counter()
    try:
        done = await asked.organisation.desk.perform(request)
    except Exception as error:
        problem = as_problem(error)
        meters.commands.labels(problem.code if problem else "internal-error").inc()
        raise
    meters.commands.labels("done").inc()
    meters.append_seconds.observe(time.perf_counter() - began)
    return done


async def told_before(asked: Asked, order: Order) -> Response | None:
    """The answer that this request got when it was first sent, None when it is new.

    Raises:
        Refused: that was the answer.
        KeyReused: the key belongs to another request.
    """
    kept = await kept_before(asked, order, _command_id(asked, order))
    return None if kept is None else response_of(kept)


async def kept_before(asked: Asked, order: Order, part: UUID) -> Answered | None:
    """The same for one command of a request."""
    desk = asked.organisation.desk
    return await asyncio.to_thread(desk.kept, part, _fingerprint(asked, order))


def response_of(done: Answered, *, shows_version: bool = True) -> Response:
    """Without its version where that would count what others have done."""
    headers = {"ETag": f'"{done.version}"'} if shows_version else {}
    if done.position:
        headers["Julelys-Position"] = str(done.position)
    if done.location is not None:
        headers["Location"] = done.location
    return Response(done.body, done.status, headers, JSON if done.body else None)


def naming(kind: str, made: UUID) -> Callable[[Sequence[Event]], bytes]:
    """Answers with the id of what was made: `{"request": "…"}`."""
    told = json.dumps({kind: str(made)}).encode()
    return lambda _: told


def _nothing(_: Sequence[Event]) -> bytes:
    return b""


def _envelope(asked: Asked, order: Order, part: UUID | None) -> Envelope:
    who = asked.who
    asked_for = _command_id(asked, order)
    trace = order.request.headers.get("traceparent")
    return Envelope(
        organisation=asked.organisation.name,
        actor=who.id,
        on_behalf_of=asked.acts_for or who.on_behalf_of,
        command_id=part or asked_for,
        correlation_id=asked_for,
        causation_id=None,
        service_version=None,
        traceparent=trace if trace and _TRACEPARENT.fullmatch(trace) else None,
    )


def _command_id(asked: Asked, order: Order) -> UUID:
    """The key of the request. Two who have not logged in cannot be told apart, so theirs is one
    with what they say: nobody meets another's key, is refused because of it or told what it made.
    """
    if not is_anonymous(asked.who.id):
        return order.command_id
    return derived_id(order.command_id, f"anonymous {_fingerprint(asked, order).hex()}")


def _fingerprint(asked: Asked, order: Order) -> bytes:
    """Tells the same request, sent again, from another that uses its key."""
    scope = order.request.scope
    chosen = order.request.headers.get(ON_BEHALF_OF)
    # Only when it was chosen, so that what was sent before it could be is still told by the same.
    who = "anonymous" if is_anonymous(asked.who.id) else asked.who.id
    parts = (scope["method"], scope["path"], who, *((chosen,) if chosen else ()))
    head = "\0".join(parts).encode()
    return hashlib.sha256(head + b"\0" + order.request.canonical).digest()
