"""Is this ID token an answer to our question, now? (OpenID Connect Core 1.0 § 3.1.3.7)"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Final

from services.login.compact import Unverified
from services.login.json_text import Members
from services.login.refusal import LoginRefused

LEEWAY_SECONDS: Final = 60
"""How far the issuer's clock and ours may be apart."""

OLDEST_SECONDS: Final = 600
"""An ID token comes in the answer to our own request, so it was made just now."""

_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, behind which a number is no time."""

_TYPES: Final = frozenset({None, "jwt"})
_SUBJECT: Final = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an ID token must say. `max_age` are seconds since the person last proved who they are.

    One of a renewal need not name the nonce again (§ 12.2). `authenticated_at` are the claims that
    may tell when that was, `access_token` came beside it.
    """

    issuer: str
    client_id: str
    nonce: str
    is_renewal: bool = False
    max_age: int | None
    authenticated_at: tuple[str, ...]
    access_token: str | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What a good ID token says."""

    claims: Members
    subject: str
    authenticated_at: datetime | None


def believe(token: Unverified, claims: Members, wanted: Wanted) -> Believed:
    """Check the claims of a token whose signature is good.

    Raises:
        LoginRefused: each thing that may be wrong has a code of its own.
    """
    if token.type not in _TYPES:
        raise LoginRefused("login-token-type")
    subject = require_sender(claims, issuer=wanted.issuer, client_id=wanted.client_id)
    if subject is None:
        raise LoginRefused("login-claim-missing", claim="sub")
    require_time(claims, now=wanted.now, oldest=OLDEST_SECONDS)
    if "nonce" in claims or not wanted.is_renewal:
        _require_nonce(claims, wanted.nonce)
    _require_hash(claims, token.algorithm, wanted.access_token)
    return Believed(
        claims=claims, subject=subject, authenticated_at=_authenticated_at(claims, wanted)
    )


def require_sender(claims: Members, *, issuer: str, client_id: str) -> str | None:
    """That the issuer made it for us and for nobody else; gives its subject, if it has one.

    Raises:
        LoginRefused: it did not.
    """
    if text_claim(claims, "iss") != issuer:
        raise LoginRefused("login-issuer-mismatch")
    match claims.get("aud"):
        case None:
            raise LoginRefused("login-claim-missing", claim="aud")
        case str(only) | [str(only)]:
            if only != client_id:
                raise LoginRefused("login-audience-mismatch")
        case [*several] if several and all(isinstance(each, str) for each in several):
            # § 3.1.3.7, 3: we trust no other audience.
            raise LoginRefused("login-audience-untrusted")
        case _:
            raise LoginRefused("login-claim-malformed", claim="aud")
    if claims.get("azp", client_id) != client_id:
        raise LoginRefused("login-authorised-party-mismatch")
    subject = claims.get("sub")
    if not (subject is None or (isinstance(subject, str) and _SUBJECT.fullmatch(subject))):
        raise LoginRefused("login-claim-malformed", claim="sub")
    return subject


def require_time(claims: Members, *, now: datetime, oldest: int) -> float:
    """That it holds now, and was made at most `oldest` seconds ago; gives when it was made.

    Raises:
        LoginRefused: it does not, or was not.
    """
    at = now.timestamp()
    if _required_time(claims, "exp") + LEEWAY_SECONDS <= at:
        raise LoginRefused("login-token-expired")
    issued = _required_time(claims, "iat")
    if max(issued, _time(claims, "nbf") or 0.0) > at + LEEWAY_SECONDS:
        raise LoginRefused("login-token-not-yet-valid")
    if issued + oldest + LEEWAY_SECONDS < at:
        raise LoginRefused("login-token-stale")
    return issued


def text_claim(claims: Members, name: str) -> str:
    """Raises LoginRefused: it is missing or no text."""
    found = claims.get(name)
    if found is None:
        raise LoginRefused("login-claim-missing", claim=name)
    if not isinstance(found, str):
        raise LoginRefused("login-claim-malformed", claim=name)
    return found


def _require_nonce(claims: Members, nonce: str) -> None:
    found = text_claim(claims, "nonce")
    if not compare_digest(found.encode(), nonce.encode()):
        raise LoginRefused("login-nonce-mismatch")


def _require_hash(claims: Members, algorithm: str, access_token: str | None) -> None:
    """`at_hash` may be left out in this flow; where it is told it must be right (§ 3.1.3.8)."""
    if "at_hash" not in claims or access_token is None:
        return
    size = "512" if algorithm == "Ed25519" else algorithm[2:]
    digest = hashlib.new(f"sha{size}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not compare_digest(text_claim(claims, "at_hash").encode(), half):
        raise LoginRefused("login-access-token-mismatch")


def _authenticated_at(claims: Members, wanted: Wanted) -> datetime | None:
    name = next((each for each in wanted.authenticated_at if each in claims), None)
    at = None if name is None else _moment(claims, name)
    if at is None:
        if wanted.max_age is not None:
            raise LoginRefused("login-authentication-time-missing")
        return None
    now = wanted.now.timestamp()
    if at > now + LEEWAY_SECONDS:
        raise LoginRefused("login-authentication-in-future")
    if wanted.max_age is not None and at + wanted.max_age + LEEWAY_SECONDS < now:
        raise LoginRefused("login-authentication-stale")
    return datetime.fromtimestamp(at, UTC)


def _moment(claims: Members, name: str) -> float | None:
    """Seconds of Unix time, also from the text that Idura writes."""
    written = claims.get(name)
    if not isinstance(written, str):
        return _time(claims, name)
    if _INSTANT.fullmatch(written) is None:
        raise LoginRefused("login-claim-malformed", claim=name)
    try:
        return datetime.fromisoformat(written[:19]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise LoginRefused("login-claim-malformed", claim=name) from None


def _required_time(claims: Members, name: str) -> float:
    at = _time(claims, name)
    if at is None:
        raise LoginRefused("login-claim-missing", claim=name)
    return at


def _time(claims: Mapping[str, object], name: str) -> float | None:
    match claims.get(name):
        case None:
            return None
        case bool():
            raise LoginRefused("login-claim-malformed", claim=name)
        case int(at) | float(at) if 0 <= at <= _LATEST:
            return float(at)
        case _:
            raise LoginRefused("login-claim-malformed", claim=name)
