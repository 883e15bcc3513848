"""The two cookies of a login: of the browser while it is away, and of the session afterwards."""

from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

PENDING_SECONDS: Final = 600

Kind = Literal["login", "session"]


def cookie_name(kind: Kind, organisation: str) -> str:
    """With `__Host-` no other host and no plain connection can set it (RFC 6265bis § 4.1.3).

    One for each organisation: who is logged in to one is a stranger to the next.
    """
    return f"__Host-julelys-{kind}-{organisation}"


def cookie_of(request: Request, kind: Kind, organisation: str) -> str | None:
    return request.cookies.get(cookie_name(kind, organisation))


def give(answer: Response, kind: Kind, organisation: str, value: str) -> None:
    """A session's has no age, so it goes with the browser; the store says when it is over."""
    answer.set_cookie(
        cookie_name(kind, organisation),
        value,
        max_age=PENDING_SECONDS if kind == "login" else None,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def take(answer: Response, kind: Kind, organisation: str) -> None:
    answer.delete_cookie(
        cookie_name(kind, organisation), path="/", secure=True, httponly=True, samesite="lax"
    )
