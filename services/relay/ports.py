"""What the relay needs: where it has come to, and somewhere to publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.envelope import Recorded


class PublishFailed(Exception):
    """At least one fact of the batch was not acknowledged; any of them may have arrived."""


class Fenced(Exception):
    """Another relay has taken over since; whoever gets this must stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One owner's time: everything up to `position` was acknowledged before it began."""

    epoch: int
    position: int


class RelayPositions(Protocol):
    """Who relays an organisation's log, and how far it has come."""

    async def take_over(self) -> Tenure | None:
        """Become the owner, None while another is; a standby asks again soon."""
        ...

    async def advance(self, tenure: Tenure, position: int) -> Tenure:
        """Everything up to `position` is acknowledged.

        Raises:
            Fenced: another epoch has begun, or the position is not that of the tenure.
        """
        ...

    async def give_up(self) -> None:
        """Let a standby take over at once; does nothing for one who is not the owner."""
        ...


class Publisher(Protocol):
    async def publish(self, facts: Sequence[Recorded]) -> None:
        """Send a batch, and return when every one of it is acknowledged, in stream order.

        Raises:
            PublishFailed: not all were; the whole batch is sent again, from its beginning.
        """
        ...


class LogReader(Protocol):
    async def read(self, *, after: int, limit: int) -> tuple[Sequence[Recorded], int]:
        """The next facts of the log and the position reached, as `EventStore.read_log`."""
        ...

    async def wait(self) -> None:
        """Until the log may have grown, a quarter of a second at most."""
        ...
