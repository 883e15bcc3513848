"""The event log with commits that take time, and the desk that writes to it."""

import asyncio
from bisect import bisect_right, insort
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_OID, UUID

from events.catalogue import Event
from events.envelope import Recorded
from services.ids import derived_id
from services.memory import MemoryEventStore
from services.ports import (
    Clock,
    CommandWrite,
    Raced,
    Repeated,
    StoreUnavailable,
    WriteOutcome,
    Written,
)
from tests.simulation.loop import Process

LOCK_SECONDS: Final = 0.01


@dataclass(eq=False, slots=True)
class Transaction:
    """Has drawn its positions and holds its locks; nobody sees it before it commits."""

    owner: Process | None
    write: CommandWrite
    locks: frozenset[str]
    facts: list[Recorded]


@dataclass(frozen=True, slots=True)
class LogBackup:
    log: tuple[Recorded, ...]
    commands: dict[UUID, Repeated]
    drawn: int


class SimulatedStore(MemoryEventStore):
    """Positions are drawn before the commit, as by a sequence, so that they may come out of order.

    What was drawn and rolled back leaves a gap. Ids depend on the order of events alone.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._drawn = 0
        self._ids = 0
        self._open: list[Transaction] = []

    @property
    def facts(self) -> Sequence[Recorded]:
        """Everything committed, in the order of positions."""
        return self._log

    def safe_position(self) -> int:
        bound = min((t.facts[0].position for t in self._open if t.facts), default=self._drawn + 1)
        index = bisect_right(self._log, bound - 1, key=_position)
        return self._log[index - 1].position if index else 0

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        safe = self.safe_position()
        found, reached = self.committed(after=after, limit=limit, only=only)
        within = [fact for fact in found if fact.position <= safe]
        return within, max(after, min(reached, safe))

    def committed(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """As `read_log`, but with what lies above an append that may still commit."""
        rest = self._log[bisect_right(self._log, after, key=_position) :]
        found = [fact for fact in rest if not only or type(fact.event) in only]
        if len(found) >= limit:
            return found[:limit], found[limit - 1].position
        return found, rest[-1].position if rest else after

    async def append_slowly(
        self,
        write: CommandWrite,
        server: object,
        owner: Process | None,
        hold: Callable[[], Awaitable[None]],
    ) -> WriteOutcome:
        """One command in a transaction, which stays open while it is held up.

        Raises:
            StoreUnavailable: it was rolled back meanwhile, or decided on another server.
        """
        locks = frozenset({str(write.envelope.command_id), *(w.stream for w in write.streams)})
        while self._is_locked(locks):  # noqa: ASYNC110  # an event would wake in no certain order
            await asyncio.sleep(LOCK_SECONDS)
        if server != self._server:
            raise StoreUnavailable
        judged = self._judge(write)
        if judged is not None:
            return judged
        transaction = Transaction(owner, write, locks, self._numbered(write))
        self._open.append(transaction)
        try:
            await hold()
            if transaction not in self._open:
                raise StoreUnavailable
            return self._commit(transaction)
        finally:
            if transaction in self._open:
                self._open.remove(transaction)

    def roll_back(self, owner: Process) -> None:
        """Whoever dies leaves nothing half done."""
        self._open = [each for each in self._open if each.owner is not owner]

    def backup(self) -> LogBackup:
        return LogBackup(tuple(self._log), dict(self._commands), self._drawn)

    def restore(self, backup: LogBackup) -> None:
        self._open.clear()
        self._server = object()
        self._log = list(backup.log)
        self._commands = dict(backup.commands)
        self._drawn = backup.drawn
        self._streams.clear()
        for fact in self._log:
            self._streams[fact.stream].append(fact)

    def _is_locked(self, locks: frozenset[str]) -> bool:
        return any(not locks.isdisjoint(other.locks) for other in self._open)

    def _judge(self, write: CommandWrite) -> WriteOutcome | None:
        known = self._commands.get(write.envelope.command_id)
        if known is not None:
            return known
        for wanted in write.streams:
            standing = len(self._streams.get(wanted.stream, ()))
            if standing != wanted.expected_version:
                return Raced(stream=wanted.stream, actual_version=standing)
        return None

    def _numbered(self, write: CommandWrite) -> list[Recorded]:
        facts: list[Recorded] = []
        for wanted in write.streams:
            for version, event in enumerate(wanted.events, start=wanted.expected_version + 1):
                self._drawn += 1
                self._ids += 1
                fact = Recorded(
                    event=event,
                    stream=wanted.stream,
                    version=version,
                    position=self._drawn,
                    event_id=derived_id(NAMESPACE_OID, f"fact {self._ids}"),
                    recorded_at=self._clock.now(),
                    envelope=wanted.envelope(write.envelope),
                )
                facts.append(fact)
        return facts

    def _commit(self, transaction: Transaction) -> Written:
        self._open.remove(transaction)
        for fact in transaction.facts:
            insort(self._log, fact, key=_position)
            self._streams[fact.stream].append(fact)
        position = transaction.facts[-1].position if transaction.facts else 0
        write = transaction.write
        self._commands[write.envelope.command_id] = Repeated(
            fingerprint=write.fingerprint, answer=write.answer, position=position
        )
        return Written(position=position)


def _position(fact: Recorded) -> int:
    return fact.position
