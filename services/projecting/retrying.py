"""Tries parked facts again, after the cause of their trouble is mended."""

from dataclasses import dataclass

import structlog
from psycopg import Connection

from projections.projection import Projection
from services.database import Row
from services.logs import described
from services.projecting.generations import Generation, live, projector_connection, table
from services.projecting.parking import Parked, is_poison, parked_facts
from services.projecting.shared_log import WholeLog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """How many parked facts are in the view now, and how many are still parked."""

    taken_in: int
    parked: int


def retry(
    conninfo: str,
    schema: str,
    source: WholeLog,
    projection: Projection,
    stream: str | None = None,
) -> Retried:
    """Take in what is parked, of one stream or of all, in the order of the log.

    A stream stops at its first fact that fails again. The projection stands still meanwhile.
    """
    taken_in: list[Parked] = []
    failed: dict[str, tuple[Parked, str]] = {}
    with projector_connection(conninfo, schema) as db, db.transaction():
        generation = live(db, projection.name, lock=True)
        if generation is None:
            return Retried(taken_in=0, parked=0)
        parked = parked_facts(db, projection.name, generation.generation, stream)
        for fact in parked:
            if fact.stream in failed:
                continue
            error = _try(db, source, projection, generation, fact)
            if error is None:
                taken_in.append(fact)
            else:
                failed[fact.stream] = (fact, error)
        _keep(db, generation, taken_in, list(failed.values()))
    left = len(parked) - len(taken_in)
    log.info("parked_retried", projection=projection.name, taken_in=len(taken_in), parked=left)
    return Retried(taken_in=len(taken_in), parked=left)


def _try(
    db: Connection[Row],
    source: WholeLog,
    projection: Projection,
    generation: Generation,
    parked: Parked,
) -> str | None:
    """Take one fact in; what went wrong if it does not let itself be."""
    try:
        facts, _ = source.read_log(after=parked.position - 1, limit=1, only=projection.only)
        # A projection that has lost interest in such a fact has nothing to take in.
        wanted = [fact for fact in facts if fact.position == parked.position]
        with db.transaction(), db.cursor() as cursor:
            if wanted:
                projection.project(wanted, cursor, table(projection.name, generation.generation))
    except Exception as error:
        if not is_poison(error):
            raise
        return described(error)
    return None


def _keep(
    db: Connection[Row],
    generation: Generation,
    taken_in: list[Parked],
    failed: list[tuple[Parked, str]],
) -> None:
    key = (generation.name, generation.generation)
    db.execute(
        "DELETE FROM parked WHERE name = %s AND generation = %s AND position = ANY(%s)",
        (*key, [fact.position for fact in taken_in]),
    )
    for fact, error in failed:
        db.execute(
            "UPDATE parked SET attempts = attempts + 1, error = %s"
            " WHERE name = %s AND generation = %s AND position = %s",
            (error, *key, fact.position),
        )
    db.execute(
        "UPDATE projection SET parked = parked - %s WHERE name = %s AND generation = %s",
        (len(taken_in), *key),
    )
