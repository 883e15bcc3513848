"""What administrators are answered about how the system runs: figures and states, nobody's data."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import Shape


class ViewStandingShape(Shape):
    """`state` is current, behind (for longer than half a minute) or parked.

    `lag_events` counts all events after `position`, `lag_seconds` is the age of the oldest of them.
    """

    name: str
    state: str
    generation: int
    version: int
    position: int
    lag_events: int
    lag_seconds: float
    parked: int


class ParkedShape(Shape):
    """An event that a view could not take in; `about` is the kind of its stream, not which it is.

    `error` is what went wrong in the code, null where it only waits behind an earlier one.
    """

    view: str
    about: str
    position: int
    error: str | None
    attempts: int
    parked_at: datetime


class ViewsShape(Shape):
    """`end` is the last position that can be read; at most a hundred of what is parked."""

    end: int
    views: list[ViewStandingShape]
    parked: list[ParkedShape]


class CountShape(Shape):
    state: str
    number: int


class UnfiledShape(Shape):
    """An entry that waits for a person; `entry` is for `journal retry`, `error` a short code."""

    entry: UUID
    what: str
    about: str
    state: str
    since: datetime
    attempts: int
    error: str | None


class PulseShape(Shape):
    """One process. `unanswering` names the systems that it asks less often, as they do not answer;
    `is_silent` when it has not been heard of for half a minute.
    """

    job: str
    began_at: datetime
    heard_at: datetime
    is_silent: bool
    unanswering: list[str]


class JournalStandingShape(Shape):
    """`oldest_at` is when the oldest event was recorded that does not all lie there, null for none;
    `waiting_for_people` has at most fifty entries.
    """

    counts: list[CountShape]
    differences: list[CountShape]
    oldest_at: datetime | None
    waiting_for_people: list[UnfiledShape]
    processes: list[PulseShape]


class ChannelStandingShape(Shape):
    """`since` is since when the first of them has stood so."""

    channel: str
    state: str
    number: int
    since: datetime


class PostStandingShape(Shape):
    """`failing_since` is since when something has been tried in vain that is still tried."""

    channels: list[ChannelStandingShape]
    failing_since: datetime | None
    processes: list[PulseShape]


class ReaderShape(Shape):
    """Who reads the log on behalf of everybody; `epoch` is raised whenever another takes over."""

    name: str
    position: int
    epoch: int
    lag_events: int
    lag_seconds: float


class RelayShape(Shape):
    readers: list[ReaderShape]
    processes: list[PulseShape]


class KeyShape(Shape):
    """A key-encryption key by its id, and how many persons' keys it wraps, or wrapped."""

    id: str
    is_current: bool
    wraps: int
    destroyed: int


class KeysShape(Shape):
    keys: list[KeyShape]


class SessionCountShape(Shape):
    """`kind` is citizens or staff."""

    kind: str
    sessions: int
    persons: int
    last_used_at: datetime


class SessionCountsShape(Shape):
    counts: list[SessionCountShape]


class HeldShape(Shape):
    """Uploads that are set aside; `oldest_at` is when the first of them was sent."""

    state: str
    number: int
    oldest_at: datetime


class HeldDocumentsShape(Shape):
    held: list[HeldShape]
