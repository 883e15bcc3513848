"""The question that a browser carries to an issuer, and what is kept of it meanwhile.

Nothing that is kept can finish a login: state, nonce and code verifier follow from a secret that
the browser alone has, in a cookie; the row has their hashes (RFC 9700 §§ 2.1, 4.7).
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from services.catalogue.service import LoginLevel
from services.login.levels import suffices
from services.login.refusal import LoginRefused

PENDING_FOR: Final = timedelta(minutes=10)
SECRET_BYTES: Final = 32

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_PLACE: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLogin:
    """`browser` is the hash of the browser's secret; `return_to` a path of our own site."""

    issuer: str
    browser: bytes
    level: LoginLevel
    max_age: int | None
    return_to: str
    expires_at: datetime


class PendingLogins(Protocol):
    """Logins that were begun, by the hash of their state."""

    async def keep(self, state: bytes, pending: PendingLogin) -> None: ...

    async def take(self, state: bytes) -> PendingLogin | None:
        """The one of that state, which from now on is gone: each is answered once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`browser` goes into the browser's cookie, `address` is where it is sent."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask an issuer for, apart from what makes each question its own."""

    endpoint: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    max_age: int | None
    language: str
    extra: Mapping[str, str]


def new_secret() -> str:
    """256 bits, as text of 43 characters."""
    return secrets.token_urlsafe(SECRET_BYTES)


def is_secret(text: str) -> bool:
    """Whether it has the form of one."""
    return _SECRET.fullmatch(text) is not None


def hashed(text: str) -> bytes:
    """What is kept in the place of a secret that has entropy enough."""
    return hashlib.sha256(text.encode()).digest()


def nonce_of(browser: str, state: str) -> str:
    return _derived(browser, "nonce", state)


def verifier_of(browser: str, state: str) -> str:
    return _derived(browser, "verifier", state)


def address_of(question: Question, browser: str, state: str) -> str:
    """Where the browser goes: the authorization request (§ 3.1.2.1, RFC 7636 § 4.3)."""
    challenge = hashlib.sha256(verifier_of(browser, state).encode("ascii")).digest()
    asked = {
        **question.extra,
        "response_type": "code",
        "client_id": question.client_id,
        "redirect_uri": question.redirect_uri,
        "scope": " ".join(question.scopes),
        "state": state,
        "nonce": nonce_of(browser, state),
        "code_challenge": _text(challenge),
        "code_challenge_method": "S256",
        "ui_locales": question.language,
    }
    if question.max_age is not None:
        asked["max_age"] = str(question.max_age)
    parts = urlsplit(question.endpoint)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *asked.items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def asking_for(
    level: LoginLevel, asking: Mapping[LoginLevel, Mapping[str, str]]
) -> Mapping[str, str]:
    """The parameters that ask for the level, or for the lowest above it that can be asked for."""
    enough = [each for each in LoginLevel if each in asking and suffices(each, level)]
    return asking[enough[0]] if enough else {}


def local_place(return_to: str) -> str:
    """A path of our own site and nothing else, so that nobody is led away by a link to us.

    Raises:
        LoginRefused: `login-return-invalid`.
    """
    if len(return_to) > 1_000 or _PLACE.fullmatch(return_to) is None:  # noqa: PLR2004
        raise LoginRefused("login-return-invalid")
    return return_to


def _derived(browser: str, purpose: str, state: str) -> str:
    told = json.dumps([purpose, state]).encode()
    return _text(hmac.digest(browser.encode("ascii"), told, "sha256"))


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
