"""A case as it was: its history up to a version or a moment, and the state that follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import TypeAdapter

from aggregates import case
from events.case import CaseEvent, CaseOpened
from events.envelope import Recorded
from events.ids import CaseId
from services.ports import EventStore
from services.streams import case_stream

_STATE: TypeAdapter[case.Case] = TypeAdapter(case.Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsItWas:
    """`state` is what the rules saw at that point, as JSON; `history` all that led to it."""

    version: int
    state: dict[str, object]
    history: Sequence[Recorded]


def replay(
    store: EventStore,
    case_id: CaseId,
    *,
    version: int | None = None,
    as_of: datetime | None = None,
) -> CaseAsItWas | None:
    """The case after `version` events, or at the moment `as_of` by the database's clock.

    Returns None when there was no such case then. A moment is meant as recorded: what was known
    to the municipality at that time, whatever dates the facts themselves speak of.
    """
    history = [
        recorded
        for recorded in store.read_recorded(case_stream(case_id))
        if (version is None or recorded.version <= version)
        and (as_of is None or recorded.recorded_at <= as_of)
    ]
    if not history:
        return None
    # The stream of a case holds nothing but case events.
    state = case.decider.replay(cast("CaseEvent", recorded.event) for recorded in history)
    return CaseAsItWas(
        version=history[-1].version,
        state=_STATE.dump_python(state, mode="json"),
        history=history,
    )


def cases(store: EventStore, *, page: int = 500) -> Iterator[tuple[CaseId, int]]:
    """Every case there is and the position it was opened at, in the order they were opened."""
    position = 0
    while True:
        opened, reached = store.read_log(after=position, limit=page, only=(CaseOpened,))
        for recorded in opened:
            if isinstance(recorded.event, CaseOpened):
                yield recorded.event.case_id, recorded.position
        if reached <= position or len(opened) < page:
            return
        position = reached
