"""What is refused is logged: with which code, at which route, and to whom, if they had said who."""

from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import Request

from gateway.problems import status_of

log = structlog.get_logger()

_ABOUT_RIGHTS: Final = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
)
_RULES: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})
"""What a rule says no to is recorded with its command, and nobody tried to get around anything."""


def asked_of(request: Request, organisation: str) -> None:
    """Which organisation is asked, once it is known that there is one of that name."""
    request.state.organisation = organisation


def known_as(request: Request, person: str) -> None:
    """Who asks, once they have shown it; a pseudonym or the id of a member of staff."""
    request.state.person = person


def note_refused(request: Request, code: str) -> None:
    status = status_of(code)
    if status in _RULES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    words = log.bind(
        code=code,
        method=request.method,
        # As it is described, and not as it was sent: that may hold anything.
        route=getattr(request.scope.get("route"), "path", None),
        organisation=getattr(request.state, "organisation", None),
        person=getattr(request.state, "person", None),
    )
    if status in _ABOUT_RIGHTS:
        words.warning("request_refused")
    else:
        words.info("request_refused")
