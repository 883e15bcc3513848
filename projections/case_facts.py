"""What concerns a case: its own events, those of its journal, and those of its outgoing post."""

from typing import Final, get_args

from events.case import CaseEvent
from events.catalogue import Event
from events.ids import CaseId
from events.journal import JournalEvent, MatterKind
from events.post import PostEvent

CASE_FACTS: Final[tuple[type[Event], ...]] = (
    *get_args(CaseEvent),
    *get_args(JournalEvent),
    *get_args(PostEvent),
)


def case_of(event: Event) -> CaseId | None:
    """The case that the event concerns; None for others, and for what is beside a hearing
    or tender."""
    if isinstance(event, CaseEvent):
        return event.case_id
    if isinstance(event, JournalEvent | PostEvent) and event.matter.kind is MatterKind.CASE:
        return CaseId(event.matter.id)
    return None
