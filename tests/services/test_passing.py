"""Many views that nothing concerned are moved by one transaction, each as if by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections import calendar, caseload, hearings
from projections.projection import Projection
from services.database import connect
from services.projecting.generations import projector_connection, require_live, views_channel
from services.projecting.passing import Passage, Passing
from tests.gateway.running import wait_until
from tests.services.projecting import Case, Town, open_town

VIEWS = (calendar, caseload, hearings)


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation) as found:
        yield found


def passage(town: Town, projection: Projection, reached: int = 5) -> Passage:
    with connect(town.conninfo, town.schema) as db:
        found = require_live(db, projection.name)
    return Passage(
        name=found.name, generation=found.generation, position=found.position, reached=reached
    )


def move(town: Town, passing: Passing, wanted: Passage) -> bool:
    with projector_connection(town.conninfo, town.schema) as db:
        return passing.move(wanted, db)


def test_those_who_wait_while_one_writes_are_written_together(town: Town) -> None:
    passing = Passing(views_channel(town.schema))
    first, *rest = (passage(town, each.projection) for each in VIEWS)
    with (
        connect(town.conninfo, town.schema) as listener,
        connect(town.conninfo, town.schema) as holder,
        ThreadPoolExecutor() as pool,
    ):
        listener.execute(SQL("LISTEN {}").format(Identifier(views_channel(town.schema))))
        with holder.transaction():
            holder.execute("SELECT FROM projection WHERE name = %s FOR UPDATE", (first.name,))
            moving = [pool.submit(move, town, passing, first)]
            wait_until(lambda: is_waiting(holder))
            moving += [pool.submit(move, town, passing, each) for each in rest]
            wait_until(lambda: len(passing.waiting) == len(VIEWS))
        assert [each.result(timeout=10) for each in moving] == [True, True, True]
        heard = {word.payload for word in listener.notifies(timeout=2, stop_after=len(VIEWS))}

        written = holder.execute(
            "SELECT string_agg(name, ' ' ORDER BY name) FROM projection"
            " WHERE position = 5 GROUP BY xmin::text"
        ).fetchall()

    assert set(written) == {("calendar",), ("caseload hearings",)}
    assert heard == {"calendar 5", "caseload 5", "hearings 5"}


def is_waiting(db: psycopg.Connection[tuple[object, ...]]) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    row = db.execute(query).fetchone()
    return row is not None and row[0] != 0


def test_what_another_has_moved_meanwhile_is_left_alone(town: Town) -> None:
    passing = Passing(views_channel(town.schema))
    stale = passage(town, hearings.projection)
    position = Case(town.store).opens()
    town.catch_up(hearings.projection)

    assert not move(town, passing, stale)
    assert town.position("hearings") == position
    assert passing.waiting == []


def test_a_connection_that_died_is_the_trouble_of_its_own_view_only(town: Town) -> None:
    passing = Passing(views_channel(town.schema))
    with projector_connection(town.conninfo, town.schema) as dead:
        pass

    with pytest.raises(psycopg.OperationalError):
        passing.move(passage(town, calendar.projection), dead)

    assert move(town, passing, passage(town, hearings.projection))
    assert (town.position("calendar"), town.position("hearings")) == (0, 5)
