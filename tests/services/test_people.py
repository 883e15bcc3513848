"""Who has logged in is known by name and number from then on, and by nobody but those with keys."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL

from events.ids import ActorId, PartyId
from gateway.names import Register, learning
from services.catalogue.organisation import Organisation
from services.config import ROOT, Config
from services.database import Row, connect
from services.esdh.port import Company, Person
from services.identity import Role
from services.parties import KnownParties, known_colleagues
from services.people import Acquaintance, People, leave, note
from services.privacy.opening import reading_pool
from services.privacy.person_keys import PersonKeys
from services.privacy.sealed import SealBroken
from tests.keys import RING
from tests.services.login_examples import CPR
from tests.shipped import HJORRING

ANNA: Final = Acquaintance(person="person:2026.abc", name="Anna Andersen", cpr=CPR)
COMPANY: Final = Acquaintance(person="company:99999991", name="Tømrer ApS")
KAREN: Final = Acquaintance(
    person="staff:karen",
    name="Karen Kristensen",
    roles=(Role.CASEWORKER,),
    teams=("byggeri-natur",),
)


@pytest.fixture
def keys(organisation: str) -> PersonKeys:
    return PersonKeys(organisation, RING)


def noted(postgres: str, organisation: str, keys: PersonKeys, *told: Acquaintance) -> None:
    async def scenario() -> None:
        async with reading_pool(postgres, organisation, keys) as pool, pool.connection() as db:
            for who in told:
                await note(db, keys, who)

    asyncio.run(scenario())


def rows(postgres: str, organisation: str) -> list[Row]:
    with connect(postgres, organisation) as db:
        return db.execute("SELECT person, told, told_at, xmin::text FROM known_person").fetchall()


def test_parties_are_named_once_they_have_logged_in(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    people = People(postgres, organisation, keys)
    parties = KnownParties({}, people)
    assert parties.known(PartyId(ANNA.person)) is None
    assert parties.known(PartyId(COMPANY.person)) == Company(cvr="99999991", name="")
    noted(postgres, organisation, keys, ANNA, COMPANY, KAREN)
    assert parties.known(PartyId(ANNA.person)) == Person(cpr=CPR, name="Anna Andersen")
    assert parties.known(PartyId(COMPANY.person)) == Company(cvr="99999991", name="Tømrer ApS")
    assert parties.known(PartyId(KAREN.person)) is None
    people.close()


def test_colleagues_are_called_by_the_name_of_their_last_login_and_in_the_demo_from_the_start(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    people = People(postgres, organisation, keys)
    config = Config(
        data=ROOT,
        database_url=postgres,
        organisations=ROOT / "organisations",
        host="127.0.0.1",
        port=0,
        demo=False,
    )
    called = known_colleagues(config, people)
    assert called(ActorId(KAREN.person)) is None
    assert known_colleagues(replace(config, demo=True), people)(ActorId("staff:ulla")) == (
        "Ulla Ulriksen"
    )
    noted(postgres, organisation, keys, KAREN)
    assert called(ActorId(KAREN.person)) == KAREN.name
    people.close()


def test_what_is_told_is_sealed_and_written_only_when_it_is_new(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    first = rows(postgres, organisation)
    assert CPR not in str(first)
    assert "Anna" not in str(first)
    assert CPR not in repr(ANNA)
    noted(postgres, organisation, keys, ANNA)
    assert rows(postgres, organisation) == first
    changed = Acquaintance(person=ANNA.person, name="Anna Bentsen", cpr=CPR)
    noted(postgres, organisation, keys, changed)
    assert rows(postgres, organisation) != first
    people = People(postgres, organisation, keys)
    assert people.one(ANNA.person) == changed
    people.close()


def test_somebody_who_is_forgotten_is_known_no_more(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    with connect(postgres, organisation) as db:
        assert keys.destroy(db, ANNA.person)
    people = People(postgres, organisation, keys)
    assert people.one(ANNA.person) is None
    assert register_of(postgres, organisation, keys).names.get(ANNA.person) is None
    people.close()


def test_what_is_anothers_is_not_taken_for_ones_own(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    with connect(postgres, organisation) as db:
        db.execute("UPDATE known_person SET person = 'person:somebody'")
    people = People(postgres, organisation, keys)
    with pytest.raises(SealBroken):
        people.one("person:somebody")
    people.close()


def test_a_row_that_was_spoilt_keeps_nobody_from_being_served(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    with connect(postgres, organisation) as db:
        db.execute("UPDATE known_person SET person = 'person:somebody'")

    async def mended(db: AsyncConnection[Row]) -> None:
        await db.execute("UPDATE known_person SET person = %s", [ANNA.person])
        await note(db, keys, KAREN)

    register = register_of(postgres, organisation, keys, mended)
    assert register.names[ANNA.person].da == "Anna Andersen"


def test_a_connection_that_was_cut_is_made_anew(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    people = People(postgres, organisation, keys)
    assert people.one(ANNA.person) == ANNA
    with connect(postgres, organisation) as db:
        db.execute(
            SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE '%known_person%' AND pid <> pg_backend_pid()"
            )
        )
    assert people.one(ANNA.person) == ANNA
    people.close()


def back_by(postgres: str, organisation: str, days: float) -> None:
    with connect(postgres, organisation) as db:
        db.execute("UPDATE known_person SET told_at = told_at - %s", [timedelta(days=days)])


@pytest.mark.parametrize(
    ("days", "ago", "colleagues"),
    [(90, 89.9, {KAREN.person}), (90, 90.1, set()), (7, 7.1, set())],
)
def test_who_has_not_logged_in_for_long_is_no_colleague(
    postgres: str, organisation: str, keys: PersonKeys, days: int, ago: float, colleagues: set[str]
) -> None:
    assert HJORRING.colleague_days == 90
    noted(postgres, organisation, keys, KAREN)
    back_by(postgres, organisation, ago)
    described = replace(HJORRING, colleague_days=days)
    register = register_of(postgres, organisation, keys, described=described)
    assert register.people.keys() == colleagues
    assert register.names[KAREN.person].da == KAREN.name


def test_a_login_counts_for_its_day_also_when_it_tells_nothing_new(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, KAREN)
    back_by(postgres, organisation, 91)
    noted(postgres, organisation, keys, KAREN)
    assert ActorId(KAREN.person) in register_of(postgres, organisation, keys).people


def test_who_has_left_is_no_colleague_until_they_log_in_again(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, KAREN)

    async def scenario() -> None:
        register = Register(HJORRING, [])
        async with reading_pool(postgres, organisation, keys) as pool:
            for leaving in (False, True, False):
                async with pool.connection() as db:
                    if leaving:
                        await leave(db, ActorId(KAREN.person))
                    else:
                        await note(db, keys, KAREN)
                await register.catch_up(pool)
                assert (ActorId(KAREN.person) in register.people) != leaving
                assert KAREN.person in register.names

    asyncio.run(scenario())


def register_of(
    postgres: str,
    organisation: str,
    keys: PersonKeys,
    then: Callable[[AsyncConnection[Row]], Coroutine[None, None, None]] | None = None,
    described: Organisation = HJORRING,
) -> Register:
    register = Register(described, [])

    async def scenario() -> None:
        async with (
            reading_pool(postgres, organisation, keys) as pool,
            learning(register, pool),
        ):
            if then is None:
                return
            async with pool.connection() as db:
                await then(db)
            async with asyncio.timeout(20):
                while KAREN.person not in register.names:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.05)

    asyncio.run(scenario())
    return register


def test_a_gateway_learns_of_who_logs_in_at_another(
    postgres: str, organisation: str, keys: PersonKeys
) -> None:
    noted(postgres, organisation, keys, ANNA)
    register = register_of(postgres, organisation, keys, lambda db: note(db, keys, KAREN))
    assert register.names[ANNA.person].da == "Anna Andersen"
    karen = register.people[ActorId(KAREN.person)]
    assert (karen.roles, karen.teams) == (frozenset(KAREN.roles), frozenset(KAREN.teams))
    assert ActorId(ANNA.person) not in register.people
