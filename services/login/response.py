"""What an issuer answers through the browser, before anything in it is believed."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.login.provider import Provider
from services.login.refusal import LoginRefused

LONGEST: Final = 8_192
"""Characters of a parameter."""


def parameters(answer: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Raises LoginRefused: one of them stands twice (RFC 6749 § 3.1) or is too long."""
    given = dict(answer)
    if len(given) < len(answer):
        raise LoginRefused("login-response-duplicate")
    if any(len(name) + len(value) > LONGEST for name, value in answer):
        raise LoginRefused("login-response-too-large")
    return given


async def require_sender(provider: Provider, named: str | None) -> None:
    """An answer that names its sender must come from the issuer that was asked, and one that could
    name it must (RFC 9207 § 2.4).

    Raises:
        LoginRefused: it does not.
    """
    if named is None:
        if (await provider.metadata()).authorization_response_iss_parameter_supported:
            raise LoginRefused("login-response-issuer-missing")
    elif named != provider.issuer.issuer:
        raise LoginRefused("login-response-issuer-mismatch")


def code_in(given: Mapping[str, str]) -> str:
    """Raises LoginRefused: there is none, as the person or the issuer would not."""
    error = given.get("error")
    if error == "access_denied":
        raise LoginRefused("login-denied")
    if error is not None:
        raise LoginRefused("login-provider-error")
    if not given.get("code"):
        raise LoginRefused("login-code-missing")
    return given["code"]
