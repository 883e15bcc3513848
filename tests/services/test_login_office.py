"""A whole login with real rows: who comes in, what is left in the database, and how it ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg.sql import SQL, Identifier

from events.ids import ActorId
from services.clock import SetClock, SystemClock
from services.database import async_pool, connect
from services.demo.logins import introduce
from services.identity import Role
from services.login.authorising import nonce_of, verifier_of
from services.login.office import LoginOffice, open_login
from services.login.refusal import LoginRefused
from services.people import Acquaintance, People
from services.privacy.person_keys import PersonKeys
from tests.keys import RING
from tests.services.login_examples import CPR, CVR, VARIABLES
from tests.services.login_town import PERSONS, Browser, Town, issuing

TABLES: Final = ("login_pending", "login_session", "login_pseudonym", "known_person")
ANNA: Final = ActorId("person:anna")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with issuing() as found:
        yield found


@asynccontextmanager
async def opened(town: Town, postgres: str, organisation: str) -> AsyncIterator[LoginOffice]:
    """The office, at which the demo's persons are known."""
    async with (
        async_pool(postgres, organisation) as pool,
        open_login(
            town.settings, pool, PersonKeys(organisation, RING), SystemClock(), time.monotonic
        ) as office,
    ):
        await introduce(PERSONS.values(), office.party.pseudonyms, office.known)
        yield office


async def entered(office: LoginOffice, issuer: str, person: str, former: str | None = None) -> str:
    begun = await office.party.begin(issuer, return_to="/cases")
    answer = await Browser().answer(begun, person)
    found = await office.enter(issuer, answer, browser=begun.browser, former=former)
    assert found.return_to == "/cases"
    return found.cookie


def test_whoever_logs_in_is_known_by_name_and_number_from_then_on(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with opened(town, postgres, organisation) as office:
            await entered(office, "idura", "anna")
            await entered(office, "idura", "tomrer")

    asyncio.run(scenario())
    people = People(postgres, organisation, PersonKeys(organisation, RING))
    anna, company = people.one(ANNA), people.one(f"company:{CVR}")
    people.close()
    assert anna == Acquaintance(person=ANNA, name="Anna Andersen", cpr=CPR)
    assert company is not None
    assert company.name


def everything(postgres: str, organisation: str) -> str:
    """All that lies in the tables of logins, as text."""
    found = []
    with connect(postgres, organisation) as db:
        for table in TABLES:
            rows = db.execute(SQL("SELECT * FROM {}").format(Identifier(table))).fetchall()
            found += [value for row in rows for value in row]
    texts = [each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in found]
    return "\n".join(texts)


def test_anna_comes_to_her_own_cases_by_whichever_broker(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with opened(town, postgres, organisation) as office:
            for issuer in ("idura", "nets-eid-broker", "nemlog-in"):
                session = await office.sessions.find(await entered(office, issuer, "anna"))
                assert session is not None
                assert session.actor == PERSONS["anna"].as_actor()
            assert len(await office.sessions.of(ANNA)) == 3
            karen = await office.sessions.find(await entered(office, "entra-id", "karen"))
            assert karen is not None
            assert karen.actor.id == "staff:karen"
            assert karen.actor.roles == {Role.CASEWORKER}
            tove = await office.sessions.find(await entered(office, "idura", "tomrer"))
            assert tove is not None
            assert tove.actor.party == PERSONS["tomrer"].party

    asyncio.run(scenario())


def test_a_reader_of_the_database_learns_no_secret_and_no_number(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> list[str]:
        async with opened(town, postgres, organisation) as office:
            cookie = await entered(office, "nets-eid-broker", "anna")
            session = await office.sessions.find(cookie)
            assert session is not None
            assert session.hint is not None
            begun = await office.party.begin("idura")
            state = parse_qs(urlsplit(begun.address).query)["state"][0]
            return [
                cookie,
                session.hint,
                begun.browser,
                state,
                nonce_of(begun.browser, state),
                verifier_of(begun.browser, state),
                VARIABLES["JULELYS_PSEUDONYM_KEY"],
                VARIABLES["JULELYS_LOGIN_SECRET"],
                CPR,
                "Andersen",
            ]

    secrets = asyncio.run(scenario())
    rows = everything(postgres, organisation)
    # What ought to be there is found, so that the search would find the rest as well.
    for ought in ("person:anna", "nets-eid-broker", "substantial", "a."):
        assert ought in rows
    for secret in secrets:
        assert secret not in rows


def test_a_new_login_ends_the_browsers_former_session_and_a_failed_one_does_not(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with opened(town, postgres, organisation) as office:
            first = await entered(office, "idura", "anna")
            with pytest.raises(LoginRefused, match="login-state-unknown"):
                await office.enter("idura", [("state", "x")], browser=None, former=first)
            assert await office.sessions.find(first) is not None
            second = await entered(office, "idura", "bo", former=first)
            assert await office.sessions.find(first) is None
            assert await office.sessions.find(second) is not None

    asyncio.run(scenario())


def test_whoever_leaves_is_out_here_and_sent_on_to_leave_there(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with opened(town, postgres, organisation) as office:
            cookie = await entered(office, "idura", "anna")
            address = await office.leave(cookie)
            assert address is not None
            asked = parse_qs(urlsplit(address).query)
            assert asked["post_logout_redirect_uri"] == [office.ended_uri]
            assert "id_token_hint" not in asked
            assert CPR not in address
            assert await office.sessions.find(cookie) is None
            assert await office.leave(cookie) is None
            assert await office.leave("no cookie") is None

    asyncio.run(scenario())


def test_an_issuer_that_is_away_keeps_nobody_logged_in(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        now = SetClock(SystemClock().now())
        async with opened(town, postgres, organisation) as office:
            cookie = await entered(office, "idura", "anna")
        gone = town.settings.described.issuers["idura"].model_copy(
            update={"issuer": "http://127.0.0.1:9/hjorring/idura"}
        )
        described = town.settings.described.model_copy(update={"issuers": {"idura": gone}})
        settings = type(town.settings)(
            organisation=town.settings.organisation,
            file=town.settings.file,
            described=described,
            secrets=town.settings.secrets,
        )
        async with (
            async_pool(postgres, organisation) as pool,
            open_login(
                settings, pool, PersonKeys(organisation, RING), now, time.monotonic
            ) as office,
        ):
            assert await office.sessions.find(cookie) is not None
            assert await office.leave(cookie) is None
            assert await office.sessions.find(cookie) is None

    asyncio.run(scenario())


def test_the_issuers_word_ends_a_session_and_nobody_elses_does(
    town: Town, postgres: str, organisation: str
) -> None:
    async def scenario() -> None:
        async with opened(town, postgres, organisation) as office:
            begun, browser = await office.party.begin("nemlog-in"), Browser()
            answer = await browser.answer(begun, "anna")
            found = await office.enter("nemlog-in", answer, browser=begun.browser, former=None)
            with pytest.raises(LoginRefused, match="login-issuer-not-found"):
                await office.ended_by_issuer("nowhere", "x.y.z")
            with pytest.raises(LoginRefused, match="login-token-malformed"):
                await office.ended_by_issuer("nemlog-in", "x.y.z")
            before = len(town.site.tokens)
            address = await office.party.providers["nemlog-in"].metadata()
            assert address.end_session_endpoint is not None
            await browser.get(address.end_session_endpoint)
            (token,) = town.site.tokens[before:]
            # Signed for one client, it says nothing at the address of another.
            with pytest.raises(LoginRefused, match="login-issuer-mismatch"):
                await office.ended_by_issuer("idura", token)
            assert await office.sessions.find(found.cookie) is not None
            assert await office.ended_by_issuer("nemlog-in", token) == 1
            assert await office.sessions.find(found.cookie) is None

    asyncio.run(scenario())
