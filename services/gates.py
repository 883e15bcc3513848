"""What a case still lacks before it may be closed or decided, by the rules themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from aggregates import case_closing, case_decision
from aggregates.case import Status, decider
from aggregates.requirement import Requirement
from events.case import CaseEvent
from events.case_decision import Outcome
from events.ids import CaseId
from services.ports import EventStore
from services.streams import case_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """`closing` is None when the case is not open; `deciding` is empty then, and where it is
    decided already or does not end in a decision of its own.
    """

    closing: Sequence[Requirement] | None
    deciding: Mapping[Outcome, Sequence[Requirement]]


def gates_of(store: EventStore, case_id: CaseId, today: date) -> Gates:
    """As the log stands now; a caller with an event loop asks on another thread."""
    history = store.read(case_stream(case_id)).events
    # The stream of a case holds nothing but its events.
    case = decider.replay(cast("Iterable[CaseEvent]", history))
    if case.status is not Status.OPEN:
        return Gates(closing=None, deciding={})
    possible = () if case.decision is not None else case_decision.outcomes(case)
    return Gates(
        closing=case_closing.requirements(case, today),
        deciding={each: case_decision.requirements(case, each) for each in possible},
    )
