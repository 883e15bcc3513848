"""Moves one projection along the log: rows and checkpoint in one transaction."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from psycopg.sql import Identifier

from events.envelope import Recorded
from projections.projection import Projection
from services.logs import described
from services.ports import Undecodable
from services.projecting.generations import (
    lock_number,
    projector_connection,
    require_live,
    table,
    views_channel,
)
from services.projecting.parking import (
    Parked,
    blocked_streams,
    is_poison,
    park,
    take_in_what_can_be,
)
from services.projecting.passing import Passage, Passing
from services.projecting.shared_log import Log

BATCH: Final = 500
"""The most facts taken in by one transaction, so that no view stands still for long."""

_OWN: Final = """
    SELECT generation, version, position, parked FROM projection
    WHERE name = %s AND state = 'live' FOR UPDATE SKIP LOCKED"""
_ADVANCE: Final = """
    UPDATE projection SET position = %(reached)s
    WHERE name = %(name)s AND generation = %(generation)s AND position = %(position)s
        AND state = 'live'
    RETURNING pg_notify(%(channel)s, %(announcement)s)"""


class OtherVersion(Exception):
    """The live generation was written by another version of the projection than ours."""

    def __init__(self, name: str, live_version: int, our_version: int) -> None:
        super().__init__(f"{name} is live in version {live_version}, and ours is {our_version}.")
        self.live_version = live_version
        self.our_version = our_version


class Projector:
    """One projection of one organisation, on a connection of its own.

    Any number may run at once: whoever holds the projection's row writes, and a fact counts
    once, because the row's position moves in the transaction that takes the fact in.
    Used by one thread.
    """

    def __init__(
        self,
        conninfo: str,
        schema: str,
        log: Log,
        projection: Projection,
        passing: Passing | None = None,
    ) -> None:
        self._log = log
        self._passing = passing or Passing(views_channel(schema))
        self._projection = projection
        self._channel = views_channel(schema)
        self._generation = 0
        self._position = 0
        self._db = projector_connection(conninfo, schema)
        try:
            self._lock = lock_number(self._db, f"projector {projection.name}")
            self._look()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def elect(self) -> bool:
        """Become the one that works, unless another is; it stays so while the connection lasts.

        This only spares others the reading. That a fact counts once is the row's doing.
        """
        row = self._db.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchone()
        return row is not None and row[0] is True

    def step(self) -> int:
        """Take in the next facts; give how many, 0 when there are none or another is at work.

        Raises:
            OtherVersion: the live generation is not of our version.
            psycopg.Error, StoreUnavailable: the database failed. Nothing was taken in, or it was
                and the answer got lost; a new projector finds out which.
        """
        try:
            facts, reached = self._read()
        except Undecodable as strange:
            poison = Parked(
                position=strange.position, stream=strange.stream, error=described(strange)
            )
            return self._take_in([], strange.position, lambda _: [poison])
        if reached <= self._position:
            return 0
        if not facts:
            return self._pass_over(reached)
        try:
            return self._take_in(facts, reached, lambda blocked: self._whole(facts, blocked))
        except Exception as error:
            if not is_poison(error):
                raise
            return self._take_in(facts, reached, lambda blocked: self._halved(facts, blocked))

    def _read(self) -> tuple[Sequence[Recorded], int]:
        """The next page; a shorter one before a fact that cannot be read, which then stands alone.

        Raises:
            Undecodable: the next fact of ours cannot be read.
        """
        return self._log.read_log(after=self._position, limit=BATCH, only=self._projection.only)

    def _take_in(
        self, facts: Sequence[Recorded], reached: int, work: Callable[[set[str]], list[Parked]]
    ) -> int:
        """Let `work` write rows; it gets the blocked streams and gives what is to be parked."""
        name = self._projection.name
        with self._db.transaction():
            row = self._db.execute(_OWN, (name,), prepare=True).fetchone()
            if row is None:
                return 0
            generation, version, position, parked = (int(str(value)) for value in row)
            if version != self._projection.version:
                raise OtherVersion(name, version, self._projection.version)
            if (generation, position) != (self._generation, self._position):
                # Someone else has worked, or a rebuilt generation went live: read from there.
                self._generation, self._position = generation, position
                return 0
            blocked = blocked_streams(self._db, name, generation) if parked else set()
            park(self._db, name, generation, work(blocked))
            self._advance(reached)
        self._position = reached
        return max(1, len(facts))

    def _pass_over(self, reached: int) -> int:
        """Nothing in between concerns this projection, but who waits for it must hear of it."""
        passage = Passage(
            name=self._projection.name,
            generation=self._generation,
            position=self._position,
            reached=reached,
        )
        if self._passing.move(passage, self._db):
            self._position = reached
        else:
            self._look()
        return 0

    def _advance(self, reached: int) -> bool:
        moved = self._db.execute(
            _ADVANCE,
            {
                "name": self._projection.name,
                "generation": self._generation,
                "position": self._position,
                "reached": reached,
                "channel": self._channel,
                "announcement": f"{self._projection.name} {reached}",
            },
            prepare=True,
        )
        return moved.rowcount == 1

    def _whole(self, facts: Sequence[Recorded], blocked: set[str]) -> list[Parked]:
        wanted = [fact for fact in facts if fact.stream not in blocked] if blocked else facts
        if wanted:
            with self._db.cursor() as cursor:
                self._projection.project(wanted, cursor, self._table())
        return [
            Parked(position=fact.position, stream=fact.stream, error=None)
            for fact in facts
            if fact.stream in blocked
        ]

    def _halved(self, facts: Sequence[Recorded], blocked: set[str]) -> list[Parked]:
        def attempt(part: Sequence[Recorded]) -> None:
            with self._db.transaction(), self._db.cursor() as cursor:
                self._projection.project(part, cursor, self._table())

        return take_in_what_can_be(facts, blocked, attempt)

    def _table(self) -> Identifier:
        return table(self._projection.name, self._generation)

    def _look(self) -> None:
        found = require_live(self._db, self._projection.name)
        if found.version != self._projection.version:
            raise OtherVersion(found.name, found.version, self._projection.version)
        self._generation, self._position = found.generation, found.position
