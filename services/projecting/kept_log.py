"""The log as views are made from it: what is personal is sealed before any of them sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.catalogue import Event
from events.envelope import Recorded


class Keeping(Protocol):
    """What it takes of `services.eventstore.store.PostgresEventStore`."""

    def read_log_kept(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]: ...

    def safe_position(self) -> int: ...


@dataclass(frozen=True, slots=True)
class KeptLog:
    """A `services.projecting.shared_log.Log`."""

    store: Keeping

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        return self.store.read_log_kept(after=after, limit=limit, only=only)

    def safe_position(self) -> int:
        return self.store.safe_position()
