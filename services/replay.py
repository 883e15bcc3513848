"""A case as it was: its history up to a version, position or moment, and the state that follows."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, cast

from pydantic import TypeAdapter
from pydantic_core import to_json, to_jsonable_python

from aggregates import case
from events.case import CaseEvent, CaseOpened
from events.envelope import Recorded
from events.ids import CaseId
from services.ports import EventStore
from services.streams import case_stream

_STATE: Final[TypeAdapter[case.Case]] = TypeAdapter(case.Case)

State = Mapping[str, object]
"""What the rules see of a case, as JSON; the same state is always the same JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsItWas:
    """`state` is what the rules saw at that point; `history` all that led to it."""

    version: int
    state: State
    history: Sequence[Recorded]


def replay(
    store: EventStore,
    case_id: CaseId,
    *,
    version: int | None = None,
    as_of: datetime | None = None,
    position: int | None = None,
) -> CaseAsItWas | None:
    """The case after `version` events, at a `position` of the log, or at the moment `as_of` by the
    database's clock.

    Returns None when there was no such case then. A moment is meant as recorded: what was known
    to the municipality at that time, whatever dates the facts themselves speak of.
    """
    history = [
        recorded
        for recorded in store.read_recorded(case_stream(case_id))
        if (version is None or recorded.version <= version)
        and (as_of is None or recorded.recorded_at <= as_of)
        and (position is None or recorded.position <= position)
    ]
    if not history:
        return None
    return CaseAsItWas(version=history[-1].version, state=state_after(history), history=history)


def state_after(history: Sequence[Recorded]) -> State:
    """What the rules see after so much of a case's stream; after nothing, of one not opened yet."""
    # The stream of a case holds nothing but case events.
    state = case.decider.replay(cast("CaseEvent", recorded.event) for recorded in history)
    return cast("State", to_jsonable_python(_settled(_STATE.dump_python(state))))


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


def _settled(value: object) -> object:
    """Sets in one order, and what the rules number by themselves by its name."""
    match value:
        case Mapping():
            return {str(name): _settled(each) for name, each in value.items()}
        case AbstractSet():
            return sorted(map(_settled, value), key=to_json)
        case list() | tuple():
            return [_settled(each) for each in value]
        case Enum() if not isinstance(value, str):
            return value.name.lower()
        case _:
            return value
