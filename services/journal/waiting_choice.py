"""What a caseworker is asked about a matter: which case in the records system is the right one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from aggregates import journal
from events.journal import Candidate, ChoiceReason, JournalEvent, Matter
from services.ports import EventStore
from services.streams import journal_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingChoice:
    """`version` is that of the matter's journal, on which an answer may be made to depend."""

    reason: ChoiceReason
    candidates: tuple[Candidate, ...]
    version: int


def waiting_choice(store: EventStore, matter: Matter) -> WaitingChoice | None:
    """The choice that waits to be made, None when none does; asks the log, so it is up to date."""
    found = store.read(journal_stream(matter))
    # A journal's stream holds the events of a journal and no others.
    history = cast("Iterable[JournalEvent]", found.events)
    choice = journal.decider.replay(history).choice
    if choice is None or choice.made:
        return None
    return WaitingChoice(reason=choice.reason, candidates=choice.candidates, version=found.version)
