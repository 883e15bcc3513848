"""The end of the log, read and decoded once for all projections of an organisation."""

import threading
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Protocol

from events.catalogue import Event
from events.envelope import Recorded
from services.projecting.parking import is_poison

KEPT: Final = 2000
"""How many facts are kept for those that have fallen a little behind."""
PAGE: Final = 500


class Log(Protocol):
    """What following a log takes of `services.ports.EventStore`."""

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """As `services.ports.EventStore.read_log`."""
        ...


class WholeLog(Log, Protocol):
    """And what reading it to its end takes."""

    def safe_position(self) -> int:
        """As `services.ports.EventStore.safe_position`."""
        ...


class SharedLog:
    """A log that many threads follow, each at its own position near the end.

    Whoever is further behind than what is kept reads from the log by himself.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reading = threading.Lock()
        self._reads = 0
        self._facts: list[Recorded] = []
        # What is kept are all facts with `first < position <= last`.
        self._first = 0
        self._last = 0

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """As `services.ports.EventStore.read_log`, and as fresh."""
        asked = self._reads
        with self._reading:
            # What another thread began to read after we asked is as good as reading it now.
            fresh = self._reads > asked and after <= self._last
            known = fresh or after < self._last or self._read_on(after)
            if known and after >= self._first:
                return self._kept(after, limit, only)
        return self._log.read_log(after=after, limit=limit, only=only)

    def _read_on(self, after: int) -> bool:
        """Keep what follows; False if that holds a fact which only some can do without."""
        if after > self._last:
            self._facts.clear()
            self._first = self._last = after
        self._reads += 1
        try:
            facts, reached = self._log.read_log(after=self._last, limit=PAGE)
        except Exception as error:
            if not is_poison(error):
                raise
            return False
        self._facts.extend(facts)
        self._last = reached
        surplus = len(self._facts) - KEPT
        if surplus > 0:
            self._first = self._facts[surplus - 1].position
            del self._facts[:surplus]
        return True

    def _kept(
        self, after: int, limit: int, only: Sequence[type[Event]]
    ) -> tuple[Sequence[Recorded], int]:
        start = bisect_right(self._facts, after, key=lambda fact: fact.position)
        wanted = [fact for fact in self._facts[start:] if not only or type(fact.event) in only]
        if len(wanted) > limit:
            return wanted[:limit], wanted[limit - 1].position
        return wanted, self._last
