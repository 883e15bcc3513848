"""The demo issuer as an application: one OpenID provider for each client, at its own path."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hmac import compare_digest
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, unquote_plus, urlencode

import httpx
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.issuer.claims import subject_of, told_of
from gateway.issuer.clients import Client
from gateway.issuer.grants import ACCESS_FOR, Grant, GrantRefused, Grants
from gateway.issuer.metadata import metadata_of
from gateway.issuer.pages import Pages
from gateway.issuer.question import NotOurs, Refusable, answer_address, question_of
from gateway.issuer.signing import Signing
from services.catalogue.service import LoginLevel
from services.identity import Person
from services.ports import Clock

log = structlog.get_logger()

COOKIE: Final = "demo_issuer_session"
SECONDS: Final = 5.0
NO_STORE: Final = {"Cache-Control": "no-store"}

Form: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    persons: Sequence[Person]
    clock: Clock
    signing: Signing
    grants: Grants
    pages: Pages


def create_issuer(clients: Sequence[Client], persons: Sequence[Person], clock: Clock) -> Starlette:
    """The issuer, for whoever serves it. Anybody may log in as anybody: that is what it is for."""
    around = _Surroundings(
        persons=persons, clock=clock, signing=Signing(), grants=Grants(), pages=Pages()
    )
    routes = [route for client in clients for route in _Provider(client, around).routes()]
    routes.append(Route("/", partial(_overview, clients, around.pages), methods=["GET"]))
    return Starlette(routes=routes)


class _Provider:
    """What one client meets."""

    def __init__(self, client: Client, around: _Surroundings) -> None:
        self._client, self._around = client, around

    def routes(self) -> list[Route]:
        at = self._client.path
        return [
            Route(f"{at}/.well-known/openid-configuration", self._metadata, methods=["GET"]),
            Route(f"{at}/jwks", self._keys, methods=["GET"]),
            Route(f"{at}/authorize", self._ask, methods=["GET"]),
            Route(f"{at}/authorize", self._answered, methods=["POST"]),
            Route(f"{at}/token", self._token, methods=["POST"]),
            Route(f"{at}/userinfo", self._user_info, methods=["GET", "POST"]),
            Route(f"{at}/end-session", self._end_session, methods=["GET", "POST"]),
        ]

    async def _metadata(self, _: Request) -> Response:
        return JSONResponse(metadata_of(self._client))

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(self._around.signing.published())

    async def _ask(self, request: Request) -> Response:
        try:
            question_of(request.query_params, self._client)
        except NotOurs:
            return self._around.pages.not_ours()
        except Refusable as refused:
            return _sent_back(self._client, refused.state, error=refused.code)
        return self._around.pages.persons(self._client, self._theirs())

    async def _answered(self, request: Request) -> Response:
        """Somebody on the page has said who they are, or that they would not."""
        try:
            question = question_of(request.query_params, self._client)
        except (NotOurs, Refusable):
            return self._around.pages.not_ours()
        form, now = await _form(request), self._around.clock.now()
        person = next((each for each in self._theirs() if each.key == form.get("person")), None)
        if person is None:
            return _sent_back(self._client, question.state, error="access_denied")
        level = form.get("level", "")
        grant = Grant(
            client=self._client,
            person=person,
            level=LoginLevel(level) if level in set(LoginLevel) else LoginLevel.SUBSTANTIAL,
            session=secrets.token_urlsafe(16),
            authenticated_at=now,
            nonce=question.nonce,
            challenge=question.challenge,
            is_renewable=question.is_renewable,
        )
        code = self._around.grants.code(grant, now)
        answer = _sent_back(self._client, question.state, code=code)
        answer.set_cookie(
            COOKIE, grant.session, path=self._client.path, httponly=True, samesite="lax"
        )
        return answer

    async def _token(self, request: Request) -> Response:
        form = await _form(request)
        if not _is_client(self._client, request.headers.get("authorization"), form):
            return _error("invalid_client", 401)
        now = self._around.clock.now()
        try:
            grant, token = self._redeemed(form, now)
        except GrantRefused as refused:
            return _error(refused.code, 400)
        answer: dict[str, object] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_FOR.total_seconds()),
            "id_token": self._around.signing.id_token(grant, token, now),
        }
        if grant.is_renewable:
            answer["refresh_token"] = self._around.grants.refresh_token(grant)
        return JSONResponse(answer, headers=NO_STORE)

    def _redeemed(self, form: Form, now: datetime) -> tuple[Grant, str]:
        """Whoever is refreshed is told of as they are by now; who has gone is nobody."""
        grants = self._around.grants
        given = [form.get(name, "") for name in ("code", "code_verifier", "redirect_uri")]
        match form.get("grant_type"):
            case "authorization_code":
                code, verifier, redirect_uri = given
                return grants.redeem(code, self._client, verifier, redirect_uri, now)
            case "refresh_token":
                grant, token = grants.renewed(form.get("refresh_token", ""), self._client, now)
                known = {each.key: each for each in self._theirs()}
                if grant.person.key not in known:
                    raise GrantRefused("invalid_grant")
                return replace(grant, person=known[grant.person.key], nonce=None), token
            case _:
                raise GrantRefused("unsupported_grant_type")

    async def _user_info(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        now = self._around.clock.now()
        try:
            grant = self._around.grants.by_access_token(
                token if scheme.lower() == "bearer" else "", self._client, now
            )
        except GrantRefused as refused:
            return _error(refused.code, 401)
        told = told_of(
            grant.person, grant.client, grant.level, grant.authenticated_at, grant.session
        )
        subject = subject_of(grant.person, grant.client)
        return JSONResponse({**told.user_info, "sub": subject}, headers=NO_STORE)

    async def _end_session(self, request: Request) -> Response:
        """RP-Initiated Logout 1.0: end the browser's session, tell the client, and send it back."""
        given = {**request.query_params, **(await _form(request))}
        session = request.cookies.get(COOKIE)
        grant = None if session is None else self._around.grants.end(session)
        if grant is not None:
            await _tell(grant, self._around)
        if given.get("post_logout_redirect_uri") != self._client.ended_uri:
            return self._around.pages.ended()
        stated = {"state": given["state"]} if "state" in given else {}
        address = self._client.ended_uri + (f"?{urlencode(stated)}" if stated else "")
        answer = RedirectResponse(address, 303)
        answer.delete_cookie(COOKIE, path=self._client.path)
        return answer

    def _theirs(self) -> list[Person]:
        return [person for person in self._around.persons if self._client.admits(person)]


async def _tell(grant: Grant, around: _Surroundings) -> None:
    """Back-Channel Logout 1.0 § 2.5; a client that does not answer is none of our worries."""
    token = around.signing.logout_token(grant, around.clock.now())
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            answer = await client.post(grant.client.back_channel_uri, data={"logout_token": token})
        log.info("logout_told", status=answer.status_code)
    except httpx.HTTPError as error:
        log.warning("logout_not_told", error=type(error).__name__)


async def _overview(clients: Sequence[Client], pages: Pages, _: Request) -> Response:
    return pages.overview(clients)


async def _form(request: Request) -> Form:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _sent_back(client: Client, state: str | None, **told: str) -> RedirectResponse:
    return RedirectResponse(answer_address(client, state, **told), 303, headers=NO_STORE)


def _error(code: str, status: int) -> Response:
    headers = NO_STORE | ({"WWW-Authenticate": "Basic"} if status == 401 else {})  # noqa: PLR2004
    return JSONResponse({"error": code}, status, headers=headers)


def _is_client(client: Client, authorization: str | None, form: Form) -> bool:
    """RFC 6749 § 2.3.1: by Basic, whose parts are form-encoded before they are joined."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    given = f"{unquote_plus(name)}\0{unquote_plus(secret)}"
    wanted = f"{client.issuer.client_id}\0{client.secret}"
    named = form.get("client_id", client.issuer.client_id)
    return (
        scheme.lower() == "basic"
        and named == client.issuer.client_id
        and compare_digest(given.encode(), wanted.encode())
    )
