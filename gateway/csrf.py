"""That it is our own page which asks for a change, where a cookie says who asks (ASVS 5.0, 3.5).

Two things that each would do, so that neither need be perfect: what the browser itself says of
where a request comes from, and a token that only our pages can have. The token follows from the
cookie, so nothing more is kept and it ends with the session; a page that is rendered here has it in
a hidden field, another each time, and a script reads it from `GET /me` and sends it in a header.
"""

import base64
import hmac
import secrets
from binascii import Error as NotBase64
from typing import Final

from starlette.requests import Request

from gateway.parameters import CSRF
from gateway.problems import Problem

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""What changes nothing, whoever asks for it (RFC 9110 § 9.2.1)."""

SAME_ORIGIN: Final = "same-origin"

_PURPOSE: Final = b"julelys.csrf.v1"


def token_of(cookie: str) -> str:
    """The token of a session; who has it knows nothing of the cookie (HMAC-SHA-256)."""
    digest = hmac.digest(cookie.encode("ascii"), _PURPOSE, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def masked(token: str) -> str:
    """The same token as no other answer has it: pages are packed, and from how well what somebody
    sent packs with what they do not know they could learn it, sign by sign (BREACH).
    """
    plain = token.encode()
    mask = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(mask + _xored(plain, mask)).decode()


def require_own_page(request: Request, site: str) -> None:
    """Refuse what another site has a browser do here, of which `Sec-Fetch-Site` tells.

    A browser that does not send it sends `Origin` with every change, which must be `site`.

    Raises:
        Problem: `request-cross-site`.
    """
    told = request.headers.get("sec-fetch-site")
    is_ours = request.headers.get("origin") == site if told is None else told == SAME_ORIGIN
    if not is_ours:
        raise Problem("request-cross-site")


def require_token(cookie: str, given: str | None) -> None:
    """Refuse what does not come with the token of the cookie's session.

    Raises:
        Problem: `csrf-token-missing`, `csrf-token-invalid`.
    """
    if not given:
        raise Problem("csrf-token-missing")
    known = token_of(cookie).encode()
    shown = _unmasked(given) if len(given) > len(known) else given.encode("latin-1", "replace")
    if not hmac.compare_digest(shown, known):
        raise Problem("csrf-token-invalid")


def require_own_change(request: Request, cookie: str, site: str) -> None:
    """Both, for a request that is to change something.

    Raises:
        Problem: `request-cross-site`, `csrf-token-missing`, `csrf-token-invalid`.
    """
    if request.method in SAFE:
        return
    require_own_page(request, site)
    require_token(cookie, request.headers.get(CSRF))


def _unmasked(given: str) -> bytes:
    """The token behind its mask; nothing where there is none."""
    try:
        both = base64.b64decode(given.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, NotBase64):
        return b""
    half = len(both) // 2
    return _xored(both[:half], both[half:])


def _xored(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
