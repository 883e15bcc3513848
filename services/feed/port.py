"""What the sync needs to hear of every fact, at least once and in each stream's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class FeedUnavailable(Exception):
    """The feed does not answer; what was not committed comes again. No personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRef:
    """A fact by where it lies; `name` is its wire name. What it says is read from the log.

    `version` is 0 where the feed does not tell it, as Kafka does not of a tender.
    """

    event_id: UUID
    stream: str
    version: int
    position: int
    name: str


class Feed(Protocol):
    """One organisation's facts. One consumer uses it; many may share the work."""

    async def read(self) -> Sequence[FactRef]:
        """The next facts, none when there are none within a quarter of a second or so.

        Facts of one stream come in order. Whatever was not committed comes again, here or at
        another consumer, so the same fact may come more than once.

        Raises:
            FeedUnavailable: try again.
        """
        ...

    async def commit(self) -> None:
        """Everything that `read` has given is taken in, durably; it need not come again.

        But for what has been taken from this consumer meanwhile: that comes again, to its next.

        Raises:
            FeedUnavailable: it may come again.
        """
        ...

    async def close(self) -> None:
        """Let others have the work at once."""
        ...
