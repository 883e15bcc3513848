"""Tokens: asked for by either grant, shared by all requests, renewed in time, and over TLS."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from services.clock import SystemClock
from services.esdh.opening import open_esdh, sbsys
from services.esdh.port import Opened, Retry
from services.esdh.settings import EsdhSettings
from services.esdh.tokens import Tokens, TokenUnavailable
from tests.services.certificates import server_context
from tests.services.esdh_systems import (
    described,
    document,
    impatient,
    new_case,
    settings_of,
)
from tests.services.listening import listening
from tests.services.sbsys_replies import (
    CASE,
    GUID,
    Replies,
    Reply,
    raises,
    replying,
    status,
    transport,
)


class Monotonic:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def tokens(replies: Replies, organisation: str, monotonic: Callable[[], float]) -> Tokens:
    token = described(settings_of(organisation)).token
    return Tokens(
        httpx.AsyncClient(transport=transport(replies)),
        token,
        client_secret="s3cret",  # noqa: S106  # nobody's
        password="p4ssword" if token.password_variable else None,  # nobody's
        request_seconds=30.0,
        monotonic=monotonic,
    )


def form_of(replies: Replies) -> tuple[dict[str, list[str]], str | None]:
    request = replies.asked[0][1]
    return parse_qs(request.content.decode()), request.headers.get("Authorization")


def test_the_password_grant_with_the_client_in_the_body() -> None:
    replies = Replies({})
    assert asyncio.run(tokens(replies, "hjorring", Monotonic()).current()) == "token-1"
    form, header = form_of(replies)
    assert header is None
    assert form == {
        "grant_type": ["password"],
        "username": ["julelys-service"],
        "password": ["p4ssword"],
        "client_id": ["julelys"],
        "client_secret": ["s3cret"],
    }


def test_the_client_credentials_grant_with_the_client_in_the_header() -> None:
    replies = Replies({})
    assert asyncio.run(tokens(replies, "vejle", Monotonic()).current()) == "token-1"
    form, header = form_of(replies)
    assert form == {"grant_type": ["client_credentials"]}
    assert header == f"Basic {b64encode(b'julelys:s3cret').decode()}"


@pytest.mark.parametrize(("life", "good", "over"), [(300, 269.0, 271.0), (10, 7.9, 8.1), (0, 0, 0)])
def test_a_token_is_renewed_shortly_before_it_ends(life: int, good: float, over: float) -> None:
    replies = Replies({})
    replies.by["TOKEN"] = lambda _: numbered(replies, life)
    clock = Monotonic()

    async def run() -> list[str]:
        mine = tokens(replies, "hjorring", clock)
        taken = [await mine.current()]
        clock.now += good
        taken.append(await mine.current())
        clock.now += over - good
        taken.append(await mine.current())
        return taken

    expected = ["token-1", "token-1", "token-2"] if life else ["token-1", "token-2", "token-3"]
    assert asyncio.run(run()) == expected


def numbered(replies: Replies, life: int) -> httpx.Response:
    replies.tokens += 1
    return replies.token(life)


def test_many_who_need_a_token_ask_once() -> None:
    replies = Replies({})

    async def run() -> set[str]:
        mine = tokens(replies, "hjorring", Monotonic())
        return set(await asyncio.gather(*(mine.current() for _ in range(50))))

    assert asyncio.run(run()) == {"token-1"}
    assert replies.tokens == 1


def test_many_whose_token_was_refused_ask_for_one_new() -> None:
    replies = Replies({})

    async def run() -> set[str]:
        mine = tokens(replies, "hjorring", Monotonic())
        old = await mine.current()
        return set(await asyncio.gather(*(mine.current(refused=old) for _ in range(50))))

    assert asyncio.run(run()) == {"token-2"}
    assert replies.tokens == 2


def test_a_failure_is_shared_by_those_who_waited_and_tried_anew_by_the_next() -> None:
    replies = Replies({"TOKEN": status(500)})

    async def run() -> None:
        mine = tokens(replies, "hjorring", Monotonic())
        waiting = (mine.current() for _ in range(50))
        for outcome in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(outcome, TokenUnavailable)
        assert len(replies.asked) == 1
        del replies.by["TOKEN"]
        assert await mine.current() == "token-1"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (status(400), "unauthorised"),
        (status(401), "unauthorised"),
        (status(302), "token-unavailable"),
        (status(500), "token-unavailable"),
        (status(200), "token-unavailable"),
        (raises(httpx.ReadTimeout("")), "token-unavailable"),
        (raises(httpx.ConnectError("")), "token-unavailable"),
    ],
)
def test_without_a_token_nothing_happened_and_nobodys_document_is_refused(
    reply: Reply, reason: str
) -> None:
    replies = Replies({"TOKEN": reply})

    async def run() -> object:
        async with replying(replies) as esdh:
            return await esdh.file_document(GUID, document())

    assert asyncio.run(run()) == Retry(reason=reason, may_have_happened=False)
    assert replies.names() == ["TOKEN"]


def test_a_refused_token_is_renewed_once_and_the_request_sent_again_with_it() -> None:
    def only_the_second(request: httpx.Request) -> httpx.Response:
        good = request.headers["Authorization"] == "Bearer token-2"
        return httpx.Response(200, json=CASE) if good else httpx.Response(401)

    replies = Replies({f"GET sag/{GUID}": only_the_second})

    async def run() -> object:
        async with replying(replies) as esdh:
            return await esdh.case(GUID)

    assert asyncio.run(run()) is not None
    assert replies.names() == ["TOKEN", f"GET sag/{GUID}", "TOKEN", f"GET sag/{GUID}"]


def test_a_system_that_refuses_every_token_is_asked_twice_and_no_more() -> None:
    replies = Replies({"POST sag/template": status(401)})

    async def run() -> object:
        async with replying(replies) as esdh:
            return await esdh.open_case(new_case("1021"))

    assert asyncio.run(run()) == Retry(reason="unauthorised", may_have_happened=False)
    assert replies.names().count("POST sag/template") == 2
    assert replies.tokens == 2


async def opened_over_tls(folder: Path, ca_bundle: str | None) -> object:
    """Open a case at a server of ours that answers everything with a token and a case in one."""
    body = httpx.Response(200, json={**CASE, "access_token": "t", "expires_in": 300}).content

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async with listening(answer, host="localhost", tls=server_context(folder)) as port:
        settings = at_port(folder, port, ca_bundle)
        async with open_esdh(settings, clock=SystemClock()) as esdh:
            return await esdh.open_case(replace(new_case("1021"), parties=()))


def at_port(folder: Path, port: int, ca_bundle: str | None) -> EsdhSettings:
    base = f"https://localhost:{port}"
    settings = settings_of("hjorring")
    system = described(settings).model_copy(
        update={
            "base_url": f"{base}/proxy/api",
            "token": described(settings).token.model_copy(update={"url": f"{base}/token"}),
            "ca_bundle": ca_bundle,
        }
    )
    return replace(settings, described=system, file=folder / "esdh.yaml")


def test_a_request_refused_for_its_token_did_not_happen_though_the_next_token_never_comes() -> None:
    replies = Replies({"POST sag/template": status(401)})

    async def handle(request: httpx.Request) -> httpx.Response:
        if replies.names().count("POST sag/template"):
            await asyncio.Event().wait()
        return replies(request)

    async def run() -> object:
        settings = impatient(settings_of("hjorring"), 1.0)
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
            esdh = sbsys(settings, described(settings), http)
            return await esdh.open_case(replace(new_case("1021"), parties=()))

    assert asyncio.run(run()) == Retry(reason="timeout", may_have_happened=False)


def test_a_certificate_of_the_ca_bundle_is_believed(tmp_path: Path) -> None:
    outcome = asyncio.run(opened_over_tls(tmp_path, "ca.pem"))
    assert isinstance(outcome, Opened)


def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    outcome = asyncio.run(opened_over_tls(tmp_path, None))
    assert outcome == Retry(reason="token-unavailable", may_have_happened=False)
