"""An issuer that is broken, taken over or impersonated: nothing it answers lets anybody in."""

import asyncio
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, TypeAlias

import httpx
import pytest

from services.clock import SetClock
from services.login.authorising import nonce_of
from services.login.calls import ANSWER_AT_MOST, SECONDS, IssuerCalls, new_client
from services.login.description import SessionLimits
from services.login.logout import EVENT, end_by_logout_token
from services.login.memory import MemoryPendingLogins, MemorySessions
from services.login.presets import Broker
from services.login.provider import provider
from services.login.pseudonyms import open_pseudonyms
from services.login.refusal import LoginRefused
from services.login.relying_party import LoggedIn, RelyingParty
from services.login.sessions import Sessions
from tests.services.certificates import server_context
from tests.services.login_examples import IDURA_CITIZEN, NEB_CITIZEN, issuer_of, settings_of
from tests.services.login_tokens import AT, NOW, ec, key_set, rsa, signed

CLIENT: Final = "julelys-hjorring"


@dataclass(slots=True)
class Reply:
    body: bytes | object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    seconds: float = 0.0


@dataclass(slots=True)
class Hostile:
    """Answers what a test tells it to; by default what an honest issuer would."""

    address: str = ""
    nonce: str = ""
    asked: list[str] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    claims: dict[str, object] = field(default_factory=dict)
    hand: Callable[[dict[str, object]], str] = signed
    patience: float = SECONDS

    def reply(self, path: str) -> Reply:
        self.asked.append(path)
        return self.replies.get(path) or Reply(self._honest(path))

    def metadata(self, **changes: object) -> dict[str, object]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": f"{self.address}/end",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            **changes,
        }

    def id_token(self) -> str:
        return self.hand(
            {
                **IDURA_CITIZEN,
                "iss": self.address,
                "aud": CLIENT,
                "nonce": self.nonce,
                "iat": AT,
                "exp": AT + 60,
                **self.claims,
            }
        )

    def _honest(self, path: str) -> object:
        match path:
            case "/.well-known/openid-configuration":
                return self.metadata()
            case "/jwks":
                return key_set()
            case "/token":
                return self.token_answer()
            case "/userinfo":
                return {**NEB_CITIZEN, "sub": IDURA_CITIZEN["sub"]}
            case _:
                return {}

    def token_answer(self, **changes: object) -> dict[str, object]:
        return {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self.id_token(),
            **changes,
        }


class _Server(ThreadingHTTPServer):
    hostile: Hostile


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.hostile.reply(self.path)
        time.sleep(reply.seconds)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            # Whoever has seen enough has gone.
            self.close_connection = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        del format, args


@contextmanager
def standing(context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    server = _Server(("127.0.0.1", 0), _Handler)
    scheme = "http"
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    host = "localhost" if context else "127.0.0.1"
    server.hostile = Hostile(address=f"{scheme}://{host}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.hostile
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[Hostile]:
    with standing() as found:
        yield found


@pytest.fixture
def hostile(server: Hostile) -> Hostile:
    """An honest one, until the test has it do otherwise."""
    server.replies, server.claims, server.asked = {}, {}, []
    server.hand, server.patience = signed, SECONDS
    return server


async def party_at(hostile: Hostile, client: httpx.AsyncClient, broker: Broker) -> RelyingParty:
    settings = settings_of(mitid=issuer_of(broker, issuer=hostile.address))
    clock = SetClock(NOW)
    calls = IssuerCalls(client, seconds=hostile.patience)
    known = provider(settings, "mitid", calls, time.monotonic)
    return RelyingParty(
        "hjorring", {"mitid": known}, MemoryPendingLogins(), open_pseudonyms(settings), clock
    )


async def attempt(hostile: Hostile, broker: Broker = Broker.IDURA) -> LoggedIn:
    """A whole login; the browser is brought back by whoever is at the other end."""
    async with new_client() as client:
        party = await party_at(hostile, client, broker)
        begun = await party.begin("mitid")
        state = httpx.URL(begun.address).params["state"]
        hostile.nonce = nonce_of(begun.browser, state)
        return await party.complete("mitid", [("state", state), ("code", "c")], begun.browser)


def refusal_of(hostile: Hostile, broker: Broker = Broker.IDURA) -> str:
    with pytest.raises(LoginRefused) as refused:
        asyncio.run(attempt(hostile, broker))
    return refused.value.code


def test_an_honest_issuer_of_this_kind_is_believed(hostile: Hostile) -> None:
    assert asyncio.run(attempt(hostile)).subject == IDURA_CITIZEN["sub"]
    assert hostile.asked == ["/.well-known/openid-configuration", "/token", "/jwks"]


Break: TypeAlias = Callable[[Hostile], None]
DISCOVERY: Final = "/.well-known/openid-configuration"
HTML: Final = {"Content-Type": "text/html"}
JSON: Final = {"Content-Type": "application/json"}


def says(path: str, body: object, status: int = 200, headers: Mapping[str, str] = JSON) -> Break:
    def change(hostile: Hostile) -> None:
        hostile.replies[path] = Reply(body, status, headers)

    return change


def describes(**changes: object) -> Break:
    def change(hostile: Hostile) -> None:
        hostile.replies[DISCOVERY] = Reply(hostile.metadata(**changes))

    return change


def gives(**changes: object) -> Break:
    def change(hostile: Hostile) -> None:
        answer = hostile.token_answer(**changes)
        told = {name: value for name, value in answer.items() if value is not None}
        hostile.replies["/token"] = Reply(told)

    return change


def claims(**changes: object) -> Break:
    def change(hostile: Hostile) -> None:
        hostile.claims = changes

    return change


def slow(path: str) -> Break:
    def change(hostile: Hostile) -> None:
        hostile.replies[path] = Reply({}, seconds=0.5)
        hostile.patience = 0.2

    return change


def by_its_old_key(hostile: Hostile) -> None:
    hostile.hand = lambda told: signed(told, rsa("withdrawn"))


HUGE: Final = b'{"x": "' + b"y" * ANSWER_AT_MOST + b'"}'
MOVED: Final = {"Location": "https://evil.example/", **JSON}
PACKED: Final = {"Content-Encoding": "gzip", **JSON}

BROKEN: Final[dict[str, tuple[Break, str]]] = {
    "discovery of another": (describes(issuer="https://evil.example"), "login-discovery-mismatch"),
    "discovery of a sibling": (describes(issuer="http://127.0.0.1"), "login-discovery-mismatch"),
    "discovery without issuer": (describes(issuer=None), "login-discovery-unusable"),
    "discovery without keys": (describes(jwks_uri=None), "login-discovery-unusable"),
    "tokens in the clear": (
        describes(token_endpoint="http://evil.example/token"),  # noqa: S106 - an address
        "login-discovery-unusable",
    ),
    "keys from a file": (describes(jwks_uri="file:///etc/passwd"), "login-discovery-unusable"),
    "keys at a bad address": (describes(jwks_uri="https://[::1"), "login-discovery-unusable"),
    "keys with a password": (describes(jwks_uri="https://a:b@x/"), "login-discovery-unusable"),
    "user info in the clear": (
        describes(userinfo_endpoint="http://evil.example"),
        "login-discovery-unusable",
    ),
    "only implicit": (describes(response_types_supported=["id_token"]), "login-discovery-unusable"),
    "only plain PKCE": (
        describes(code_challenge_methods_supported=["plain"]),
        "login-discovery-unusable",
    ),
    "only HS256": (
        describes(id_token_signing_alg_values_supported=["HS256", "none"]),
        "login-discovery-unusable",
    ),
    "only secrets in the body": (
        describes(token_endpoint_auth_methods_supported=["client_secret_post"]),
        "login-discovery-unusable",
    ),
    "discovery as a page": (says(DISCOVERY, b"x", 200, HTML), "login-provider-answer-unusable"),
    "discovery no JSON": (says(DISCOVERY, b"{"), "login-json-malformed"),
    "discovery twice issuer": (
        says(DISCOVERY, b'{"issuer": "a", "issuer": "b"}'),
        "login-json-duplicate",
    ),
    "discovery moved": (says(DISCOVERY, b"", 302, MOVED), "login-provider-redirects"),
    "discovery gone": (says(DISCOVERY, {}, 404), "login-provider-unavailable"),
    "discovery broken": (says(DISCOVERY, {}, 500), "login-provider-unavailable"),
    "discovery huge": (says(DISCOVERY, HUGE), "login-provider-answer-too-large"),
    "discovery packed": (
        says(DISCOVERY, b"\x1f\x8b", 200, PACKED),
        "login-provider-answer-unusable",
    ),
    "discovery slow": (slow(DISCOVERY), "login-provider-unavailable"),
    "keys moved": (says("/jwks", b"", 307, MOVED), "login-provider-redirects"),
    "keys gone": (says("/jwks", {}, 503), "login-provider-unavailable"),
    "keys none": (says("/jwks", {"keys": []}), "login-key-unknown"),
    "keys no list": (says("/jwks", {"keys": "all"}), "login-keys-unusable"),
    "keys huge": (says("/jwks", HUGE), "login-provider-answer-too-large"),
    "tokens refused": (says("/token", {"error": "invalid_grant"}, 400), "login-code-refused"),
    "we are refused": (says("/token", {"error": "invalid_client"}, 401), "login-client-refused"),
    "another error": (says("/token", {"error": "invalid_request"}, 400), "login-provider-error"),
    "an error as a page": (says("/token", b"no", 400, HTML), "login-provider-answer-unusable"),
    "an error of no form": (says("/token", [1], 400), "login-json-malformed"),
    "tokens moved": (says("/token", b"", 308, MOVED), "login-provider-redirects"),
    "tokens later": (says("/token", {}, 502), "login-provider-unavailable"),
    "tokens huge": (says("/token", HUGE), "login-provider-answer-too-large"),
    "tokens slow": (slow("/token"), "login-provider-unavailable"),
    "no id token": (gives(id_token=None), "login-id-token-missing"),
    "id token a list": (gives(id_token=["x"]), "login-token-answer-unusable"),
    "no access token": (gives(access_token=None), "login-token-answer-unusable"),
    "token type mac": (gives(token_type="mac"), "login-token-answer-unusable"),  # noqa: S106
    "no token type": (gives(token_type=None), "login-token-answer-unusable"),
    "id token of nobody": (gives(id_token="x.y.z"), "login-token-malformed"),  # noqa: S106
    "a withdrawn key": (by_its_old_key, "login-key-unknown"),
    "level missing": (claims(authenticationtype=None, loA=None), "login-level-missing"),
    "level unknown": (claims(loA="EXTREME"), "login-level-unknown"),
    "level of another eID": (
        claims(authenticationtype="urn:grn:authn:se:bankid"),
        "login-level-unknown",
    ),
    "level low, though asked": (claims(loA="LOW"), "login-level-too-low"),
    "level a number": (claims(loA=4), "login-level-unknown"),
    "nobody": (claims(cprNumberIdentifier=None), "login-person-unknown"),
    "a name of two lines": (claims(name="A\r\nSet-Cookie: x"), "login-claim-malformed"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_issuer_lets_nobody_in(hostile: Hostile, case: str) -> None:
    change, code = BROKEN[case]
    change(hostile)
    assert refusal_of(hostile) == code
    # An answer that sends us on is not followed, and no other address is ever asked.
    assert {*hostile.asked} <= {DISCOVERY, "/token", "/jwks"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (says("/userinfo", {**NEB_CITIZEN, "sub": "another"}), "login-user-info-mismatch"),
        (says("/userinfo", {"dk.cpr": "6101700002"}), "login-user-info-mismatch"),
        (says("/userinfo", {}, 401), "login-provider-unavailable"),
        (says("/userinfo", b"x", 200, HTML), "login-provider-answer-unusable"),
        (describes(userinfo_endpoint=None), "login-discovery-unusable"),
    ],
    ids=["another's", "nobody's", "refused", "a page", "none"],
)
def test_what_is_told_beside_the_token_must_be_of_the_same_person(
    hostile: Hostile, change: Break, code: str
) -> None:
    level = {"loa": NEB_CITIZEN["loa"]}
    hostile.claims = level
    assert asyncio.run(attempt(hostile, Broker.NETS_EID_BROKER)).level
    change(hostile)
    assert refusal_of(hostile, Broker.NETS_EID_BROKER) == code


def test_what_is_signed_counts_more_than_what_is_told_beside_it(hostile: Hostile) -> None:
    hostile.claims = {"loa": "https://data.gov.dk/concept/core/nsis/Low"}
    assert refusal_of(hostile, Broker.NETS_EID_BROKER) == "login-level-too-low"


def logout_claims(hostile: Hostile, **changes: object) -> dict[str, object]:
    whole = {
        "iss": hostile.address,
        "aud": CLIENT,
        "sub": "someone",
        "sid": "some-session",
        "iat": AT,
        "exp": AT + 120,
        "jti": "bWJq",
        "events": {EVENT: {}},
        **changes,
    }
    return {name: value for name, value in whole.items() if value != "absent"}


LOGOUTS: Final[dict[str, tuple[dict[str, object], dict[str, object], str]]] = {
    "an ID token's type": ({}, {"typ": "JWT"}, "logout-token-type"),
    "no type": ({}, {"typ": None}, "logout-token-type"),
    "a nonce": ({"nonce": "x"}, {}, "logout-nonce-present"),
    "no events": ({"events": "absent"}, {}, "logout-event-missing"),
    "another event": ({"events": {"urn:other": {}}}, {}, "logout-event-missing"),
    "an event of no form": ({"events": {EVENT: True}}, {}, "logout-event-missing"),
    "events a list": ({"events": [EVENT]}, {}, "logout-event-missing"),
    "nobody": ({"sub": "absent", "sid": "absent"}, {}, "logout-subject-missing"),
    "a session of no form": ({"sid": 7}, {}, "login-claim-malformed"),
    "no jti": ({"jti": "absent"}, {}, "login-claim-missing"),
    "another's": ({"iss": "https://evil.example"}, {}, "login-issuer-mismatch"),
    "for another": ({"aud": "another"}, {}, "login-audience-mismatch"),
    "for several": ({"aud": [CLIENT, "x"]}, {}, "login-audience-untrusted"),
    "expired": ({"exp": AT - 61}, {}, "login-token-expired"),
    "no end": ({"exp": "absent"}, {}, "login-claim-missing"),
    "old": ({"iat": AT - 181}, {}, "login-token-stale"),
    "to come": ({"iat": AT + 61}, {}, "login-token-not-yet-valid"),
    "unsigned": ({}, {"alg": "none"}, "login-token-unsigned"),
    "critical": ({}, {"crit": ["x"]}, "login-token-critical-header"),
    "its own key": ({}, {"jwk": {"kty": "EC"}}, "login-token-embedded-key"),
}


@pytest.mark.parametrize("case", LOGOUTS)
def test_only_a_logout_token_of_the_issuer_ends_sessions(hostile: Hostile, case: str) -> None:
    changes, header, code = LOGOUTS[case]

    async def scenario(token: str) -> int:
        async with new_client() as client:
            party = await party_at(hostile, client, Broker.IDURA)
            clock = SetClock(NOW)
            keys = party.pseudonyms
            sessions = Sessions("hjorring", MemorySessions(), SessionLimits(), keys, clock)
            known = party.providers["mitid"]
            return await end_by_logout_token(known, token, sessions, clock, "hjorring")

    good = signed(logout_claims(hostile), ec(), typ="logout+jwt")
    assert asyncio.run(scenario(good)) == 0
    bad = signed(logout_claims(hostile, **changes), ec(), **{"typ": "logout+jwt", **header})
    with pytest.raises(LoginRefused) as refused:
        asyncio.run(scenario(bad))
    assert refused.value.code == code


def test_an_issuer_is_spoken_with_over_tls_that_we_believe(tmp_path: Path) -> None:
    async def asked(address: str, bundle: Path | None) -> bytes:
        async with new_client(bundle) as client:
            return await IssuerCalls(client).get(f"{address}/jwks")

    with standing(server_context(tmp_path)) as hostile:
        assert asyncio.run(asked(hostile.address, tmp_path / "ca.pem")) == key_set()
        with pytest.raises(LoginRefused, match="login-provider-unavailable"):
            asyncio.run(asked(hostile.address, None))


def test_an_issuer_that_is_down_is_told_so() -> None:
    async def scenario() -> None:
        async with new_client() as client:
            down = Hostile(address="http://127.0.0.1:9")
            party = await party_at(down, client, Broker.IDURA)
            with pytest.raises(LoginRefused, match="login-provider-unavailable"):
                await party.begin("mitid")

    asyncio.run(scenario())
