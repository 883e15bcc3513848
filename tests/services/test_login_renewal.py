"""Whose rights change while they are logged in: at the issuer, or by our own settings."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from services.clock import SetClock
from services.identity import Person, Role
from services.login.description import SessionLimits
from services.login.memory import (
    MemoryAcquaintances,
    MemoryKnownPersons,
    MemoryPendingLogins,
    MemorySessions,
)
from services.login.office import LoginOffice
from services.login.presets import Broker
from services.login.provider import ended_uri, open_providers
from services.login.pseudonyms import open_pseudonyms
from services.login.refusal import LoginRefused
from services.login.relying_party import RelyingParty
from services.login.sessions import Sessions
from services.login.settings import LoginSettings
from tests.services.login_examples import issuer_of, settings_of
from tests.services.login_town import GROUPS, PERSONS, Browser, served

NINE: Final = datetime(2026, 12, 1, 9, tzinfo=UTC)
SITE: Final = "https://selvbetjening.hjorring.example"
EVERY: Final = 15
KAREN: Final = PERSONS["karen"]
AUDITOR: Final = KAREN.model_copy(update={"roles": (Role.AUDITOR,), "teams": ()})
NOBODY: Final = KAREN.model_copy(update={"roles": (Role.ADMINISTRATOR,), "teams": ()})


@dataclass
class Town:
    """The demo issuer with `persons` that change, and rows that offices share."""

    address: str
    persons: list[Person]
    clock: SetClock
    store: MemorySessions = field(default_factory=MemorySessions)
    acquaintances: MemoryAcquaintances = field(default_factory=MemoryAcquaintances)
    stack: ExitStack = field(default_factory=ExitStack)

    def settings(self, groups: object = GROUPS, every: int | None = EVERY) -> LoginSettings:
        issuer = issuer_of(
            Broker.ENTRA_ID,
            issuer=f"{self.address}/hjorring/entra-id",
            groups=groups,
            renewed_every_minutes=every,
        )
        return settings_of(SITE, **{"entra-id": issuer})

    @asynccontextmanager
    async def office(self, settings: LoginSettings | None = None) -> AsyncIterator[LoginOffice]:
        used = settings or self.settings()
        keys = open_pseudonyms(used)
        async with AsyncExitStack() as stack:
            providers = await open_providers(used, stack, time.monotonic)
            yield LoginOffice(
                party=RelyingParty("hjorring", providers, MemoryPendingLogins(), keys, self.clock),
                sessions=Sessions("hjorring", self.store, SessionLimits(), keys, self.clock),
                known=MemoryKnownPersons(),
                acquaintances=self.acquaintances,
                clock=self.clock,
                site=SITE,
                ended_uri=ended_uri(used),
            )

    def after(self, minutes: int) -> None:
        self.clock.set(self.clock.now() + timedelta(minutes=minutes))


async def entered(office: LoginOffice, browser: Browser | None = None) -> str:
    begun = await office.party.begin("entra-id")
    answer = await (browser or Browser()).answer(begun, "karen")
    found = await office.enter("entra-id", answer, browser=begun.browser, former=None)
    return found.cookie


@contextmanager
def opened() -> Iterator[Town]:
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        town = Town(address, [KAREN], SetClock(NINE))
        town.stack.enter_context(
            served(town.settings(), address, listening, town.clock, town.persons)
        )
        with town.stack:
            yield town


def play(scenario: Callable[[Town], Awaitable[None]]) -> None:
    async def whole(town: Town) -> None:
        await scenario(town)

    with opened() as town:
        asyncio.run(whole(town))


def test_whoever_is_something_else_at_the_issuer_is_so_here_at_the_next_renewal() -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            cookie = await entered(office)
            first = await office.session_of(cookie)
            assert first is not None
            assert first.actor == KAREN.as_actor()
            town.persons[:] = [AUDITOR]
            town.after(EVERY - 1)
            before = await office.session_of(cookie)
            assert before is not None
            assert before.actor == KAREN.as_actor()
            town.after(1)
            after = await office.session_of(cookie)
            assert after is not None
            assert after.actor == AUDITOR.as_actor()
            # Streams that were opened by the former right belong to no session any longer.
            assert await office.sessions.living({first.stored.id, after.stored.id}) == {
                after.stored.id
            }
            town.persons[:] = [KAREN]
            town.after(EVERY)
            again = await office.session_of(cookie)
            assert again is not None
            assert again.actor == KAREN.as_actor()

    play(scenario)


@pytest.mark.parametrize("now", [[NOBODY], []])
def test_whoever_has_no_role_any_longer_or_is_not_there_is_out(now: list[Person]) -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            cookie = await entered(office)
            town.persons[:] = now
            town.after(EVERY)
            assert await office.session_of(cookie) is None
            assert town.store.kept == {}
            # An issuer that says so knows them still; one that says nothing may have its reasons.
            assert town.acquaintances.left == ({KAREN.actor} if now else set())

    play(scenario)


def test_whoever_comes_without_a_role_is_no_colleague_until_they_have_one() -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            for persons, left in (([NOBODY], {KAREN.actor}), ([KAREN], set())):
                town.persons[:] = persons
                with suppress(LoginRefused):
                    await entered(office)
                assert town.acquaintances.left == left

    play(scenario)


def test_a_session_that_the_issuer_has_ended_is_not_renewed() -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            browser = Browser()
            cookie = await entered(office, browser)
            await browser.post(f"{town.address}/hjorring/entra-id/end-session", {})
            town.after(EVERY)
            assert await office.session_of(cookie) is None
            assert town.store.kept == {}

    play(scenario)


def test_an_issuer_that_is_away_ends_nobodys_session() -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            cookie = await entered(office)
            assert await office.session_of(cookie) is not None
            await asyncio.to_thread(town.stack.close)
            town.after(EVERY)
            found = await office.session_of(cookie)
            assert found is not None
            assert found.actor == KAREN.as_actor()

    play(scenario)


def test_of_many_requests_at_once_one_renews() -> None:
    """The demo's refresh tokens are good once: a second question would end the session."""

    async def scenario(town: Town) -> None:
        async with town.office() as office:
            cookie = await entered(office)
            town.persons[:] = [AUDITOR]
            town.after(EVERY)
            found = await asyncio.gather(*(office.session_of(cookie) for _ in range(8)))
            assert None not in found
            last = await office.session_of(cookie)
            assert last is not None
            assert last.actor == AUDITOR.as_actor()

    play(scenario)


def test_other_settings_for_groups_count_at_the_next_request() -> None:
    async def scenario(town: Town) -> None:
        async with town.office() as office:
            cookie = await entered(office)
        changed = GROUPS | {
            "caseworker.byggeri-natur": {"roles": ["team-leader"], "teams": ["byggeri-natur"]}
        }
        async with town.office(town.settings(changed)) as office:
            found = await office.session_of(cookie)
            assert found is not None
            assert found.actor.roles == {Role.TEAM_LEADER}
        async with town.office(town.settings({"auditor": {"roles": ["auditor"]}})) as office:
            assert await office.session_of(cookie) is None
            assert town.store.kept == {}

    play(scenario)


def test_where_nobody_can_be_asked_again_other_settings_end_the_session() -> None:
    async def scenario(town: Town) -> None:
        async with town.office(town.settings(every=None)) as office:
            cookie = await entered(office)
            found = await office.session_of(cookie)
            assert found is not None
            assert found.held.renewable is None
            town.after(EVERY)
            assert await office.session_of(cookie) is not None
        changed = town.settings({"auditor": {"roles": ["auditor"]}}, every=None)
        async with town.office(changed) as office:
            assert await office.session_of(cookie) is None

    play(scenario)
