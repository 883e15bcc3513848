"""Proves a view: builds it anew from the log, and compares it with the live one row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from psycopg import Connection, IsolationLevel
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from projections.projection import Projection
from services.database import Row
from services.projecting.generations import Generation, require_live, table
from services.projecting.rebuilding import Progress, alone, fill, under_construction
from services.projecting.shared_log import WholeLog

log = structlog.get_logger()

SAMPLES: Final = 5
_COPY: Final = Identifier("verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that only the live view has, or only the one built from the log."""

    only_in: str
    row: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """`rows` were compared; `differing` of them are on one side only, counted on both sides."""

    name: str
    position: int
    rows: int
    differing: int
    samples: Sequence[Difference]


def verify(
    conninfo: str,
    schema: str,
    source: WholeLog,
    projection: Projection,
    progress: Progress | None = None,
) -> Verified:
    """Compare the live view, as it is at one moment, with what the log says it is then.

    The live projection goes on meanwhile. Facts that it has parked are differences.

    Raises:
        RebuildStopped: the log holds a fact that cannot be taken in.
        RebuildUnderWay: the projection is being rebuilt or verified.
    """
    with alone(conninfo, schema, projection.name) as db:
        current = _copied(db, projection)
        with under_construction(db, projection) as generation:
            aim = current.position
            fill(db, source, projection, generation, up_to=aim, progress=progress)
            found = _compared(db, current, table(projection.name, generation))
    log.info("view_verified", projection=projection.name, differing=found.differing)
    return found


def _copied(db: Connection[Row], projection: Projection) -> Generation:
    """Keep the live rows as they are at one position, without stopping who writes them."""
    db.isolation_level = IsolationLevel.REPEATABLE_READ
    with db.transaction():
        current = require_live(db, projection.name)
        statement = SQL("CREATE TEMPORARY TABLE {} AS TABLE {}")
        db.execute(statement.format(_COPY, table(current.name, current.generation)))
    db.isolation_level = None
    return current


def _compared(db: Connection[Row], current: Generation, rebuilt: Identifier) -> Verified:
    live_only = SQL("TABLE {} EXCEPT ALL TABLE {}").format(_COPY, rebuilt)
    rebuilt_only = SQL("TABLE {} EXCEPT ALL TABLE {}").format(rebuilt, _COPY)
    differences = [
        *_samples(db, "live", live_only),
        *_samples(db, "log", rebuilt_only),
    ]
    return Verified(
        name=current.name,
        position=current.position,
        rows=_count(db, SQL("TABLE {}").format(rebuilt)),
        differing=_count(db, live_only) + _count(db, rebuilt_only),
        samples=differences,
    )


def _count(db: Connection[Row], rows: Composed) -> int:
    with db.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(SQL("SELECT count(*) FROM ({}) AS rows").format(rows))
        ((count,),) = cursor.fetchall()
        return int(count)


def _samples(db: Connection[Row], only_in: str, rows: Composed) -> list[Difference]:
    with db.cursor(row_factory=tuple_row) as cursor:
        statement = SQL("SELECT to_jsonb(rows) FROM ({}) AS rows LIMIT {}")
        cursor.execute(statement.format(rows, SAMPLES))
        return [Difference(only_in=only_in, row=row) for (row,) in cursor.fetchall()]
