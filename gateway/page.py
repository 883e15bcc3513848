"""Pages for browsers: nothing in one runs, or is styled, that the answer itself did not name."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import HTMLResponse

from gateway.headers import SAFE_HEADERS

NONCE_BYTES: Final = 16


def html_page(
    render: Callable[[str], str],
    *,
    status: int = 200,
    form_action: str = "'none'",
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page that `render` makes with a nonce for its `<style nonce="…">`.

    The nonce is this answer's alone, so whatever somebody else got into the page has no style and
    no script (CSP Level 3 § 8.1). `form_action` is where its forms may be sent.
    """
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; "
        f"form-action {form_action}; frame-ancestors 'none'"
    )
    safe = {name.decode(): value.decode() for name, value in SAFE_HEADERS}
    return HTMLResponse(
        render(nonce),
        status,
        headers={**safe, **(headers or {}), "content-security-policy": policy},
    )
