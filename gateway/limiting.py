"""Which budget a request is taken from, and whose."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from gateway.caller import Caller
from gateway.csrf import SAFE
from gateway.limits import Budget, Limiter, address_of
from gateway.problems import Problem, status_of
from services.authorisation import Action
from services.identity import LoginFailed

_SEARCHES: Final = frozenset(
    {Action.SEE_QUEUE, Action.LOOK_UP_ADDRESS, Action.SEE_STATISTICS, Action.AUDIT}
)


async def within_budget(
    limits: Limiter, request: Request, action: Action, identified: Awaitable[Caller | None]
) -> Caller | None:
    """Whoever asks, once what they ask for is within their budget.

    Who proves to be nobody is counted by address. Whoever proves to be somebody is never turned
    away for what others at their address have done.

    Raises:
        Problem: `too-many-requests`, and what `identified` raises.
    """
    address = address_of(request.client and request.client.host)
    try:
        caller = await identified
    except (LoginFailed, Problem) as refused:
        if status_of(refused.code) == HTTPStatus.UNAUTHORIZED:
            limits.spend(Budget.REFUSED, address)
        raise
    if caller is None:
        limits.spend(_of_address(action), address)
    else:
        limits.spend(_of_person(action, request.method), caller.actor.id)
    return caller


def _of_address(action: Action) -> Budget:
    match action:
        case Action.LOG_IN:
            return Budget.LOGIN
        case Action.SUBMIT:
            return Budget.ANONYMOUS
        case _:
            return Budget.PUBLIC


def _of_person(action: Action, method: str) -> Budget:
    if method in SAFE:
        return Budget.SEARCH if action in _SEARCHES else Budget.READ
    return Budget.UPLOAD if action is Action.UPLOAD else Budget.WRITE
