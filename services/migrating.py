"""Brings an organisation's schema up to date: numbered SQL files, forwards only."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import psycopg
import structlog
from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from services.database import Row, schema_name

log = structlog.get_logger()

FOLDER: Final = Path(__file__).parent / "migrations"

# A pair of numbers whose first is 0; every lock of an organisation begins with its slot, from 1.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_lock(0, 1)"

_SHARED: Final = """
    CREATE SCHEMA IF NOT EXISTS julelys;
    CREATE TABLE IF NOT EXISTS julelys.organisation (
        organisation text PRIMARY KEY,
        slot smallint NOT NULL UNIQUE CHECK (slot > 0)
    )
"""

_ADDED: Final = "ALTER TABLE julelys.organisation ADD COLUMN IF NOT EXISTS added_at timestamptz"
"""When all of an organisation was ready; only then do processes take it up (services/roster.py)."""


class WrongSchema(Exception):
    """The database and this version of the code do not belong together."""


class MigrationsMissing(WrongSchema):
    """The database is behind: run `python -m gateway migrate`."""


class MigrationChanged(WrongSchema):
    """An applied file was edited since: put it back as it was and add a new one."""


class DatabaseNewer(WrongSchema):
    """The database was migrated by a later version: deploy that version, or a later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrate(conninfo: str, organisation: str, *, folder: Path = FOLDER) -> list[int]:
    """Apply what is missing, each file in a transaction of its own; give the numbers applied.

    Any number of processes may call it at once, also on an empty database: one at a time works
    and the others find nothing left to do.

    Raises:
        MigrationChanged: a file differs from what was applied under its number.
        DatabaseNewer: the database has a number that no file has.
    """
    schema = schema_name(organisation)
    files = _files(folder)
    with Connection[Row].connect(conninfo, autocommit=True) as db:
        db.execute("SET statement_timeout = 0")
        db.execute(_ONE_AT_A_TIME)
        with db.transaction():
            db.execute(_SHARED)
            _let_be_added(db)
            slot = _slot(db, organisation)
            _create_schema(db, schema)
        pending = _pending(files, _applied(db, schema), schema)
        for migration in pending:
            _apply(db, schema, slot, migration)
    return [migration.number for migration in pending]


def require_current(conninfo: str, organisation: str, *, folder: Path = FOLDER) -> None:
    """Go on only with a schema that this version of the code was written for.

    Raises:
        MigrationsMissing, MigrationChanged, DatabaseNewer: each says what to do.
    """
    schema = schema_name(organisation)
    with Connection[Row].connect(conninfo, autocommit=True) as db:
        try:
            applied = _applied(db, schema)
        except psycopg.errors.UndefinedTable:
            applied = {}
    pending = _pending(_files(folder), applied, schema)
    if pending:
        names = ", ".join(migration.name for migration in pending)
        raise MigrationsMissing(f"Schema {schema!r} lacks {names}. Run: python -m gateway migrate")


def mark_added(conninfo: str, organisation: str) -> None:
    """Its schema is ready: from now on every process that has its files takes it up."""
    with Connection[Row].connect(conninfo, autocommit=True) as db:
        db.execute(
            "UPDATE julelys.organisation SET added_at = clock_timestamp()"
            " WHERE organisation = %s AND added_at IS NULL",
            [organisation],
        )


def added(db: Connection[Row]) -> list[str]:
    """The organisations of this database that are ready, the first added first."""
    try:
        rows = db.execute(
            "SELECT organisation FROM julelys.organisation WHERE added_at IS NOT NULL ORDER BY slot"
        ).fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        # Nothing was ever migrated here, or not by this version of the code.
        return []
    return [str(organisation) for (organisation,) in rows]


def _files(folder: Path) -> list[Migration]:
    found = []
    for path in sorted(folder.glob("*.sql")):
        named = re.fullmatch(r"(\d{4})_([a-z0-9_]+)", path.stem)
        if named is None:
            raise ValueError(f"{path.name} is not named like 0001_events.sql.")
        found.append(Migration(number=int(named[1]), name=path.stem, text=path.read_text()))
    if len({migration.number for migration in found}) < len(found):
        raise ValueError(f"Two migrations in {folder} have the same number.")
    return found


def _let_be_added(db: Connection[Row]) -> None:
    """Only where it is missing, for even to find it there would wait for all who read the table."""
    there = db.execute(
        "SELECT FROM pg_attribute WHERE attname = 'added_at'"
        " AND attrelid = 'julelys.organisation'::regclass"
    ).fetchone()
    if there is None:
        db.execute(_ADDED)


def _slot(db: Connection[Row], organisation: str) -> int:
    """The organisation's number in advisory locks: the same for ever, and nobody else's."""
    db.execute(
        """INSERT INTO julelys.organisation
           SELECT %s, coalesce(max(slot), 0) + 1 FROM julelys.organisation
           ON CONFLICT (organisation) DO NOTHING""",
        [organisation],
    )
    rows = db.execute(
        "SELECT slot FROM julelys.organisation WHERE organisation = %s", [organisation]
    )
    ((slot,),) = rows.fetchall()
    return cast("int", slot)  # the column is a smallint


def _create_schema(db: Connection[Row], schema: str) -> None:
    db.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema)))
    db.execute(
        SQL(
            """CREATE TABLE IF NOT EXISTS {} (
                number int PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
            )"""
        ).format(Identifier(schema, "migration"))
    )


def _applied(db: Connection[Row], schema: str) -> dict[int, tuple[str, str]]:
    rows = db.execute(
        SQL("SELECT number, name, checksum FROM {}").format(Identifier(schema, "migration"))
    )
    return {cast("int", n): (str(name), str(checksum)) for n, name, checksum in rows}


def _pending(
    files: Sequence[Migration], applied: dict[int, tuple[str, str]], schema: str
) -> list[Migration]:
    for number in sorted(applied.keys() - {migration.number for migration in files}):
        raise DatabaseNewer(
            f"Schema {schema!r} has migration {applied[number][0]}, which this version of the "
            "code lacks. Deploy the version that has it, or a later one."
        )
    for migration in files:
        _, checksum = applied.get(migration.number, ("", migration.checksum))
        if checksum != migration.checksum:
            raise MigrationChanged(
                f"{migration.name}.sql was edited after schema {schema!r} had applied it. "
                "Put it back as it was and write the change as a new migration."
            )
    return [migration for migration in files if migration.number not in applied]


def _apply(db: Connection[Row], schema: str, slot: int, migration: Migration) -> None:
    quoted = Identifier(schema).as_string(db)
    text = migration.text.replace("{schema}", quoted).replace("{slot}", str(slot))
    with db.transaction():
        db.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        # The text is a file of this repository, never anybody's input.
        db.execute(text.encode())
        db.execute(
            SQL("INSERT INTO {} (number, name, checksum) VALUES ({}, {}, {})").format(
                Identifier(schema, "migration"),
                Literal(migration.number),
                Literal(migration.name),
                Literal(migration.checksum),
            )
        )
    log.info("migration_applied", schema=schema, migration=migration.name)
