"""Builds a projection anew beside the live one, and puts it in its place when it has caught up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

import structlog
from psycopg import Connection
from psycopg.sql import SQL

from projections.projection import Projection
from services.database import Row
from services.logs import described
from services.projecting.generations import (
    Generation,
    create,
    drop,
    index,
    lock_number,
    of_state,
    rebuild_connection,
    require_live,
    set_state,
    show,
    table,
    views_channel,
)
from services.projecting.parking import is_poison
from services.projecting.shared_log import WholeLog

log = structlog.get_logger()

PAGE: Final = 2000
Progress: TypeAlias = Callable[[int, int], None]
"""Told after every page the position reached and the one aimed at."""


class RebuildStopped(Exception):
    """A fact could not be taken in, so the view was left as it is. `__cause__` says why."""

    def __init__(self, name: str, after: int, cause: Exception) -> None:
        super().__init__(f"{name} stopped in the page after position {after}: {described(cause)}.")
        self.name = name
        self.after = after


class RebuildUnderWay(Exception):
    """This projection is being rebuilt or verified already."""


class NothingToRestore(Exception):
    """The projection has no previous generation."""


def rebuild(
    conninfo: str,
    schema: str,
    source: WholeLog,
    projection: Projection,
    progress: Progress | None = None,
) -> Generation:
    """Build a new generation from the whole log and make it the live one; give what it is now.

    Readers notice nothing: the view is exchanged in one transaction, once the new generation
    has come as far as the live one. The one it replaces is kept for `restore_previous`.

    Raises:
        RebuildStopped: a fact could not be taken in; the live generation stays.
        RebuildUnderWay: somebody else is at it.
    """
    name = projection.name
    with alone(conninfo, schema, name) as db:
        log.info("rebuild_started", projection=name, version=projection.version)
        with under_construction(db, projection) as generation:
            reached = fill(db, source, projection, generation, progress=progress)
            index(db, projection, generation)
            db.execute(SQL("ANALYZE {}").format(table(name, generation)))
            # What came in meanwhile, so that the live one need not stand still for all of it.
            reached = fill(db, source, projection, generation, after=reached, progress=progress)
            with db.transaction():
                current = require_live(db, name, lock=True)
                fill(db, source, projection, generation, after=reached, up_to=current.position)
                _exchange(db, schema, current, generation)
        found = require_live(db, name)
        log.info("rebuild_finished", projection=name, position=found.position)
        return found


def restore_previous(conninfo: str, schema: str, name: str) -> Generation:
    """Show the generation before again; its projector goes on from where it stopped.

    For going back to the version of the code that wrote it.

    Raises:
        NothingToRestore: there is none.
        RebuildUnderWay: the projection is being rebuilt.
    """
    with alone(conninfo, schema, name) as db, db.transaction():
        current = require_live(db, name, lock=True)
        before = of_state(db, name, "previous")
        if not before:
            raise NothingToRestore(name)
        _exchange(db, schema, current, before[0].generation)
        log.warning("previous_generation_restored", projection=name)
        return require_live(db, name)


@contextmanager
def alone(conninfo: str, schema: str, name: str) -> Iterator[Connection[Row]]:
    """A connection for long work, held by one rebuild or verification of a projection."""
    with rebuild_connection(conninfo, schema) as db:
        number = lock_number(db, f"rebuild {name}")
        row = db.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        if row is None or row[0] is not True:
            raise RebuildUnderWay(name)
        yield db
        # The server lets go of it a moment after the connection is closed; whoever rebuilds next
        # should not be refused for that.
        db.execute("SELECT pg_advisory_unlock(%s)", (number,))


@contextmanager
def under_construction(db: Connection[Row], projection: Projection) -> Iterator[int]:
    """A generation that is gone after the block, unless it was made live there."""
    name = projection.name
    _clear(db, name)  # a process that was killed has left its own
    with db.transaction():
        generation = create(db, projection, state="building")
    try:
        yield generation
    finally:
        if not db.broken:
            _clear(db, name)


def _clear(db: Connection[Row], name: str) -> None:
    for left in of_state(db, name, "building"):
        with db.transaction():
            drop(db, name, left.generation)


def fill(
    db: Connection[Row],
    source: WholeLog,
    projection: Projection,
    generation: int,
    *,
    after: int = 0,
    up_to: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Take in all facts of `after < position <= up_to`, or to the end; give the position reached.

    Raises:
        RebuildStopped: the first fact that cannot be taken in.
    """
    position = after
    aim = source.safe_position() if up_to is None else up_to
    while up_to is None or position < up_to:
        try:
            reached = _fill_page(db, source, projection, generation, position, up_to)
        except Exception as error:
            if is_poison(error):
                raise RebuildStopped(projection.name, position, error) from error
            raise
        if reached == position:
            break
        position = reached
        if progress is not None:
            progress(position, max(position, aim))
    return position


def _fill_page(
    db: Connection[Row],
    source: WholeLog,
    projection: Projection,
    generation: int,
    after: int,
    up_to: int | None,
) -> int:
    """One page of `fill` in one transaction; give the position reached."""
    facts, reached = source.read_log(after=after, limit=PAGE, only=projection.only)
    if up_to is not None and reached > up_to:
        facts = [fact for fact in facts if fact.position <= up_to]
        reached = up_to
    if reached == after:
        return after
    with db.transaction():
        if facts:
            with db.cursor() as cursor:
                projection.project(facts, cursor, table(projection.name, generation))
        db.execute(
            "UPDATE projection SET position = %s WHERE name = %s AND generation = %s",
            (reached, projection.name, generation),
        )
    return reached


def _exchange(db: Connection[Row], schema: str, current: Generation, coming: int) -> None:
    """Make another generation the live one; the caller holds the row of the current one."""
    for old in of_state(db, current.name, "previous"):
        if old.generation != coming:
            drop(db, current.name, old.generation)
    set_state(db, current.name, current.generation, "previous")
    set_state(db, current.name, coming, "live")
    show(db, current.name, coming)
    position = require_live(db, current.name).position
    db.execute("SELECT pg_notify(%s, %s)", (views_channel(schema), f"{current.name} {position}"))
