"""Handing a command to the organisation's desk, and telling what came of it."""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from events.catalogue import Event
from events.envelope import Envelope
from gateway.asked import Asked
from gateway.fields import UUID_FORM
from gateway.parameters import IF_MATCH, KEY
from gateway.problems import Problem, as_problem
from gateway.strict import JSON, StrictRequest
from services.command_handling import Command
from services.ids import new_id
from services.request import Answered, Request

_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request that asks for a command; what its headers say is read when it is wanted."""

    request: StrictRequest
    has_key: bool
    takes_if_match: bool

    @property
    def command_id(self) -> UUID:
        """From `Idempotency-Key`.

        Raises:
            Problem: `idempotency-key-missing`, `idempotency-key-invalid`.
        """
        if not self.has_key:
            # A PUT is idempotent by itself (RFC 9110 § 9.2.2), so it comes without a key.
            return new_id()
        given = self.request.headers.get("idempotency-key")
        if given is None:
            raise Problem("idempotency-key-missing")
        if UUID_FORM.fullmatch(given) is None:
            raise Problem("idempotency-key-invalid")
        return UUID(given)

    @property
    def expected_version(self) -> int | None:
        """From `If-Match`.

        Raises:
            Problem: `if-match-invalid`.
        """
        given = self.request.headers.get("if-match") if self.takes_if_match else None
        if given is None:
            return None
        if _VERSION.fullmatch(given) is None:
            raise Problem("if-match-invalid")
        return int(given[1:-1])

    @property
    def status(self) -> int:
        """What its route answers with when the command is done."""
        return int(self.request.scope["route"].status_code)


class Ordering:
    """The dependency of a route that asks for a command; see `gateway.door` for `reads`."""

    def __init__(self, *, has_key: bool, takes_if_match: bool) -> None:
        self._has_key = has_key
        self._takes_if_match = takes_if_match
        self.reads = (*((KEY,) if has_key else ()), *((IF_MATCH,) if takes_if_match else ()))

    async def __call__(self, request: StrictRequest) -> Order:
        return Order(request=request, has_key=self._has_key, takes_if_match=self._takes_if_match)


Making: TypeAlias = Annotated[Order, Depends(Ordering(has_key=True, takes_if_match=False))]
Changing: TypeAlias = Annotated[Order, Depends(Ordering(has_key=True, takes_if_match=True))]
Replacing: TypeAlias = Annotated[Order, Depends(Ordering(has_key=False, takes_if_match=True))]


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
    request = Request(
        command=command,
        envelope=_envelope(asked, order),
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
    return _response(done)


async def told_before(asked: Asked, order: Order) -> Response | None:
    """The answer that this request got when it was first sent, None when it is new.

    Raises:
        Refused: that was the answer.
        KeyReused: the key belongs to another request.
    """
    desk = asked.organisation.desk
    kept = await asyncio.to_thread(desk.kept, order.command_id, _fingerprint(asked, order))
    return None if kept is None else _response(kept)


def _response(done: Answered) -> Response:
    headers = {"ETag": f'"{done.version}"'}
    if done.position:
        headers["Julelys-Position"] = str(done.position)
    if done.location is not None:
        headers["Location"] = done.location
    return Response(done.body, done.status, headers, JSON if done.body else None)


def _nothing(_: Sequence[Event]) -> bytes:
    return b""


def _envelope(asked: Asked, order: Order) -> Envelope:
    who = asked.who
    command_id = order.command_id
    trace = order.request.headers.get("traceparent")
    return Envelope(
        organisation=asked.organisation.name,
        actor=who.id,
        on_behalf_of=who.on_behalf_of,
        command_id=command_id,
        correlation_id=command_id,
        causation_id=None,
        service_version=None,
        traceparent=trace if trace and _TRACEPARENT.fullmatch(trace) else None,
    )


def _fingerprint(asked: Asked, order: Order) -> bytes:
    """Tells the same request, sent again, from another that uses its key."""
    scope = order.request.scope
    parts = (scope["method"], scope["path"], asked.who.id)
    head = "\0".join(parts).encode()
    return hashlib.sha256(head + b"\0" + order.request.canonical).digest()
