"""An event store in memory: a fake, held to the same contract tests as the real one."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from events.catalogue import Event
from events.envelope import Recorded
from services.ids import new_id
from services.ports import (
    Clock,
    CommandWrite,
    Raced,
    Repeated,
    StoreUnavailable,
    Stream,
    WriteOutcome,
    Written,
)


class MemoryEventStore:
    """`services.ports.EventStore` for one organisation, for as long as the process lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._log: list[Recorded] = []
        self._streams: defaultdict[str, list[Recorded]] = defaultdict(list)
        self._commands: dict[UUID, Repeated] = {}
        self._server = object()

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream:
        found = self.read_recorded(stream, after=after, up_to=up_to)
        return Stream(tuple(r.event for r in found), found[-1].version if found else after)

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]:
        with self._lock:
            return self._streams.get(stream, [])[after:up_to]

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        with self._lock:
            rest = self._log[after:]
        found = [r for r in rest if not only or type(r.event) in only]
        if len(found) >= limit:
            found = found[: max(limit, 0)]
            return found, found[-1].position if found else after
        return found, after + len(rest)

    def safe_position(self) -> int:
        with self._lock:
            return len(self._log)

    def server(self) -> object:
        return self._server

    def append(
        self, writes: Sequence[CommandWrite], *, server: object = None
    ) -> list[WriteOutcome]:
        for write in writes:
            if len({wanted.stream for wanted in write.streams}) < len(write.streams):
                raise ValueError("A command names each stream once.")
        with self._lock:
            if server not in (None, self._server):
                raise StoreUnavailable("another server")
            return [self._append(write) for write in writes]

    def repeated(self, command_id: UUID) -> Repeated | None:
        with self._lock:
            return self._commands.get(command_id)

    @contextmanager
    def exclusively(self, streams: Sequence[str]) -> Iterator[None]:
        """Keep every other thread from all streams, those asked for among them."""
        del streams
        with self._lock:
            yield

    def _append(self, write: CommandWrite) -> WriteOutcome:
        known = self._commands.get(write.envelope.command_id)
        if known is not None:
            return known
        for wanted in write.streams:
            standing = len(self._streams.get(wanted.stream, ()))
            if standing != wanted.expected_version:
                return Raced(stream=wanted.stream, actual_version=standing)
        position = 0
        for wanted in write.streams:
            for version, event in enumerate(wanted.events, start=wanted.expected_version + 1):
                position = len(self._log) + 1
                recorded = Recorded(
                    event=event,
                    stream=wanted.stream,
                    version=version,
                    position=position,
                    event_id=new_id(),
                    recorded_at=self._clock.now(),
                    envelope=wanted.envelope(write.envelope),
                )
                self._log.append(recorded)
                self._streams[wanted.stream].append(recorded)
        self._commands[write.envelope.command_id] = Repeated(
            fingerprint=write.fingerprint, answer=write.answer, position=position
        )
        return Written(position=position)
