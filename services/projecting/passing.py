"""Positions of views that nothing concerned, moved together: one transaction instead of one each.

Most facts concern a few views, and whoever waits for one of the others must hear that it has
nothing to add.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import Connection

_MOVE: Final = """
    WITH passed AS MATERIALIZED (
        SELECT p.name, p.generation, m.reached
        FROM projection AS p JOIN unnest(
            %(names)s::text[], %(generations)s::int[], %(positions)s::bigint[],
            %(reached)s::bigint[]
        ) AS m (name, generation, position, reached) USING (name, generation, position)
        WHERE p.state = 'live'
        ORDER BY p.name FOR UPDATE OF p
    )
    UPDATE projection AS p SET position = passed.reached
    FROM passed WHERE (p.name, p.generation) = (passed.name, passed.generation)
    RETURNING p.name, pg_notify(%(channel)s, p.name || ' ' || p.position)"""
"""Rows are locked in the order of names, so that two who do this do not lock each other out."""


@dataclass(slots=True, kw_only=True, eq=False)
class Passage:
    """From `position` to `reached` nothing concerns a view; `has_moved` is None until tried."""

    name: str
    generation: int
    position: int
    reached: int
    has_moved: bool | None = None


class Passing:
    """Threads of one organisation use one: whoever comes first writes for all who wait."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._writing = threading.Lock()
        self.waiting: list[Passage] = []
        """Whose turn has not come, and those being written."""

    def move(self, passage: Passage, db: Connection[tuple[object, ...]]) -> bool:
        """False if another has worked on the view meanwhile; `db` is the calling thread's own.

        Raises:
            psycopg.Error: the database failed. It moved, or it did not.
        """
        self.waiting.append(passage)
        with self._writing:
            if passage.has_moved is None:
                try:
                    self._write(list(self.waiting), db)
                except BaseException:
                    self.waiting.remove(passage)
                    raise
        return passage.has_moved is True

    def _write(self, passages: Sequence[Passage], db: Connection[tuple[object, ...]]) -> None:
        given = {
            "names": [each.name for each in passages],
            "generations": [each.generation for each in passages],
            "positions": [each.position for each in passages],
            "reached": [each.reached for each in passages],
            "channel": self._channel,
        }
        moved = {row[0] for row in db.execute(_MOVE, given, prepare=True).fetchall()}
        for each in passages:
            each.has_moved = each.name in moved
            self.waiting.remove(each)
