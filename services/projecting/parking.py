"""Facts that a projection could not take in: put aside with their stream, and tried again.

A poison fact stops its own stream and nothing else. The later facts of the stream wait behind it,
because their rows would be built on what is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import class_row

from events.envelope import Recorded
from services.database import Row
from services.logs import described
from services.ports import StoreUnavailable, Undecodable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """`error` is None when the fact only waits behind an earlier one of its stream."""

    position: int
    stream: str
    error: str | None
    attempts: int = 1


def is_poison(error: Exception) -> bool:
    """Is the fact to blame, rather than the database, the way to it, or its tables?"""
    match error:
        case Undecodable():
            return True
        case psycopg.DataError() | psycopg.IntegrityError():
            return True
        case psycopg.errors.ProgramLimitExceeded():
            return True
        case psycopg.ProgrammingError():
            # Without a state it comes from our side of the wire: a value that cannot be sent.
            return error.sqlstate is None
        case psycopg.Error() | StoreUnavailable() | MemoryError():
            return False
        case _:
            return True


def take_in_what_can_be(
    facts: Sequence[Recorded],
    blocked: set[str],
    attempt: Callable[[Sequence[Recorded]], None],
) -> list[Parked]:
    """Halve a batch that fails until only the poison is left; give what is to be parked.

    `attempt` takes facts in whole or not at all. `blocked` are the streams that have something
    parked already, and grows.
    """
    parked: dict[int, Parked] = {}

    def halve(part: Sequence[Recorded]) -> None:
        wanted = [fact for fact in part if fact.stream not in blocked]
        if not wanted:
            return
        try:
            attempt(wanted)
        except Exception as error:
            if not is_poison(error):
                raise
            if len(wanted) == 1:
                parked[wanted[0].position] = _poison(wanted[0], error)
                blocked.add(wanted[0].stream)
                return
        else:
            taken_in.update(fact.position for fact in wanted)
            return
        middle = len(wanted) // 2
        halve(wanted[:middle])
        halve(wanted[middle:])

    taken_in: set[int] = set()
    halve(facts)
    for fact in facts:
        if fact.position not in taken_in:
            waits = Parked(position=fact.position, stream=fact.stream, error=None)
            parked.setdefault(fact.position, waits)
    return [parked[position] for position in sorted(parked)]


def _poison(fact: Recorded, error: Exception) -> Parked:
    return Parked(position=fact.position, stream=fact.stream, error=described(error))


def park(db: Connection[Row], name: str, generation: int, parked: Sequence[Parked]) -> None:
    """Put the facts on record as parked; the caller holds the generation's row."""
    if not parked:
        return
    db.execute(
        "INSERT INTO parked (name, generation, position, stream, error)"
        " SELECT %s, %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[])",
        (
            name,
            generation,
            [fact.position for fact in parked],
            [fact.stream for fact in parked],
            [fact.error for fact in parked],
        ),
    )
    db.execute(
        "UPDATE projection SET parked = parked + %s WHERE name = %s AND generation = %s",
        (len(parked), name, generation),
    )
    for fact in parked:
        if fact.error is not None:
            log.error(
                "fact_parked",
                projection=name,
                position=fact.position,
                stream=fact.stream,
                error=fact.error,
            )


def blocked_streams(db: Connection[Row], name: str, generation: int) -> set[str]:
    found = db.execute(
        "SELECT DISTINCT stream FROM parked WHERE name = %s AND generation = %s",
        (name, generation),
    )
    return {str(stream) for (stream,) in found}


def parked_facts(
    db: Connection[Row], name: str, generation: int, stream: str | None = None
) -> list[Parked]:
    """What a generation has parked, of one stream or of all, oldest first."""
    with db.cursor(row_factory=class_row(Parked)) as cursor:
        cursor.execute(
            "SELECT position, stream, error, attempts FROM parked WHERE name = %s"
            " AND generation = %s AND (%s::text IS NULL OR stream = %s) ORDER BY position",
            (name, generation, stream, stream),
        )
        return cursor.fetchall()
