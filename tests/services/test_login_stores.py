"""What the rows of logins promise, asked of the real ones and of the fakes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import pytest

from events.ids import ActorId
from services.catalogue.service import LoginLevel
from services.database import async_pool, connect
from services.login.acting import KnownPersons
from services.login.authorising import PendingLogin, PendingLogins
from services.login.memory import MemoryKnownPersons, MemoryPendingLogins, MemorySessions
from services.login.postgres import PostgresKnownPersons, PostgresPendingLogins, PostgresSessions
from services.login.sessions import SessionStore, StoredSession
from services.login.sweeping import sweep_logins

NOON: Final = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stores:
    pending: PendingLogins
    sessions: SessionStore
    known: KnownPersons


Scenario: TypeAlias = Callable[[Stores], Awaitable[None]]
Play: TypeAlias = Callable[[Scenario], None]


@pytest.fixture(params=["memory", "postgres"])
def play(request: pytest.FixtureRequest) -> Play:
    """Acts a scenario out on rows of its own."""
    if request.param == "memory":

        async def in_memory(scenario: Scenario) -> None:
            fakes = MemoryPendingLogins(), MemorySessions(), MemoryKnownPersons()
            await scenario(Stores(*fakes))

        return lambda scenario: asyncio.run(in_memory(scenario))
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")

    async def in_postgres(scenario: Scenario) -> None:
        async with async_pool(conninfo, organisation) as pool:
            real = PostgresPendingLogins(pool), PostgresSessions(pool), PostgresKnownPersons(pool)
            await scenario(Stores(*real))

    return lambda scenario: asyncio.run(in_postgres(scenario))


def pending(minutes: int = 10) -> PendingLogin:
    return PendingLogin(
        issuer="mitid",
        browser=b"browser",
        level=LoginLevel.SUBSTANTIAL,
        max_age=300,
        return_to="/cases",
        expires_at=NOON + minutes * MINUTE,
    )


def session(number: int, **changes: object) -> StoredSession:
    """The session of that number, of Anna's, begun so many minutes after noon."""
    at = NOON + number * MINUTE
    whole = StoredSession(
        id=UUID(int=number),
        owner=ActorId("person:anna"),
        issuer="mitid",
        subject=b"anna",
        issuer_session=b"session-%d" % number,
        level=LoginLevel.HIGH,
        authenticated_at=None,
        began_at=at,
        used_at=at,
        ends_at=at + timedelta(hours=8),
        sealed=b"\x00sealed",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # each test names its own fields


def test_a_pending_login_is_taken_once(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        await stores.pending.keep(b"one", pending())
        await stores.pending.keep(b"two", replace(pending(), max_age=None))
        assert await stores.pending.take(b"three") is None
        found = await stores.pending.take(b"one")
        assert found == pending()
        assert found is not None
        assert isinstance(found.level, LoginLevel)
        assert await stores.pending.take(b"one") is None
        assert await stores.pending.take(b"two") == replace(pending(), max_age=None)

    play(scenario)


def test_of_many_who_take_one_login_one_gets_it(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        await stores.pending.keep(b"one", pending())
        found = await asyncio.gather(*(stores.pending.take(b"one") for _ in range(8)))
        assert len([each for each in found if each is not None]) == 1

    play(scenario)


def test_a_session_is_found_by_its_key_as_it_was_kept(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        whole = session(1, authenticated_at=NOON)
        await stores.sessions.keep(b"one", whole, replacing=None)
        assert await stores.sessions.find(b"one") == whole
        assert await stores.sessions.find(b"two") is None
        later = NOON + 5 * MINUTE
        await stores.sessions.note_use(b"one", later)
        await stores.sessions.note_use(b"one", NOON)
        await stores.sessions.note_use(b"two", later)
        assert await stores.sessions.find(b"one") == replace(whole, used_at=later)
        assert await stores.sessions.end(b"one")
        assert not await stores.sessions.end(b"one")
        assert await stores.sessions.find(b"one") is None

    play(scenario)


def test_what_a_session_holds_is_changed_by_whoever_knew_it(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        await stores.sessions.keep(b"one", session(1), replacing=None)
        swaps = [
            stores.sessions.swap(b"one", b"\x00sealed", id=UUID(int=7 + number), sealed=b"new")
            for number in range(4)
        ]
        assert (await asyncio.gather(*swaps)).count(True) == 1
        found = await stores.sessions.find(b"one")
        assert found is not None
        assert found.sealed == b"new"
        assert found == replace(session(1), id=found.id, sealed=b"new")
        assert not await stores.sessions.swap(b"two", b"new", id=UUID(int=1), sealed=b"")

    play(scenario)


def test_which_sessions_are_not_over_is_told_for_many_at_once(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        for number in range(1, 5):
            whole = session(number, ends_at=NOON + (60 - number) * MINUTE)
            await stores.sessions.keep(b"%d" % number, whole, replacing=None)
        asked = {UUID(int=number) for number in (1, 2, 3, 9)}

        async def living(now: int, used_after: int) -> set[int]:
            found = await stores.sessions.living(
                asked, now=NOON + now * MINUTE, used_after=NOON + used_after * MINUTE
            )
            return {each.int for each in found}

        assert await living(5, 0) == {1, 2, 3}
        assert await living(5, 1) == {2, 3}
        assert await living(58, 0) == {1}
        assert await living(59, 0) == set()
        await stores.sessions.end(b"2")
        assert await living(5, 0) == {1, 3}

    play(scenario)


def test_a_new_session_ends_the_one_that_it_replaces_and_no_other(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        await stores.sessions.keep(b"one", session(1), replacing=None)
        await stores.sessions.keep(b"two", session(2), replacing=b"unknown")
        await stores.sessions.keep(b"three", session(3), replacing=b"one")
        assert await stores.sessions.find(b"one") is None
        assert await stores.sessions.of(ActorId("person:anna")) == [session(3), session(2)]

    play(scenario)


def test_a_person_lists_and_ends_only_their_own(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        bo = ActorId("person:bo")
        await stores.sessions.keep(b"one", session(1), replacing=None)
        await stores.sessions.keep(b"two", session(2, owner=bo), replacing=None)
        assert [each.id for each in await stores.sessions.of(bo)] == [UUID(int=2)]
        assert not await stores.sessions.end_of(bo, UUID(int=1))
        assert await stores.sessions.find(b"one") is not None
        assert await stores.sessions.end_of(bo, UUID(int=2))
        assert await stores.sessions.of(bo) == []

    play(scenario)


def test_an_issuer_ends_sessions_by_subject_by_its_own_session_or_by_both(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        store, late = stores.sessions, NOON + 60 * MINUTE
        await store.keep(b"one", session(1), replacing=None)
        await store.keep(b"two", session(2), replacing=None)
        await store.keep(b"three", session(3, subject=b"bo"), replacing=None)
        await store.keep(b"four", session(4, issuer="other"), replacing=None)
        await store.keep(b"five", session(5, issuer_session=None), replacing=None)

        async def ended(**by: list[bytes] | None) -> int:
            which = {"subjects": None, "sessions": None, **by}
            return await store.end_by_issuer("mitid", **which, until=late)

        assert await ended(subjects=[b"nobody"]) == 0
        assert await ended(sessions=[]) == 0
        assert await ended(subjects=[b"anna"], sessions=[b"session-3"]) == 0
        assert await ended(sessions=[b"session-3", b"by an older key"]) == 1
        early = await store.end_by_issuer("mitid", subjects=[b"anna"], sessions=None, until=NOON)
        assert early == 0
        assert await ended(subjects=[b"by a newer key", b"anna"]) == 3
        assert [each.issuer for each in await store.of(ActorId("person:anna"))] == ["other"]

    play(scenario)


def test_what_is_over_is_forgotten(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with async_pool(postgres, organisation) as pool:
            logins, store = PostgresPendingLogins(pool), PostgresSessions(pool)
            for number in range(4):
                await logins.keep(b"%d" % number, pending(number))
            await store.keep(b"over", session(1, ends_at=NOON + MINUTE), replacing=None)
            await store.keep(b"alive", session(2), replacing=None)
            with connect(postgres, organisation) as db:
                sweep_logins(db, NOON + MINUTE)
            assert await logins.take(b"1") is None
            assert await logins.take(b"2") == pending(2)
            assert await store.find(b"over") is None
            assert await store.find(b"alive") is not None

    asyncio.run(scenario())


def test_a_person_keeps_their_name_whichever_key_is_current(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        name_of = stores.known.name_of
        assert await name_of(("a.anna",)) == "a.anna"
        assert await name_of(("b.anna", "a.anna")) == "a.anna"
        assert await name_of(("b.anna",)) == "a.anna"
        assert await name_of(("c.anna", "b.anna")) == "a.anna"
        assert await name_of(("b.bo", "a.bo")) == "b.bo"
        assert await name_of(("a.bo",)) == "b.bo"

    play(scenario)


def test_somebody_may_be_introduced_before_they_come(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        await stores.known.introduce(("b.anna", "a.anna"), "anna")
        assert await stores.known.name_of(("c.anna", "b.anna")) == "anna"
        assert await stores.known.name_of(("a.bo",)) == "a.bo"
        await stores.known.introduce(("a.bo",), "bo")
        assert await stores.known.name_of(("a.bo",)) == "a.bo"

    play(scenario)


def test_first_logins_at_once_agree_on_the_name(play: Play) -> None:
    async def scenario(stores: Stores) -> None:
        asked = [("a.anna",), ("b.anna", "a.anna")] * 6
        found = await asyncio.gather(*(stores.known.name_of(each) for each in asked))
        assert len(set(found)) == 1

    play(scenario)
