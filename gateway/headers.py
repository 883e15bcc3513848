"""Headers that every answer has, so that nothing of it is guessed, framed, scripted or kept."""

from typing import Final

from starlette.types import Scope

SAFE_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"vary", b"Accept-Language, Authorization, Cookie"),
]
"""Nearly every answer is about a person; one that is not loses little by not being kept."""

HTTPS_ONLY: Final = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
"""Two years (RFC 6797 § 6.1): a browser that was here once does not come by a plain connection,
where whoever stands between could take the session cookie's place."""


def headers_for(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What an answer to a request has unless it says otherwise itself.

    Only an answer that came by https may promise that the next will (RFC 6797 § 7.2).
    """
    return [*SAFE_HEADERS, HTTPS_ONLY] if scope.get("scheme") == "https" else SAFE_HEADERS
