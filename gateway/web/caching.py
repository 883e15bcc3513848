"""Answers that are the same for everybody: kept for a while, and not sent twice (RFC 9110)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

FRESH_SECONDS: Final = 300
KEPT: Final = f"public, max-age={FRESH_SECONDS}"

OPEN_TO_ALL: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Any site's script may read it; without the reader's cookies, for `*` never goes with those."""


def answered(
    request: Request, body: bytes, changed_at: datetime, headers: Mapping[str, str]
) -> Response:
    """The body, or that what the client has is still good."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    # Whole seconds, which is all that the header can say.
    changed = changed_at.astimezone(UTC).replace(microsecond=0)
    told = {
        **headers,
        "Cache-Control": KEPT,
        "ETag": tag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _is_known(request, tag, changed):
        return Response(status_code=304, headers=told)
    return Response(body, headers=told)


def _is_known(request: Request, tag: str, changed: datetime) -> bool:
    """By its tag where the client names any, and only else by its date (RFC 9110 § 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        named = {each.strip().removeprefix("W/") for each in tags.split(",")}
        return "*" in named or tag in named
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed <= (known if known.tzinfo else known.replace(tzinfo=UTC))
