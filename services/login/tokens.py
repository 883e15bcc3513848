"""Tokens for a code, and what the issuer tells of a person beside the ID token."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from services.login.calls import Answer, IssuerCalls
from services.login.client_proof import Proof
from services.login.json_text import Members, members_of
from services.login.refusal import LoginRefused

_OURS_TO_MEND: Final = frozenset(
    {"invalid_client", "unauthorized_client", "unsupported_grant_type"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    id_token: str
    access_token: str
    refresh_token: str | None


async def exchange(
    calls: IssuerCalls, endpoint: str, proof: Proof, *, code: str, verifier: str, redirect_uri: str
) -> Granted:
    """The tokens for a code (RFC 6749 § 4.1.3, RFC 7636 § 4.5), which is good once.

    Raises:
        LoginRefused: there are none for it.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        **proof.form,
    }
    return _granted(await calls.post(endpoint, form, proof.headers))


async def renew(calls: IssuerCalls, endpoint: str, proof: Proof, refresh_token: str) -> Granted:
    """New tokens for a refresh token (RFC 6749 § 6), which from then on may be good no more.

    Raises:
        LoginRefused: there are none for it.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **proof.form}
    return _granted(await calls.post(endpoint, form, proof.headers))


def _granted(answer: Answer) -> Granted:
    if answer.status != HTTPStatus.OK:
        raise _refused(answer)
    given = members_of(answer.body)
    kind = given.get("token_type")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise LoginRefused("login-token-answer-unusable")
    match given.get("access_token"), given.get("id_token"):
        case (str(access_token), str(id_token)) if access_token and id_token:
            refresh = given.get("refresh_token")
            return Granted(
                id_token=id_token,
                access_token=access_token,
                refresh_token=refresh if isinstance(refresh, str) and refresh else None,
            )
        case (str(), None):
            raise LoginRefused("login-id-token-missing")
        case _:
            raise LoginRefused("login-token-answer-unusable")


async def user_info(calls: IssuerCalls, endpoint: str, access_token: str, subject: str) -> Members:
    """What the issuer tells of the person (OpenID Connect Core 1.0 § 5.3).

    Raises:
        LoginRefused: nothing, or something of another person.
    """
    told = members_of(await calls.get(endpoint, bearer=access_token))
    if told.get("sub") != subject:
        raise LoginRefused("login-user-info-mismatch")
    return told


def _refused(answer: Answer) -> LoginRefused:
    """Its description is for a log of its own: it may quote what was sent."""
    error = members_of(answer.body).get("error")
    if error in _OURS_TO_MEND:
        return LoginRefused("login-client-refused")
    if error == "invalid_grant":
        return LoginRefused("login-code-refused")
    return LoginRefused("login-provider-error")
