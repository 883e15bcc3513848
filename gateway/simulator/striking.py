"""Faults carried out: what the network and an overloaded server do to a request."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gateway.simulator.faults import DEFAULT_SECONDS, Fault, FaultKind

log = structlog.get_logger()

Effect: TypeAlias = Callable[[], Awaitable[Response]]

HANG_SECONDS: Final = DEFAULT_SECONDS[FaultKind.TIMEOUT_BEFORE]
"""How long nothing is answered where the fault's seconds say when the effect comes."""

_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER: closing drops what is unsent and sends a reset."""


class Striking:
    """Late effects happen by themselves, for as long as the process lives."""

    def __init__(self) -> None:
        self._late: set[asyncio.Task[None]] = set()

    async def act(self, fault: Fault | None, request: Request, effect: Effect) -> Response:
        """Carry a request out as the fault has it; None has it carried out well."""
        if fault is None:
            return await effect()
        match fault.kind:
            case FaultKind.SLOW:
                await asyncio.sleep(fault.seconds)
                return await effect()
            case FaultKind.LATE | FaultKind.LATE_HANG:
                self._later(fault.seconds, effect)
            case FaultKind.TIMEOUT_AFTER | FaultKind.ERROR_AFTER | FaultKind.RESET_AFTER:
                await effect()
            case _:
                pass
        return await _answered(fault, request)

    def _later(self, seconds: float, effect: Effect) -> None:
        task = asyncio.create_task(_after(seconds, effect))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def stop(self) -> None:
        """Nothing that is still to come will come."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


async def _after(seconds: float, effect: Effect) -> None:
    await asyncio.sleep(seconds)
    try:
        await effect()
    except Exception:
        log.exception("late_effect_failed")


async def _answered(fault: Fault, request: Request) -> Response:
    match fault.kind:
        case FaultKind.TIMEOUT_BEFORE | FaultKind.TIMEOUT_AFTER:
            return await _hang(request, fault.seconds)
        case FaultKind.LATE_HANG:
            return await _hang(request, HANG_SECONDS)
        case FaultKind.RESET_BEFORE | FaultKind.RESET_AFTER:
            return await _reset(request)
        case _:
            return _said(fault)


async def _hang(request: Request, seconds: float) -> Response:
    """Say nothing until the client leaves; what a proxy says is for those who never do."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _left(request)
    status, words = _PROXY_GAVE_UP
    return PlainTextResponse(words, status)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _reset(request: Request) -> Response:
    """Close the connection with a reset. Nobody reads what is returned.

    Raises:
        ConnectionResetError: there is no connection, as the application is called directly.
    """
    # ASGI has no word for this. The server's own object that receives holds the connection.
    transport = getattr(getattr(request.receive, "__self__", None), "transport", None)
    connection = None if transport is None else transport.get_extra_info("socket")
    if transport is None or connection is None:
        raise ConnectionResetError("The connection was reset, as asked for.")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()
    await _left(request)
    return Response()


_SAID: Final[Mapping[FaultKind, tuple[int, str]]] = {
    FaultKind.UNAUTHORISED: (401, ""),
    FaultKind.NOT_FOUND: (404, "Ressourcen findes ikke."),
    FaultKind.CONFLICT: (409, "Handlingen kan ikke udføres nu."),
    FaultKind.BUSY: (429, "For mange kald."),
    FaultKind.ERROR_BEFORE: (500, "Der opstod en fejl."),
    FaultKind.ERROR_AFTER: (500, "Der opstod en fejl."),
    FaultKind.UNAVAILABLE: (503, "Service Unavailable"),
}
_PROXY_GAVE_UP: Final = (504, "Gateway Time-out")


def _said(fault: Fault) -> Response:
    """What is answered in place of the real answer."""
    status, words = _SAID.get(fault.kind, _PROXY_GAVE_UP)
    headers = {"Retry-After": str(fault.whole_seconds)} if fault.kind is FaultKind.BUSY else {}
    return PlainTextResponse(words, status, headers)
