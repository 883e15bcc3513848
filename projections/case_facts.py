"""What concerns a case: its own events, those of its journal, and those of its outgoing post."""

from typing import Final, TypeAlias, get_args

from events.case import CaseEvent
from events.catalogue import Event
from events.ids import CaseId
from events.journal import JournalEvent, MatterKind
from events.post import PostEvent

CaseFact: TypeAlias = CaseEvent | JournalEvent

CASE_FACTS: Final[tuple[type[Event], ...]] = (*get_args(CaseEvent), *get_args(JournalEvent))

TOLD_FACTS: Final[tuple[type[Event], ...]] = (*CASE_FACTS, *get_args(PostEvent))
"""What a case's timeline tells: these, and what became of the post about them."""


def case_of(event: Event) -> CaseId | None:
    """The case that the event concerns; None for others, and for the journal of a hearing."""
    if isinstance(event, CaseEvent | PostEvent):
        return event.case_id
    if isinstance(event, JournalEvent) and event.matter.kind is MatterKind.CASE:
        return CaseId(event.matter.id)
    return None
