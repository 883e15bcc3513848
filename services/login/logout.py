"""Logging out: here and at the issuer (RP-Initiated Logout 1.0), and because the issuer says so
(Back-Channel Logout 1.0).
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import structlog

from services.login.id_token import LEEWAY_SECONDS, require_sender, require_time, text_claim
from services.login.json_text import Members
from services.login.provider import Provider
from services.login.refusal import LoginRefused
from services.login.sessions import Sessions
from services.ports import Clock

log = structlog.get_logger()

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
TYPE: Final = "logout+jwt"

OLDEST_SECONDS: Final = 120
"""ASVS 5.0, 10.5.5: an old one can be nothing but a repetition."""


async def address_of(
    provider: Provider, *, hint: str | None, return_to: str, state: str
) -> str | None:
    """Where a browser ends its session at the issuer, None where that cannot be asked for.

    Raises:
        LoginRefused: the issuer does not say.
    """
    endpoint = (await provider.metadata()).end_session_endpoint
    if endpoint is None:
        return None
    asked = {
        "client_id": provider.issuer.client_id,
        "post_logout_redirect_uri": return_to,
        "state": state,
    }
    if hint is not None:
        asked["id_token_hint"] = hint
    parts = urlsplit(endpoint)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *asked.items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


async def end_by_logout_token(
    provider: Provider, token: str, sessions: Sessions, clock: Clock, organisation: str
) -> int:
    """End the sessions that a logout token is about; how many there were.

    Only those that had begun when it was made: so repeating one later ends nobody's new session,
    and none need be remembered.

    Raises:
        LoginRefused: it is no logout token of this issuer for us, now (§ 2.6).
    """
    try:
        claims, issued = await _believed(provider, token, clock.now())
    except LoginRefused as refused:
        log.warning(
            "logout_refused", organisation=organisation, issuer=provider.key, code=refused.code
        )
        raise
    subject, session = claims.get("sub"), claims.get("sid")
    ended = await sessions.end_by_issuer(
        provider.key,
        subject=subject if isinstance(subject, str) else None,
        session=session if isinstance(session, str) else None,
        until=issued + timedelta(seconds=LEEWAY_SECONDS),
    )
    log.info(
        "sessions_ended_by_issuer", organisation=organisation, issuer=provider.key, count=ended
    )
    return ended


async def _believed(provider: Provider, token: str, now: datetime) -> tuple[Members, datetime]:
    issuer = provider.issuer
    read, claims = await provider.keys.signed(token, frozenset(issuer.algorithms))
    if read.type != TYPE:
        raise LoginRefused("logout-token-type")
    # § 2.4: what has one is an ID token.
    if "nonce" in claims:
        raise LoginRefused("logout-nonce-present")
    require_sender(claims, issuer=issuer.issuer, client_id=issuer.client_id)
    issued = require_time(claims, now=now, oldest=OLDEST_SECONDS)
    match claims.get("events"):
        case dict(events) if isinstance(events.get(EVENT), dict):
            pass
        case _:
            raise LoginRefused("logout-event-missing")
    text_claim(claims, "jti")
    if claims.get("sub") is None and claims.get("sid") is None:
        raise LoginRefused("logout-subject-missing")
    if "sid" in claims:
        text_claim(claims, "sid")
    return claims, datetime.fromtimestamp(issued, UTC)
