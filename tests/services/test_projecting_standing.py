"""How far the views are behind."""

import asyncio
from collections.abc import Iterator

import pytest
from psycopg import AsyncConnection

from projections import hearings, timeline
from projections.catalogue import PROJECTIONS
from services.database import Row, connect, pinned
from services.projecting.standing import Standing, standings, standings_now
from tests.services.projecting import POISON, Case, Fault, Town, open_town


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation) as found:
        yield found


def standing(town: Town, name: str = "timeline") -> Standing:
    with connect(town.conninfo, town.schema) as db:
        (found,) = [each for each in standings(db) if each.name == name]
        return found


def test_a_view_that_has_everything_does_not_lag(town: Town) -> None:
    position = Case(town.store).opens()
    town.catch_up(timeline.projection)

    assert standing(town) == Standing(
        name="timeline",
        generation=1,
        version=timeline.projection.version,
        position=position,
        safe_position=position,
        lag_facts=0,
        lag_seconds=0.0,
        parked=0,
    )


def test_the_lag_is_the_number_of_facts_and_the_age_of_the_oldest(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    town.catch_up(timeline.projection)
    case.says("one", "two", "three")
    with connect(town.conninfo, town.schema) as db:
        db.execute("SELECT pg_sleep(0.2)")

    found = standing(town)

    assert found.lag_facts == 3
    assert 0.2 <= found.lag_seconds < 20
    assert standing(town, "hearings").lag_facts == 4


def test_facts_that_do_not_concern_a_view_are_no_lag_once_passed(town: Town) -> None:
    Case(town.store).opens()
    town.catch_up(hearings.projection)

    assert standing(town, "hearings").lag_facts == 0


def test_what_is_parked_is_counted(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    case.says(POISON, "after")
    town.catch_up(Fault().projection)

    assert standing(town).parked == 2


def test_every_projection_is_listed_for_an_event_loop_too(town: Town) -> None:
    async def ask() -> list[Standing]:
        wanted = pinned(town.conninfo, town.schema)
        async with await AsyncConnection[Row].connect(wanted, autocommit=True) as db:
            return await standings_now(db)

    found = asyncio.run(ask())

    assert [each.name for each in found] == sorted(each.name for each in PROJECTIONS)
