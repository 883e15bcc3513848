"""The table of `services.esdh.sbsys_outcomes`, row by row: every answer and every silence."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.clock import SystemClock
from services.esdh.opening import open_esdh
from services.esdh.port import (
    CaseStatus,
    Done,
    Esdh,
    EsdhUnavailable,
    Opened,
    Outcome,
    Refused,
    Retry,
)
from services.esdh.sbsys import SbsysEsdh
from services.esdh.settings import EsdhSettings
from tests.services.esdh_systems import described, document, impatient, new_case, settings_of
from tests.services.listening import Connected, listening
from tests.services.sbsys_replies import (
    CASE,
    CLOSED,
    GUID,
    Replies,
    Reply,
    raises,
    replying,
    says,
    status,
)

FILING = "POST dokument/journaliser"
OPENING = "POST sag/template"


def filed(by: Mapping[str, Reply]) -> Outcome:
    async def run() -> Outcome:
        async with replying(Replies(by)) as esdh:
            return await esdh.file_document(GUID, document())

    return asyncio.run(run())


def opened(by: Mapping[str, Reply]) -> object:
    async def run() -> object:
        async with replying(Replies(by)) as esdh:
            return await esdh.open_case(new_case("1021"))

    return asyncio.run(run())


def retry(reason: str, *, happened: bool, after: float | None = None) -> Retry:
    return Retry(reason=reason, may_have_happened=happened, after=after)


NOT_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]
LOST = [httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.DecodingError]


@pytest.mark.parametrize("error", NOT_SENT)
def test_without_a_connection_nothing_happened(error: type[httpx.HTTPError]) -> None:
    unreachable = retry("unreachable", happened=False)
    assert filed({FILING: raises(error("Anna"))}) == unreachable
    assert opened({OPENING: raises(error("Anna"))}) == unreachable


@pytest.mark.parametrize("error", LOST)
def test_a_connection_that_broke_may_have_carried_it(error: type[httpx.HTTPError]) -> None:
    assert filed({FILING: raises(error("Anna"))}) == retry("connection-lost", happened=True)


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteTimeout])
def test_no_answer_in_time_may_mean_that_it_happened(error: type[httpx.HTTPError]) -> None:
    assert filed({FILING: raises(error("Anna"))}) == retry("timeout", happened=True)


@pytest.mark.parametrize("body", [b"", b"true", b"OK", b"{}", b"<html>", b'{"Id": null}'])
def test_a_success_that_says_nothing_may_have_happened(body: bytes) -> None:
    unclear = retry("bad-answer", happened=True)
    assert filed({FILING: lambda _: httpx.Response(200, content=body)}) == unclear
    assert opened({OPENING: lambda _: httpx.Response(201, content=body)}) == unclear


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (302, retry("redirected", happened=True)),
        (307, retry("redirected", happened=True)),
        (401, retry("unauthorised", happened=False)),
        (408, retry("unavailable", happened=True)),
        (429, retry("busy", happened=False)),
        (500, retry("unavailable", happened=True)),
        (502, retry("unavailable", happened=True)),
        (503, retry("unavailable", happened=True)),
        (504, retry("unavailable", happened=True)),
    ],
)
def test_what_may_be_tried_again(code: int, outcome: Retry) -> None:
    elsewhere = {"Location": "http://127.0.0.1:8801/elsewhere"}
    assert filed({FILING: status(code, elsewhere)}) == outcome
    assert opened({OPENING: status(code, elsewhere)}) == outcome


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (400, "esdh-rejected"),
        (403, "esdh-forbidden"),
        (409, "esdh-conflict"),
        (413, "esdh-rejected"),
        (415, "esdh-rejected"),
        (422, "esdh-rejected"),
    ],
)
def test_what_is_refused_for_good_with_nothing_of_the_answer(code: int, refusal: str) -> None:
    for outcome in (filed({FILING: status(code)}), opened({OPENING: status(code)})):
        assert isinstance(outcome, Refused)
        assert outcome.code == refusal
        assert "Anna" not in outcome.detail


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "999999999"}, 86_400.0),
        (
            {
                "Retry-After": "Mon, 02 Nov 2026 08:00:30 GMT",
                "Date": "Mon, 02 Nov 2026 08:00:00 GMT",
            },
            30.0,
        ),
        (
            {
                "Retry-After": "Mon, 02 Nov 2026 07:00:00 GMT",
                "Date": "Mon, 02 Nov 2026 08:00:00 GMT",
            },
            0.0,
        ),
        ({"Retry-After": "Mon, 02 Nov 2026 08:00:30 GMT"}, None),
        ({"Retry-After": "soon", "Date": "today"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
    ],
)
def test_how_long_a_busy_system_asks_us_to_wait(
    headers: dict[str, str], after: float | None
) -> None:
    raw = {name: value.encode() for name, value in headers.items()}

    def busy(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers=[(name.encode(), raw[name]) for name in raw])

    assert filed({FILING: busy}) == retry("busy", happened=False, after=after)


def test_a_missing_case_is_gone_when_the_system_itself_is_there() -> None:
    outcome = filed({f"GET sag/{GUID}": status(404)})
    assert isinstance(outcome, Refused)
    assert outcome.code == "case-gone"


@pytest.mark.parametrize("heartbeat", [status(404), status(502), raises(httpx.ReadError(""))])
def test_a_wrong_path_or_a_lone_proxy_makes_no_case_gone(heartbeat: Reply) -> None:
    replies = {f"GET sag/{GUID}": status(404), "GET info/heartbeat/authorized": heartbeat}
    outcome = filed(replies)
    assert isinstance(outcome, Retry)
    assert not outcome.may_have_happened

    async def ask() -> None:
        async with replying(Replies(replies)) as esdh:
            with pytest.raises(EsdhUnavailable):
                await esdh.case(GUID)

    asyncio.run(ask())


def test_not_found_on_a_case_that_is_there_is_tried_again() -> None:
    assert filed({FILING: status(404)}) == retry("not-found", happened=False)


def test_a_conflict_on_a_closed_case_says_closed() -> None:
    outcome = filed({FILING: status(409), f"GET sag/{GUID}": says(CLOSED)})
    assert isinstance(outcome, Refused)
    assert outcome.code == "case-closed"


def test_a_conflict_that_cannot_be_explained_now_did_not_happen() -> None:
    answers = iter([says(CASE), status(500)])

    def once_there(request: httpx.Request) -> httpx.Response:
        return next(answers)(request)

    outcome = filed({FILING: status(409), f"GET sag/{GUID}": once_there})
    assert outcome == retry("unexplained", happened=False)


def test_a_case_closed_by_somebody_else_meanwhile_is_closed_all_the_same() -> None:
    answers = iter([says(CASE), says(CLOSED)])

    def in_turn(request: httpx.Request) -> httpx.Response:
        return next(answers)(request)

    async def run() -> Outcome:
        by: dict[str, Reply] = {
            f"GET sag/{GUID}": in_turn,
            f"PUT sag/{GUID}/status": status(409),
        }
        async with replying(Replies(by)) as esdh:
            return await esdh.set_status(GUID, CaseStatus.CLOSED, "")

    assert isinstance(asyncio.run(run()), Done)


@pytest.mark.parametrize(
    "reply", [status(500), raises(httpx.ReadTimeout("")), status(302), says("no case")]
)
def test_what_fails_before_the_effect_is_known_not_to_have_happened(reply: Reply) -> None:
    outcome = filed({f"GET sag/{GUID}": reply})
    assert isinstance(outcome, Retry)
    assert not outcome.may_have_happened
    at_party = opened({"POST person/search": reply})
    assert isinstance(at_party, Retry)
    assert not at_party.may_have_happened


def test_a_redirect_is_never_followed() -> None:
    async def run() -> list[str]:
        away = status(307, {"Location": "http://evil.example/proxy/api/sag/template"})
        replies = Replies({OPENING: away})
        async with replying(replies) as esdh:
            await esdh.open_case(new_case("1021"))
        return [request.url.host for _, request in replies.asked]

    assert set(asyncio.run(run())) == {"127.0.0.1"}


# From here on over real connections: what the client itself makes of them.


async def to_server(
    connected: Connected, ask: Callable[[Esdh], Awaitable[object]], *, seconds: float = 30.0
) -> object:
    """Ask a system whose token and answers come from a server of ours."""
    async with listening(connected) as port:
        return await to_port(port, ask, seconds)


async def to_port(port: int, ask: Callable[[Esdh], Awaitable[object]], seconds: float) -> object:
    settings = at_port(impatient(settings_of("hjorring"), seconds), port)
    async with open_esdh(settings, clock=SystemClock()) as esdh:
        return await ask(esdh)


def at_port(settings: EsdhSettings, port: int) -> EsdhSettings:
    system = described(settings)
    base = f"http://127.0.0.1:{port}/proxy/api"
    token = system.token.model_copy(update={"url": f"http://127.0.0.1:{port}/token"})
    return replace(settings, described=system.model_copy(update={"base_url": base, "token": token}))


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """The request's first line, when all of it has come."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    for line in lengths:
        await reader.readexactly(int(line.partition(b":")[2]))
    return head.split(b"\r\n")[0]


def answering_token_then(then: Connected) -> Connected:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/token" in await request_of(reader):
            body = b'{"access_token": "t", "expires_in": 300}'
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        else:
            await then(reader, writer)

    return connected


async def no_party(esdh: Esdh) -> object:
    return await esdh.open_case(replace(new_case("1021"), parties=()))


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def break_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")
    await writer.drain()


async def no_http(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-nothing\r\n\r\n")
    await writer.drain()


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    async def run() -> object:
        async with listening(hang_up) as port:
            pass
        return await to_port(port, no_party, 30.0)

    assert asyncio.run(run()) == retry("token-unavailable", happened=False)


@pytest.mark.parametrize("then", [hang_up, break_off, no_http])
def test_a_real_connection_that_is_cut_after_the_request(then: Connected) -> None:
    outcome = asyncio.run(to_server(answering_token_then(then), no_party))
    assert outcome == retry("connection-lost", happened=True)


def test_a_real_server_that_never_answers() -> None:
    outcome = asyncio.run(to_server(answering_token_then(say_nothing), no_party, seconds=1.5))
    assert outcome == retry("timeout", happened=True)


def test_a_token_endpoint_that_never_answers_lets_nothing_happen() -> None:
    outcome = asyncio.run(to_server(say_nothing, no_party, seconds=0.1))
    assert isinstance(outcome, Retry)
    assert not outcome.may_have_happened


def test_an_answer_from_a_simulated_case_is_opened() -> None:
    assert isinstance(opened({}), Opened)
    assert filed({}) == Done(receipt="20")


def test_the_adapter_is_a_records_system_that_can_be_asked(tmp_path: Path) -> None:
    async def run() -> bool:
        async with open_esdh(
            replace(settings_of("hjorring"), file=tmp_path / "esdh.yaml"), clock=SystemClock()
        ) as esdh:
            assert isinstance(esdh, SbsysEsdh)
            return esdh.can_look_up

    assert asyncio.run(run())
