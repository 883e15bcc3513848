"""The tables of a projection: one per generation, the live one shown by a view of its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.database import Row, connect, pinned

APPLICATION: Final = "julelys-projector"


class NotEnsured(Exception):
    """The projection has no table yet: call `ensure`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """`state` is live, building or previous; `parked` counts the facts it could not take in."""

    name: str
    generation: int
    version: int
    position: int
    state: str
    parked: int


_SELECT: Final = SQL("SELECT name, generation, version, position, state, parked FROM projection ")


def projector_connection(conninfo: str, schema: str) -> Connection[Row]:
    """A connection whose commits wait for no disk.

    Rows and checkpoint commit together, so a crash of the server loses both or neither, and
    what is lost is built again from the log.
    """
    wanted = pinned(
        conninfo, schema, application_name=APPLICATION, options="-c synchronous_commit=off"
    )
    return Connection[Row].connect(wanted, autocommit=True)


def rebuild_connection(conninfo: str, schema: str) -> Connection[Row]:
    """The same, for statements over whole tables, which may take their time."""
    db = projector_connection(conninfo, schema)
    db.execute("SET statement_timeout = 0")
    return db


def table(name: str, generation: int) -> Identifier:
    return Identifier(f"{name}_{generation}")


def views_channel(schema: str) -> str:
    """Where `<name> <position>` is announced whenever a view has come further."""
    return f"{schema}_views"


def lock_number(db: Connection[Row], what: str) -> int:
    """The number of an advisory lock of this schema, among those with the topmost bit set.

    The locks of the event log have a positive number or are pairs, so they never meet.
    """
    row = db.execute(
        "SELECT hashtextextended(current_schema() || '.' || %s, 0) | (1::bigint << 63)", (what,)
    ).fetchone()
    return int(str(row[0])) if row is not None else 0


def ensure(conninfo: str, schema: str, projections: Sequence[Projection] = PROJECTIONS) -> None:
    """Give every projection that has none its first table and its view, empty.

    Any number of processes may call it at once; the later ones find nothing left to do.
    """
    with connect(conninfo, schema, application_name=APPLICATION) as db:
        number = lock_number(db, "ensure")
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (number,))
            for projection in projections:
                if live(db, projection.name) is None:
                    first = create(db, projection, state="live")
                    index(db, projection, first)
                    show(db, projection.name, first)


def live(db: Connection[Row], name: str, *, lock: bool = False) -> Generation | None:
    """The generation that the view shows; with `lock` nobody else writes it meanwhile."""
    where = SQL("WHERE name = %s AND state = 'live'")
    with db.cursor(row_factory=class_row(Generation)) as cursor:
        cursor.execute(_SELECT + where + SQL(" FOR UPDATE" if lock else ""), (name,))
        return cursor.fetchone()


def require_live(db: Connection[Row], name: str, *, lock: bool = False) -> Generation:
    """The same where it must be there.

    Raises:
        NotEnsured: `ensure` was never called for it.
    """
    found = live(db, name, lock=lock)
    if found is None:
        raise NotEnsured(name)
    return found


def of_state(db: Connection[Row], name: str, state: str) -> list[Generation]:
    """The generations of a projection in a state, the newest first."""
    where = SQL("WHERE name = %s AND state = %s ORDER BY generation DESC")
    with db.cursor(row_factory=class_row(Generation)) as cursor:
        cursor.execute(_SELECT + where, (name, state))
        return cursor.fetchall()


def set_state(db: Connection[Row], name: str, generation: int, state: str) -> None:
    db.execute(
        "UPDATE projection SET state = %s WHERE name = %s AND generation = %s",
        (state, name, generation),
    )


def create(db: Connection[Row], projection: Projection, *, state: str) -> int:
    """A new generation, empty and without indexes but its primary key; give its number."""
    row = db.execute(
        "INSERT INTO projection (name, generation, version, state)"
        " SELECT %s, coalesce(max(generation), 0) + 1, %s, %s FROM projection WHERE name = %s"
        " RETURNING generation",
        (projection.name, projection.version, state, projection.name),
    ).fetchone()
    generation = int(str(row[0])) if row is not None else 0
    statement = SQL("CREATE TABLE {} ({})")
    columns = SQL(projection.columns)
    db.execute(statement.format(table(projection.name, generation), columns))
    return generation


def index(db: Connection[Row], projection: Projection, generation: int) -> None:
    """Make the indexes; quicker after a table is filled than before."""
    for number, columns in enumerate(projection.indexes, start=1):
        name = Identifier(f"{projection.name}_{generation}_{number}")
        on = table(projection.name, generation)
        db.execute(SQL("CREATE INDEX {} ON {} {}").format(name, on, SQL(columns)))


def show(db: Connection[Row], name: str, generation: int) -> None:
    """Let the view of that name show this generation."""
    # Not CREATE OR REPLACE, which refuses other columns.
    db.execute(SQL("DROP VIEW IF EXISTS {}").format(Identifier(name)))
    statement = SQL("CREATE VIEW {} AS SELECT * FROM {}")
    db.execute(statement.format(Identifier(name), table(name, generation)))


def drop(db: Connection[Row], name: str, generation: int) -> None:
    """Remove a generation's table and all that is known of it."""
    db.execute(SQL("DROP TABLE IF EXISTS {}").format(table(name, generation)))
    db.execute("DELETE FROM projection WHERE name = %s AND generation = %s", (name, generation))
