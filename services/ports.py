"""What the services need from outside, in our own words. Adapters implement these."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from events.catalogue import Event
from events.envelope import Envelope, Recorded


class StoreUnavailable(Exception):
    """The store did not answer within its deadline; nothing is known to be lost.

    A repeat with the same command id is safe: whatever was committed is recognised.
    """


class Undecodable(Exception):
    """A stored fact that this version of the code cannot read: its name or its bytes are strange.

    Everything about it is known but what it says; `__cause__` tells why.
    """

    def __init__(self, *, name: str, stream: str, version: int, position: int) -> None:
        super().__init__(f"{name} at position {position} cannot be read.")
        self.name = name
        self.stream = stream
        self.version = version
        self.position = position


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream's history; `version` counts its events, 0 when there are none."""

    events: Sequence[Event]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamWrite:
    """What one command does to one stream, on condition that it stands at `expected_version`.

    Without events it is a guard: the stream must stand there, and is left as it is.
    `service_version`, where it is known, goes into the envelope of the stream's events: one
    command may touch cases that began under different versions.
    """

    stream: str
    expected_version: int
    events: Sequence[Event]
    service_version: str | None = None

    def envelope(self, of_command: Envelope) -> Envelope:
        if self.service_version is None:
            return of_command
        return replace(of_command, service_version=self.service_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandWrite:
    """Everything one command leaves behind, in one transaction or not at all.

    `fingerprint` tells the same request from another that uses its command id; `answer` is
    kept with the command and given back, byte for byte, to whoever repeats it.
    """

    envelope: Envelope
    fingerprint: bytes
    answer: bytes
    streams: Sequence[StreamWrite]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Done now. `position` is that of its last event, or 0 if it had none."""

    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The command id was used before; this is what was answered then."""

    fingerprint: bytes
    answer: bytes
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raced:
    """Someone else wrote to `stream` first; nothing of this command was kept."""

    stream: str
    actual_version: int


WriteOutcome: TypeAlias = Written | Repeated | Raced


class EventStore(Protocol):
    """One organisation's events: an append-only log of many streams."""

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream:
        """The events of versions `after < version <= up_to`; `version` is that of the last read."""
        ...

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]:
        """As `read`, with every envelope, oldest first.

        Raises:
            Undecodable: one of them cannot be read.
        """
        ...

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """At most `limit` facts after a position, in order, and the position reached.

        Never passes a position below which an append may still commit. With `only`, other facts
        are left out but the position reached passes over them.

        Raises:
            Undecodable: the first fact wanted cannot be read. Those before one that cannot are
                given first, as a shorter page.
        """
        ...

    def safe_position(self) -> int:
        """The position up to which every reader sees the same facts for ever."""
        ...

    def server(self) -> object:
        """Changes when the events may have been brought back from an older day.

        Whoever remembers what was read before then remembers what may never have been.

        Raises:
            StoreUnavailable: no answer in time.
        """
        ...

    def append(
        self, writes: Sequence[CommandWrite], *, server: object = None
    ) -> list[WriteOutcome]:
        """Write many commands in one call, each with its own outcome, in the order given.

        A later command sees what an earlier one of the same call has written. `server` is the one
        they were decided on; None is whichever there is.

        Raises:
            StoreUnavailable: no answer in time, or it is another server by now; repeat with the
                same command ids.
        """
        ...

    def repeated(self, command_id: UUID) -> Repeated | None:
        """What was answered to a command, None when there was none of that id."""
        ...

    def exclusively(self, streams: Sequence[str]) -> AbstractContextManager[None]:
        """Keep other writers away from hot streams while they are loaded, decided and appended."""
        ...


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, always with an offset."""
        ...
