"""One running system for all tests of the gateway."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.database import connect
from tests.gateway.crowd import Crowd, gathered, places_of
from tests.gateway.deciding import Deciding, deciding_town
from tests.gateway.running import START, System, running
from tests.gateway.tendering import published
from tests.gateway.visiting import visited
from tests.postgres import own_database


@pytest.fixture(scope="session")
def whole_system(postgres: str) -> Iterator[System]:
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        running(postgres, Path(folder)) as system,
    ):
        yield system


@pytest.fixture(scope="session")
def whole_town(postgres: str) -> Iterator[Deciding]:
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        own_database(postgres) as conninfo,
        deciding_town(Path(folder), conninfo) as town,
    ):
        yield town


@pytest.fixture(scope="session")
def whole_reception(postgres: str) -> Iterator[System]:
    with own_database(postgres) as conninfo, visited(conninfo) as system:
        yield system


@pytest.fixture
def reception(whole_reception: System) -> System:
    """A system that browsers log in to, nobody being logged in, its clock back at the start."""
    whole_reception.clock.set(START)
    assert whole_reception.config.database_url is not None
    with connect(whole_reception.config.database_url, "hjorring") as db:
        db.execute("DELETE FROM login_session")
    return whole_reception


@pytest.fixture
def town(whole_town: Deciding) -> Deciding:
    """A town that decides, its clock back at the start."""
    whole_town.system.clock.set(START)
    return whole_town


@pytest.fixture
def system(whole_system: System) -> System:
    """The running system, its clock back at the start."""
    whole_system.clock.set(START)
    return whole_system


@pytest.fixture(scope="session")
def places(whole_system: System) -> dict[str, str]:
    """What stands in the paths of routes: what there is, as far as there is any."""
    hearing = whole_system.open_hearing()
    case = whole_system.respond("anna", hearing).json()["case"]
    return places_of(hearing, case, published(whole_system).tender)


@pytest.fixture(scope="session")
def whole_crowd(postgres: str) -> Iterator[Crowd]:
    with own_database(postgres) as conninfo, gathered(conninfo) as crowd:
        yield crowd


@pytest.fixture
def crowd(whole_crowd: Crowd) -> Crowd:
    """Everybody there is, its clock back at the start."""
    whole_crowd.system.clock.set(START)
    return whole_crowd
