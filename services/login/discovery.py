"""What an issuer says of itself (OpenID Connect Discovery 1.0), and whether we can live with it."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.hosts import is_this_machine
from services.login.calls import IssuerCalls
from services.login.description import Issuer
from services.login.json_text import members_of
from services.login.refusal import LoginRefused

KEPT_SECONDS: Final = 3_600.0

_PATH: Final = "/.well-known/openid-configuration"
_BASIC: Final = "client_secret_basic"

Endpoint = Annotated[str, Field(max_length=2_000)]


class Metadata(BaseModel):
    """The members that we act on; all others are nothing to us."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    issuer: str
    authorization_endpoint: Endpoint
    token_endpoint: Endpoint
    jwks_uri: Endpoint
    userinfo_endpoint: Endpoint | None = None
    end_session_endpoint: Endpoint | None = None
    response_types_supported: tuple[str, ...]
    id_token_signing_alg_values_supported: tuple[str, ...]
    token_endpoint_auth_methods_supported: tuple[str, ...] = (_BASIC,)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False


class Discovery:
    """Fetched when first needed, and again when an hour old."""

    def __init__(self, described: Issuer, calls: IssuerCalls, seconds: Callable[[], float]) -> None:
        self._described, self._calls, self._seconds = described, calls, seconds
        self._lock = asyncio.Lock()
        self._known: tuple[Metadata, float] | None = None

    async def metadata(self) -> Metadata:
        """Raises LoginRefused: the issuer does not say, or says what we cannot use."""
        async with self._lock:
            if self._known is None or self._seconds() - self._known[1] >= KEPT_SECONDS:
                self._known = None
                address = self._described.issuer.rstrip("/") + _PATH
                found = metadata_of(await self._calls.get(address), self._described)
                self._known = found, self._seconds()
            return self._known[0]


def metadata_of(document: bytes, described: Issuer) -> Metadata:
    """The document, if it is the issuer's own and has what we need.

    Raises:
        LoginRefused: `login-discovery-mismatch` where it names another issuer (§ 4.3),
            `login-discovery-unusable` for everything else.
    """
    members_of(document)
    try:
        found = Metadata.model_validate_json(document)
    except ValidationError:
        raise LoginRefused("login-discovery-unusable") from None
    if found.issuer != described.issuer:
        raise LoginRefused("login-discovery-mismatch")
    endpoints = (
        found.authorization_endpoint,
        found.token_endpoint,
        found.jwks_uri,
        found.userinfo_endpoint,
        found.end_session_endpoint,
    )
    challenges = found.code_challenge_methods_supported
    method = described.authentication.method
    wanted = {"client-secret-basic": _BASIC, "private-key-jwt": "private_key_jwt"}[method]
    usable = (
        all(each is None or _is_safe(each, plain_http=described.plain_http) for each in endpoints),
        "code" in found.response_types_supported,
        challenges is None or "S256" in challenges,
        bool({*described.algorithms} & {*found.id_token_signing_alg_values_supported}),
        wanted in found.token_endpoint_auth_methods_supported,
    )
    if not all(usable):
        raise LoginRefused("login-discovery-unusable")
    return found


def _is_safe(url: str, *, plain_http: bool) -> bool:
    """An address of a server alone, over TLS where anybody is in between."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        (
            parts.scheme == "https"
            or (parts.scheme == "http" and (plain_http or is_this_machine(host)))
        )
        and bool(host)
        and parts.username is None
        and not parts.fragment
        and url.isprintable()
    )
