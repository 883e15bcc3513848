"""Every answer guards itself by its headers, and a page styles nothing but what it named itself."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence

import httpx
import pytest
from starlette.responses import PlainTextResponse

from gateway.asked import PREFIX
from gateway.edge import Edge
from gateway.headers import HTTPS_ONLY, SAFE_HEADERS
from gateway.issuer.pages import Pages
from gateway.language import Language
from gateway.listening import listening
from gateway.login_page import Link, ended_page
from services.config import from_environment
from tests.gateway.routes import EVERY_ROUTE
from tests.gateway.running import START, System

SAVED = "private, no-store"
AGAIN = Link(text="Log in again", path="/login")
NONCE = re.compile(r"style-src 'nonce-([A-Za-z0-9_-]{22})'")


def asked(system: System, places: dict[str, str]) -> Iterator[httpx.Response]:
    """An answer of each route by each of its methods: to somebody, and to nobody."""
    for route in EVERY_ROUTE:
        path = (route.path or "").replace(PREFIX, "/api/v1/hjorring").format_map(places)
        for method in route.methods or ():
            for person in ("anna", None):
                headers = system.headers(person) | {"Origin": "https://evil.example"}
                if path.endswith("/stream"):
                    headers["Last-Event-ID"] = "x"
                yield system.client.request(method, system.address + path, headers=headers)


@pytest.fixture(scope="module")
def answers(whole_system: System, places: dict[str, str]) -> Sequence[httpx.Response]:
    whole_system.clock.set(START)
    return [*asked(whole_system, places)]


def test_every_answer_of_every_route_has_them(answers: Sequence[httpx.Response]) -> None:
    statuses = set()
    for answer in answers:
        where = (answer.request.method, answer.request.url.path, answer.status_code)
        statuses.add(answer.status_code)
        for name, value in SAFE_HEADERS:
            given = answer.headers.get_list(name.decode())
            assert len(given) == 1, (where, name)
            if name != b"content-security-policy":
                assert given[0] in (value.decode(), SAVED), (where, name)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "unsafe" not in policy, where
        assert "server" not in answer.headers
    assert {200, 204, 303, 401, 404, 422} & statuses >= {200, 401, 404, 422}


def test_no_other_site_is_let_read(answers: Sequence[httpx.Response]) -> None:
    told = {name for answer in answers for name in answer.headers}
    assert "cross-origin-resource-policy" in told
    assert not [name for name in told if name.startswith("access-control-")]


def test_every_answer_says_what_it_is(answers: Sequence[httpx.Response]) -> None:
    kinds = set()
    for answer in (each for each in answers if each.content):
        kind, _, charset = answer.headers["Content-Type"].partition("; ")
        kinds.add(kind)
        if kind.startswith("text/"):
            assert "charset=utf-8" in charset, answer.request.url
            assert answer.content.decode("utf-8")
        elif kind in {"application/json", "application/problem+json"}:
            # Its encoding is UTF-8 and needs no saying (RFC 8259 § 8.1).
            assert isinstance(json.loads(answer.content.decode("utf-8")), dict)
        else:
            assert (kind, answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert {"application/json", "application/problem+json", "text/html"} <= kinds


def test_what_no_route_answers_has_them_too(system: System) -> None:
    for answer in (
        system.client.get(system.address + "/nowhere"),
        system.client.delete(system.url("/cases")),
        system.client.get(system.url("/cases", "atlantis")),
    ):
        assert {name.decode() for name, _ in SAFE_HEADERS} <= set(answer.headers)


def test_a_page_names_its_style_by_a_nonce_of_its_own(system: System) -> None:
    pages = [
        (answer.headers["Content-Security-Policy"], answer.text)
        for answer in (
            system.client.get(system.address + "/docs"),
            system.client.get(system.address + "/docs"),
            system.client.get(system.url("/login/ended")),
            system.client.get(system.url("/login"), headers={"Accept": "text/html"}),
        )
    ]
    pages += [
        (page.headers["Content-Security-Policy"], bytes(page.body).decode())
        for page in (ended_page(Language.ENGLISH, AGAIN), Pages().ended(), Pages().overview(()))
    ]
    nonces = set()
    for policy, text in pages:
        found = NONCE.search(policy)
        assert found is not None, policy
        nonces.add(found[1])
        assert re.findall(r"<style[^>]*>", text) == [f'<style nonce="{found[1]}">']
        assert re.search(r"<script|\son\w+=|\sstyle=", text) is None
    assert len(nonces) == len(pages)


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "expected"),
    [
        ("10.0.0.0/8", "10.1.2.3", "https", True),
        ("10.0.0.0/8", "10.1.2.3", "http", False),
        ("10.0.0.0/8", "192.0.2.7", "https", False),
        ("", "127.0.0.1", "https", False),
    ],
)
def test_who_may_say_that_it_was_https(
    *, proxies: str, peer: str, said: str, expected: bool
) -> None:
    """A browser told so by just anybody could not come back to a site that has no https."""

    async def ask() -> httpx.Response:
        config = listening(
            Edge(PlainTextResponse("here")), from_environment({"JULELYS_PROXIES": proxies})
        )
        config.load()
        transport = httpx.ASGITransport(config.loaded_app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/", headers={"X-Forwarded-Proto": said})

    name, value = (part.decode() for part in HTTPS_ONLY)
    assert asyncio.run(ask()).headers.get(name) == (value if expected else None)


@pytest.mark.parametrize("proxies", ["*", "balancer", "10.0.0.0/33", "10.0.0.1/8"])
def test_a_proxy_is_named_by_its_address(proxies: str) -> None:
    with pytest.raises(ValueError, match=re.escape(proxies)):
        from_environment({"JULELYS_PROXIES": proxies})
