"""Who the parties of a case are and who acts for them, by the log as it stands this moment.

Who may see what is decided by this, so it is never remembered without asking what has come since:
a view lags, and what it does not know yet may be that somebody has lost the right to look.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Final

from aggregates.case_parties_state import Parties, evolve
from events.case import CaseOpened
from events.case_party import PartyEvent
from events.case_procedure import RedactedCopyAdded
from events.catalogue import Event
from events.ids import CaseId
from services.ports import EventStore
from services.streams import case_stream

__all__ = ["CaseParties", "Parties", "parties_after"]

REMEMBERED_AT_MOST: Final = 10_000


class CaseParties:
    """One organisation's. Only what is new in a stream is read; what was read never changes."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: OrderedDict[CaseId, tuple[Parties, int]] = OrderedDict()

    async def find(self, case_id: CaseId) -> Parties:
        """Nobody at all, when there is no such case."""
        known, version = self._known.get(case_id, (Parties(), 0))
        found = await asyncio.to_thread(self._store.read, case_stream(case_id), after=version)
        if not found.events:
            return known
        parties = parties_after(known, found.events)
        self._known[case_id] = (parties, found.version)
        self._known.move_to_end(case_id)
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)
        return parties


def parties_after(parties: Parties, history: Iterable[Event]) -> Parties:
    return reduce(_after, history, parties)


def _after(parties: Parties, event: Event) -> Parties:
    if isinstance(event, CaseOpened):
        return Parties(first=event.party)
    if isinstance(event, RedactedCopyAdded):
        return replace(parties, redacted=parties.redacted | {event.original})
    return evolve(parties, event) if isinstance(event, PartyEvent) else parties
