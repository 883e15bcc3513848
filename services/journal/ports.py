"""The sync's own to-do list, which is durable, and what it needs to carry things out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from aggregates.journal import Journal as JournalState
from events.envelope import Recorded
from events.ids import EntryId
from events.journal import EsdhCase, Matter


class EntryKind(StrEnum):
    """What is done in the records system."""

    CASE = "case"
    DOCUMENT = "document"
    NOTE = "note"
    REMINDER = "reminder"
    REMINDER_FINISHED = "reminder-finished"
    STATUS = "status"
    HANDLER = "handler"


REPEATABLE: Final = frozenset({EntryKind.REMINDER_FINISHED, EntryKind.STATUS, EntryKind.HANDLER})
"""What leaves nothing behind that could be there twice, and what a closed case still takes."""


class EntryState(StrEnum):
    """`waiting → intent → filed → done`, or `choice`, `refused`, until a person has acted.

    `intent`: a request may be under way, or its outcome unknown. `filed`: it lies there, and the
    matter's timeline has not been told. `done` also covers what the e-mail route has sent.
    """

    WAITING = "waiting"
    INTENT = "intent"
    FILED = "filed"
    DONE = "done"
    CHOICE = "choice"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One thing to do. A fact gives `parts` of them, numbered from 0.

    `event_id`, `stream`, `version` and `position` are the fact's. `resource` names what must not
    get two cases at once (`property-100063828`), None where that cannot happen.
    """

    entry: EntryId
    matter: Matter
    kind: EntryKind
    event_id: UUID
    stream: str
    version: int
    position: int
    recorded_at: datetime
    part: int
    parts: int
    resource: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands. `intended` is the epoch of its latest intent, 0 while it has had none:
    with each a request may have been sent anew. `failing_since` is when it first went wrong, None
    while it has not; `attempts` is how many went wrong.

    `due_at` is the next attempt; `error` is the last reason, a short code; `receipt` the records
    system's id.
    """

    new: NewEntry
    state: EntryState
    attempts: int
    due_at: datetime
    failing_since: datetime | None
    error: str | None
    receipt: str | None
    intended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A matter held by one worker. `entries` are its unfinished ones in the order of the log.

    `epoch` rises with every claim, so that whoever held the matter before can change nothing.
    """

    matter: Matter
    epoch: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intend:
    """Write down that a request is about to be sent.

    With a `resource` it succeeds only while nobody else has an intent on it and its version is
    still `resource_version`: whoever opened a case there meanwhile is looked at first.
    """

    matter: Matter
    epoch: int
    entry: EntryId
    resource: str | None = None
    resource_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """What became of an entry. `retry_in` in seconds.

    An `error` counts as one more attempt, and None clears it; but an intent without one is only
    waited for, and keeps the error and the count that it has.

    A change to anything but `intent` gives the entry's resource free, and raises its version.
    `esdh_id` is the case it lies on; with the entry that had an intent on a resource it is kept
    there, for those who look next.
    """

    matter: Matter
    epoch: int
    entry: EntryId
    state: EntryState
    receipt: str | None = None
    error: str | None = None
    retry_in: float = 0.0
    esdh_id: str | None = None


Change: TypeAlias = Intend | Settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """`version` rises whenever an intent on it is settled; `esdh_ids` are cases opened for it."""

    version: int
    busy: bool
    esdh_ids: Sequence[str]


class Journal(Protocol):
    """Durable rows. Every call is one transaction, done whole or not at all.

    Times are the database's. Raises `services.ports.StoreUnavailable` when it does not answer; a
    call may then have been done or not, and repeating it does no harm.
    """

    @property
    def server(self) -> object:
        """Changes when the rows may have been brought back from an older day."""
        ...

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        """Add what is not there yet, by entry id; give how many were new."""
        ...

    async def wake(self, matters: Sequence[Matter]) -> None:
        """A person has acted: entries in `choice` or `refused` wait again, and are due now."""
        ...

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        """Hold matters whose first unfinished entry is due and that nobody else holds.

        A matter whose first unfinished entry is in `choice` or `refused` is not due, and later
        entries wait behind the first.
        """
        ...

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        """Apply each on condition that its matter is still held under that epoch; False where
        not, which changes nothing and hinders no other. Changes of one call are independent.
        """
        ...

    async def extend(self, claims: Sequence[tuple[Matter, int]], *, lease_seconds: float) -> None:
        """Hold on to those matters that are still held under that epoch."""
        ...

    async def release(self, claims: Sequence[tuple[Matter, int]]) -> None:
        """Let go; each becomes due when its first unfinished entry is."""
        ...

    async def resource(self, name: str) -> Resource:
        """How a resource stands; version 0, free and without cases if nobody has touched it."""
        ...

    async def next_due(self) -> float | None:
        """Seconds until some matter that nobody holds is due, 0 if one is; None when none is."""
        ...


class Facts(Protocol):
    """The log as the sync reads it."""

    async def fact(self, stream: str, version: int) -> Recorded | None: ...

    async def history(self, stream: str) -> Sequence[Recorded]: ...

    async def journal(self, matter: Matter) -> JournalState: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedMatter:
    """A matter whose case is known, for reconciliation."""

    matter: Matter
    esdh_case: EsdhCase
