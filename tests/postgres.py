"""A throw-away PostgreSQL server for the tests, and schemas on it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from services import embedded
from services.migrating import migrate

_numbers = count(1)


@contextmanager
def migrated_organisation(conninfo: str) -> Iterator[str]:
    """An organisation of its own with every migration applied, gone after the block."""
    organisation = f"test_{next(_numbers)}"
    migrate(conninfo, organisation)
    try:
        yield organisation
    finally:
        drop(conninfo, organisation)


def drop(conninfo: str, organisation: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(organisation)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The connection string of a server that lives as long as the test run.

    Not under pytest's own temporary folder, which it closes to the system user that PostgreSQL
    runs as when the tests are run by root.
    """
    with (
        tempfile.TemporaryDirectory(prefix="julelys-") as folder,
        embedded.running(Path(folder)) as conninfo,
    ):
        _spare_the_disk(conninfo)
        yield conninfo


def _spare_the_disk(conninfo: str) -> None:
    """What the system has taken over outlives a killed process; nobody cuts the power here."""
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("ALTER SYSTEM SET fsync = off")
        db.execute("SELECT pg_reload_conf()")


@contextmanager
def own_database(conninfo: str) -> Iterator[str]:
    """A database of its own, for tests that use the real organisations' names."""
    name = Identifier(f"test_{next(_numbers)}")
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute(SQL("CREATE DATABASE {}").format(name))
    yield make_conninfo(conninfo, dbname=name.as_string().strip('"'))
    # By a connection of its own: tests that go on meanwhile may have ended every other.
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    with own_database(postgres) as conninfo:
        yield conninfo


@pytest.fixture
def organisation(postgres: str) -> Iterator[str]:
    """An empty, migrated organisation; its name is the name of its schema."""
    with migrated_organisation(postgres) as name:
        yield name
