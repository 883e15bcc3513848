"""Sessions: a new cookie at each login, two limits, and nothing to read for who has the rows."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from events.ids import ActorId, PartyId
from services.catalogue.service import LoginLevel
from services.clock import SetClock
from services.identity import Actor, Role
from services.login.acting import actor_of
from services.login.authorising import hashed
from services.login.description import SessionLimits
from services.login.memory import MemoryKnownPersons, MemorySessions
from services.login.person import Citizen, Employee, Person, Representative
from services.login.relying_party import LoggedIn
from services.login.sessions import NOTED_EVERY, Sessions
from tests.services.login_examples import CPR, CVR, pseudonyms

NINE: Final = datetime(2026, 12, 1, 9, tzinfo=UTC)
CITIZEN: Final = Citizen(pseudonyms=pseudonyms().of("cpr", CPR), name="Anna Andersen", cpr=CPR)


class Town:
    """Sessions with limits of 30 minutes and 8 hours, and a clock to set."""

    def __init__(self, organisation: str = "hjorring", store: MemorySessions | None = None) -> None:
        self.clock = SetClock(NINE)
        self.store = store or MemorySessions()
        self.known = MemoryKnownPersons()
        self.sessions = self.of(organisation)

    def of(self, organisation: str) -> Sessions:
        keys = pseudonyms(organisation)
        return Sessions(organisation, self.store, SessionLimits(), keys, self.clock)

    def after(self, **passed: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**passed))

    async def log_in(self, person: Person = CITIZEN, replacing: str | None = None) -> str:
        actor = await actor_of(person, "hjorring", self.known)
        return await self.sessions.begin(logged_in(person), actor, replacing=replacing)


def logged_in(person: Person = CITIZEN) -> LoggedIn:
    return LoggedIn(
        person=person,
        issuer="mitid",
        subject="{0f9960a0}",
        session="531690ce",
        level=LoginLevel.SUBSTANTIAL,
        authenticated_at=NINE,
        return_to="/",
        hint="eyJ.hint.token",
    )


def test_whoever_has_the_cookie_is_the_person() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        found = await town.sessions.find(cookie)
        assert found is not None
        assert found.actor == Actor(
            id=ActorId(f"person:{CITIZEN.pseudonyms[0]}"),
            roles=frozenset({Role.CITIZEN}),
            organisation=None,
            teams=frozenset(),
            party=PartyId(f"person:{CITIZEN.pseudonyms[0]}"),
            on_behalf_of=None,
            name="Anna Andersen",
        )
        assert found.hint == "eyJ.hint.token"
        assert found.stored.level is LoginLevel.SUBSTANTIAL
        for other in ("", "x", cookie[:-1], cookie + "A", cookie[:-1] + "\0", "A" * 43):
            assert await town.sessions.find(other) is None
            assert not await town.sessions.end(other)

    asyncio.run(scenario())


def test_the_rows_name_nobody_and_let_nobody_in() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        (key, stored), *others = town.store.kept.items()
        assert not others
        rows = repr((key, stored)) + stored.sealed.decode("latin-1")
        for secret in (cookie, CPR, "Anna", "Andersen", "0f9960a0", "531690ce", "hint"):
            assert secret not in rows
        assert await town.sessions.find(key.hex()) is None
        assert key == hashed(cookie)

    asyncio.run(scenario())


def test_each_login_has_a_new_cookie_and_the_former_one_is_worth_nothing() -> None:
    async def scenario() -> None:
        town = Town()
        first = await town.log_in()
        second = await town.log_in(replacing=first)
        planted = await town.log_in(replacing="planted by somebody")
        assert len({first, second, planted}) == 3
        assert await town.sessions.find(first) is None
        assert await town.sessions.find(second) is not None

    asyncio.run(scenario())


@pytest.mark.parametrize("change", ["id", "owner", "issuer", "level", "sealed", "organisation"])
def test_what_was_sealed_for_one_row_is_not_read_from_another(change: str) -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        key = hashed(cookie)
        stored = town.store.kept[key]
        moved = {
            "id": replace(stored, id=UUID(int=1)),
            "owner": replace(stored, owner=ActorId("staff:admin")),
            "issuer": replace(stored, issuer="staff"),
            "level": replace(stored, level=LoginLevel.HIGH),
            "sealed": replace(stored, sealed=stored.sealed[:-1] + b"\0"),
            "organisation": stored,
        }
        town.store.kept[key] = moved[change]
        other = town.of("vejle") if change == "organisation" else town.sessions
        assert await other.find(cookie) is None

    asyncio.run(scenario())


def test_a_session_that_is_not_used_ends() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        for _ in range(4):
            town.after(minutes=29)
            assert await town.sessions.find(cookie) is not None
        town.after(minutes=30)
        assert await town.sessions.of(ActorId(f"person:{CITIZEN.pseudonyms[0]}")) == []
        assert await town.sessions.find(cookie) is None
        assert not town.store.kept

    asyncio.run(scenario())


def test_a_session_ends_however_much_it_is_used() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        for _ in range(31):
            town.after(minutes=15)
            assert await town.sessions.find(cookie) is not None
        town.after(minutes=15)
        assert await town.sessions.find(cookie) is None

    asyncio.run(scenario())


def test_use_is_noted_once_a_minute() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        town.after(seconds=59)
        await town.sessions.find(cookie)
        assert town.store.kept[hashed(cookie)].used_at == NINE
        town.after(seconds=1)
        await town.sessions.find(cookie)
        assert town.store.kept[hashed(cookie)].used_at == NINE + NOTED_EVERY

    asyncio.run(scenario())


def test_a_person_ends_what_is_theirs() -> None:
    async def scenario() -> None:
        town = Town()
        phone, desk = await town.log_in(), await town.log_in()
        me = ActorId(f"person:{CITIZEN.pseudonyms[0]}")
        mine = await town.sessions.of(me)
        assert len(mine) == 2
        found = await town.sessions.find(phone)
        assert found is not None
        assert await town.sessions.end_of(me, found.stored.id)
        assert await town.sessions.find(phone) is None
        assert await town.sessions.find(desk) is not None
        assert await town.sessions.end(desk)
        assert await town.sessions.find(desk) is None

    asyncio.run(scenario())


def test_an_issuer_ends_sessions_that_were_noted_by_an_older_key() -> None:
    async def scenario() -> None:
        town = Town()
        cookie = await town.log_in()
        newer = pseudonyms("hjorring", current="b")
        rotated = Sessions("hjorring", town.store, SessionLimits(), newer, town.clock)
        for subject, session in (("another", None), (None, "another"), ("another", "531690ce")):
            ended = await rotated.end_by_issuer(
                "mitid", subject=subject, session=session, until=NINE
            )
            assert ended == 0
        assert await town.sessions.find(cookie) is not None
        assert (
            await rotated.end_by_issuer("mitid", subject="{0f9960a0}", session=None, until=NINE)
            == 1
        )
        assert await town.sessions.find(cookie) is None

    asyncio.run(scenario())


def test_as_whom_each_kind_of_person_acts() -> None:
    async def scenario() -> None:
        known = MemoryKnownPersons()
        tove = Representative(
            cvr=CVR, company="Tømrer ApS", pseudonyms=CITIZEN.pseudonyms, name="Tove", cpr=None
        )
        acting = await actor_of(tove, "hjorring", known)
        assert acting.party == acting.on_behalf_of == f"company:{CVR}"
        assert acting.id == f"person:{CITIZEN.pseudonyms[0]}"
        assert (acting.name, acting.organisation) == ("Tove, Tømrer ApS", None)
        karen = Employee(
            id=ActorId("staff:karen"),
            name="Karen",
            roles=frozenset({Role.CASEWORKER}),
            teams=frozenset(),
        )
        staff = await actor_of(karen, "hjorring", known)
        assert (staff.organisation, staff.party) == ("hjorring", None)
        # Somebody who was known before their number was hashed with this key stays who they were.
        known.names[CITIZEN.pseudonyms[1]] = "anna"
        anna = await actor_of(replace(CITIZEN, pseudonyms=CITIZEN.pseudonyms[1:]), "", known)
        assert {str(anna.id), str(anna.party)} == {"person:anna"}
        known.names["a.odd"] = "no such/name"
        with pytest.raises(ValueError, match="no id may hold"):
            await actor_of(Citizen(pseudonyms=("a.odd",), name="", cpr=CPR), "", known)

    asyncio.run(scenario())


def test_what_a_session_holds_is_read_back_whole() -> None:
    async def scenario() -> None:
        town = Town()
        karen = Employee(
            id=ActorId("staff:karen"),
            name="Karen »K« Ærø",
            roles=frozenset({Role.CASEWORKER, Role.AUDITOR}),
            teams=frozenset(),
        )
        found = await town.sessions.find(await town.log_in(karen))
        assert found is not None
        assert found.actor == await actor_of(karen, "hjorring", town.known)
        assert json.dumps(found.actor.name)

    asyncio.run(scenario())
