"""Logging in and out against the demo issuer, over HTTP, and every way to get it wrong."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog

from events.ids import ActorId
from services.catalogue.service import LoginLevel
from services.clock import SetClock, SystemClock
from services.login.acting import actor_of
from services.login.authorising import Begun, verifier_of
from services.login.description import SessionLimits
from services.login.logout import address_of, end_by_logout_token
from services.login.memory import MemoryKnownPersons, MemorySessions
from services.login.person import Citizen, Employee, Representative
from services.login.pseudonyms import open_pseudonyms
from services.login.refusal import LoginRefused
from services.login.relying_party import RelyingParty
from services.login.sessions import Sessions
from tests.services.login_examples import CPR, CVR
from tests.services.login_town import (
    PERSONS,
    Answer,
    Browser,
    Town,
    issuing,
    logged_in,
    played,
    relying,
)

EIDS: Final = ("idura", "nets-eid-broker", "nemlog-in")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with issuing() as found:
        yield found


@pytest.mark.parametrize("key", EIDS)
def test_a_citizen_logs_in_and_is_the_same_by_each_broker(town: Town, key: str) -> None:
    found = played(town.settings, key, "anna")
    expected = open_pseudonyms(town.settings).of("cpr", CPR)
    assert found.person == Citizen(pseudonyms=expected, name="Anna Andersen", cpr=CPR)
    assert found.level is LoginLevel.SUBSTANTIAL
    assert found.session
    assert found.authenticated_at is not None
    assert abs(SystemClock().now() - found.authenticated_at) < timedelta(seconds=30)
    # Only a token without the CPR number may be shown in a browser's address.
    assert (found.hint is not None) == (key == "nets-eid-broker")


@pytest.mark.parametrize("key", EIDS)
def test_a_company_logs_in_by_somebody(town: Town, key: str) -> None:
    found = played(town.settings, key, "tomrer").person
    assert isinstance(found, Representative)
    assert (found.cvr, found.company, found.name) == (
        CVR,
        "Vendsyssel Tømrerforretning ApS",
        "Tove Tømrer",
    )


def test_staff_log_in_with_the_roles_of_their_groups(town: Town) -> None:
    karen, rikke = (played(town.settings, "entra-id", each).person for each in ("karen", "rikke"))
    assert isinstance(karen, Employee)
    assert karen.id == "staff:karen"
    assert karen.teams == {"byggeri-natur"}
    assert isinstance(rikke, Employee)
    assert rikke.roles == PERSONS["rikke"].as_actor().roles


def test_the_level_that_a_matter_wants_is_the_level_that_counts(town: Town) -> None:
    async def scenario() -> None:
        async with relying(town.settings) as party:
            for key in EIDS:
                begun = await party.begin(key, level=LoginLevel.HIGH)
                answer = await Browser().answer(begun, "anna", "high")
                found = await party.complete(key, answer, begun.browser)
                assert found.level is LoginLevel.HIGH

    asyncio.run(scenario())


def test_what_is_logged_names_nobody(town: Town) -> None:
    async def scenario() -> None:
        async with relying(town.settings) as party:
            await logged_in(party, "idura", "anna")
            with pytest.raises(LoginRefused):
                await party.complete("idura", [("state", "secret-state"), ("code", "x")], None)

    with structlog.testing.capture_logs() as lines:
        asyncio.run(scenario())
    assert [line["event"] for line in lines] == ["login_completed", "login_refused"]
    assert lines[0] == {
        "event": "login_completed",
        "log_level": "info",
        "organisation": "hjorring",
        "issuer": "idura",
        "level": "substantial",
        "kind": "citizen",
    }
    assert lines[1]["code"] == "login-state-unknown"
    assert "secret-state" not in json.dumps(lines)


def test_a_session_ends_when_the_issuer_says_so(town: Town) -> None:
    """Back-channel logout, begun by the browser's own logout at the issuer."""

    async def scenario() -> None:
        async with relying(town.settings) as party:
            keys = party.pseudonyms
            clock = SystemClock()
            sessions = Sessions("hjorring", MemorySessions(), SessionLimits(), keys, clock)
            known, browser = MemoryKnownPersons(), Browser()
            begun = await party.begin("nets-eid-broker")
            answer = await browser.answer(begun, "bo")
            found = await party.complete("nets-eid-broker", answer, begun.browser)
            actor = await actor_of(found.person, "hjorring", known)
            cookie = await sessions.begin(found, actor, replacing=None)
            other = await logged_in(party, "nets-eid-broker", "anna")
            hers = await sessions.begin(
                other, await actor_of(other.person, "hjorring", known), replacing=None
            )

            provider = party.providers["nets-eid-broker"]
            ended = f"{town.site.address}/api/v1/hjorring/login/ended"
            address = await address_of(provider, hint=found.hint, return_to=ended, state="s-1")
            assert address is not None
            assert parse_qs(urlsplit(address).query)["id_token_hint"] == [found.hint]
            left = await browser.get(address)
            assert left.headers["Location"] == f"{ended}?state=s-1"

            (token,) = town.site.tokens
            assert await end_by_logout_token(provider, token, sessions, clock, "hjorring") == 1
            assert await sessions.find(cookie) is None
            assert await sessions.find(hers) is not None
            # The same once more ends nothing that began since.
            again = await sessions.begin(
                replace(found), replace(actor, id=ActorId("person:bo")), replacing=None
            )
            late = SetClock(clock.now() + timedelta(seconds=200))
            with pytest.raises(LoginRefused, match=r"login-token-(stale|expired)"):
                await end_by_logout_token(provider, token, sessions, late, "hjorring")
            assert await sessions.find(again) is not None

            # What has a nonce is for logging in, whatever else it has.
            with pytest.raises(LoginRefused, match="logout-token-type"):
                await end_by_logout_token(provider, found.hint or "", sessions, clock, "hjorring")

    asyncio.run(scenario())


Brought: TypeAlias = tuple[str, Answer, str | None]
"""To which issuer's address, what, and by the browser with which cookie."""

Spoil: TypeAlias = Callable[[RelyingParty, Begun, Answer], Awaitable[Brought]]


def without(name: str) -> Spoil:
    async def spoil(_: RelyingParty, begun: Begun, answer: Answer) -> Brought:
        return "idura", [each for each in answer if each[0] != name], begun.browser

    return spoil


def replaced(**values: str) -> Spoil:
    async def spoil(_: RelyingParty, begun: Begun, answer: Answer) -> Brought:
        kept = [each for each in answer if each[0] not in values]
        return "idura", [*kept, *values.items()], begun.browser

    return spoil


def as_browser(browser: str | None) -> Spoil:
    async def spoil(_: RelyingParty, __: Begun, answer: Answer) -> Brought:
        return "idura", answer, browser

    return spoil


async def twice(_: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    return "idura", [*answer, answer[0]], begun.browser


async def at_another(_: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    return "nemlog-in", answer, begun.browser


async def at_nobody(_: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    return "nowhere", answer, begun.browser


async def replayed(party: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    await party.complete("idura", answer, begun.browser)
    return "idura", answer, begun.browser


async def code_of_another_login(party: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    """Code injection: the attacker's code in the victim's answer; PKCE tells them apart."""
    del begun
    own = await party.begin("idura")
    his = dict(await Browser().answer(own, "bo"))
    mixed = {**his, "code": dict(answer)["code"]}
    return "idura", [*mixed.items()], own.browser


async def code_used_before(party: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    provider = party.providers["idura"]
    given = dict(answer)
    proof = await provider.proof(SystemClock().now())
    form = {
        "grant_type": "authorization_code",
        "code": given["code"],
        "redirect_uri": provider.redirect_uri,
        "code_verifier": verifier_of(begun.browser, given["state"]),
    }
    endpoint = (await provider.metadata()).token_endpoint
    assert (await provider.calls.post(endpoint, form, proof.headers)).status == 200
    return "idura", answer, begun.browser


async def another_tab(party: RelyingParty, begun: Begun, answer: Answer) -> Brought:
    """Login fixation: the victim's browser is brought an answer that the attacker asked for."""
    del begun
    return "idura", answer, (await party.begin("idura")).browser


SPOILED: Final[dict[str, tuple[Spoil, str]]] = {
    "no state": (without("state"), "login-state-missing"),
    "empty state": (replaced(state=""), "login-state-missing"),
    "another state": (replaced(state="A" * 43), "login-state-unknown"),
    "no code": (without("code"), "login-code-missing"),
    "empty code": (replaced(code=""), "login-code-missing"),
    "another code": (replaced(code="invented"), "login-code-refused"),
    "no iss": (without("iss"), "login-response-issuer-missing"),
    "another iss": (replaced(iss="https://evil.example"), "login-response-issuer-mismatch"),
    "iss with a slash": (replaced(iss="https://eid.example/"), "login-response-issuer-mismatch"),
    "access denied": (replaced(error="access_denied"), "login-denied"),
    "an error": (replaced(error="server_error"), "login-provider-error"),
    "an error with markup": (replaced(error="<script>"), "login-provider-error"),
    "a parameter twice": (twice, "login-response-duplicate"),
    "too long": (replaced(code="x" * 9_000), "login-response-too-large"),
    "no browser": (as_browser(None), "login-browser-missing"),
    "no proper browser": (as_browser("x"), "login-browser-missing"),
    "browser with odd letters": (as_browser("æ" * 43), "login-browser-missing"),
    "another browser": (as_browser("A" * 43), "login-browser-mismatch"),
    "the victim's browser": (another_tab, "login-browser-mismatch"),
    "at another issuer's address": (at_another, "login-callback-mismatch"),
    "at nobody's address": (at_nobody, "login-issuer-not-found"),
    "answered before": (replayed, "login-state-unknown"),
    "code of another login": (code_of_another_login, "login-code-refused"),
    "code used before": (code_used_before, "login-code-refused"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_spoiled_answer_is_refused_with_its_code(town: Town, case: str) -> None:
    spoil, code = SPOILED[case]

    async def scenario() -> str:
        async with relying(town.settings) as party:
            begun = await party.begin("idura")
            answer = await Browser().answer(begun, "anna")
            key, spoiled, browser = await spoil(party, begun, answer)
            with pytest.raises(LoginRefused) as refused:
                await party.complete(key, spoiled, browser)
            # Whatever was wrong, the question is not answered a second time.
            if "state" in dict(spoiled) and code not in {
                "login-response-duplicate",
                "login-response-too-large",
                "login-issuer-not-found",
                "login-state-missing",
            }:
                with pytest.raises(LoginRefused, match="login-state-unknown"):
                    await party.complete("idura", spoiled, browser)
            return refused.value.code

    assert asyncio.run(scenario()) == code


@pytest.mark.parametrize(
    ("key", "person", "level", "code"),
    [
        ("idura", "anna", "low", "login-level-too-low"),
        ("nets-eid-broker", "anna", "low", "login-level-too-low"),
        ("nemlog-in", "tomrer", "low", "login-level-too-low"),
        ("entra-id", "karen", "low", "login-level-too-low"),
        ("entra-id", "mette", "substantial", "login-no-role"),
    ],
)
def test_who_is_not_sure_enough_or_has_no_place_here_is_refused(
    town: Town, key: str, person: str, level: str, code: str
) -> None:
    with pytest.raises(LoginRefused) as refused:
        played(town.settings, key, person, level)
    assert refused.value.code == code


def test_a_login_must_be_finished_within_ten_minutes(town: Town) -> None:
    async def scenario() -> None:
        clock = SetClock(SystemClock().now())
        async with relying(town.settings, clock) as party:
            begun = await party.begin("idura")
            answer = await Browser().answer(begun, "anna")
            clock.set(clock.now() + timedelta(minutes=10))
            with pytest.raises(LoginRefused, match="login-expired"):
                await party.complete("idura", answer, begun.browser)

    asyncio.run(scenario())


def test_each_question_is_its_own(town: Town) -> None:
    async def scenario() -> None:
        async with relying(town.settings) as party:
            begun = [await party.begin("idura") for _ in range(20)]
        asked = [parse_qs(urlsplit(each.address).query) for each in begun]
        for name in ("state", "nonce", "code_challenge"):
            assert len({each[name][0] for each in asked}) == 20
        assert len({each.browser for each in begun}) == 20
        assert {each["acr_values"][0] for each in asked} == {"urn:grn:authn:dk:mitid:substantial"}

    asyncio.run(scenario())


def test_the_issuers_own_page_refuses_what_it_must(town: Town) -> None:
    async def scenario() -> None:
        async with relying(town.settings) as party:
            begun, browser = await party.begin("idura"), Browser()
        for wrong in ("client_id=other", "redirect_uri=https%3A%2F%2Fevil.example"):
            name = wrong.partition("=")[0]
            asked = parse_qs(urlsplit(begun.address).query)
            address = begun.address.replace(f"{name}=", f"not_{name}=") + "&" + wrong
            assert asked[name]
            refused = await browser.get(address)
            assert refused.status_code == 400
            assert "Location" not in refused.headers
        for name, error in {
            "code_challenge": "invalid_request",
            "code_challenge_method": "invalid_request",
            "response_type": "unsupported_response_type",
            "scope": "invalid_scope",
        }.items():
            sent = await browser.get(begun.address.replace(f"{name}=", f"not_{name}="))
            assert f"error={error}" in sent.headers["Location"]
        page = await browser.get(begun.address)
        assert "Karen" not in page.text
        assert "script" not in page.text
        assert town.site.address in page.headers["Content-Security-Policy"]

    asyncio.run(scenario())
