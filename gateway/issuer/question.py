"""An authorization request as a browser brings it, looked at before anybody is asked for a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from gateway.issuer.clients import Client

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class NotOurs(Exception):
    """It cannot be answered at all: where to is not known (RFC 6749 § 4.1.2.1)."""


class Refusable(Exception):
    """`code` goes back to whoever asked."""

    def __init__(self, code: str, state: str | None) -> None:
        super().__init__(code)
        self.code, self.state = code, state


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    state: str | None
    nonce: str | None
    challenge: str
    is_renewable: bool


def question_of(given: Mapping[str, str], client: Client) -> AuthorizationRequest:
    """Raises NotOurs, Refusable."""
    known = (client.issuer.client_id, client.redirect_uri)
    if (given.get("client_id"), given.get("redirect_uri")) != known:
        raise NotOurs
    state = given.get("state")
    if given.get("response_type") != "code":
        raise Refusable("unsupported_response_type", state)
    if "openid" not in given.get("scope", "").split():
        raise Refusable("invalid_scope", state)
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or _CHALLENGE.fullmatch(challenge) is None:
        raise Refusable("invalid_request", state)
    if given.get("prompt") == "none":
        raise Refusable("login_required", state)
    return AuthorizationRequest(
        state=state,
        nonce=given.get("nonce"),
        challenge=challenge,
        is_renewable="offline_access" in given.get("scope", "").split(),
    )


def answer_address(client: Client, state: str | None, **told: str) -> str:
    """Where the browser goes with the answer, which names its sender (RFC 9207)."""
    stated = {} if state is None else {"state": state}
    query = urlencode({**told, **stated, "iss": client.issuer.issuer})
    return f"{client.redirect_uri}?{query}"
