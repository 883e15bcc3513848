"""What never changes about a case once it is open, remembered so that it is read only once."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from events.case import CaseKind, CaseOpened
from events.ids import CaseId, HearingId, PartyId, TeamId
from services.ports import EventStore
from services.streams import case_stream

REMEMBERED_AT_MOST: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    kind: CaseKind
    team: TeamId
    party: PartyId
    reference: str
    hearing: HearingId | None


class OpenedCases:
    """One organisation's cases by id. It asks the log and not a view, so a new case is there."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: OrderedDict[CaseId, OpenedCase] = OrderedDict()

    async def find(self, case_id: CaseId) -> OpenedCase | None:
        found = self._known.get(case_id)
        if found is None:
            found = await asyncio.to_thread(self._read, case_id)
            if found is not None:
                self.remember(case_id, found)
        return found

    def remember(self, case_id: CaseId, opened: OpenedCase) -> None:
        self._known[case_id] = opened
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)

    def _read(self, case_id: CaseId) -> OpenedCase | None:
        match self._store.read(case_stream(case_id), up_to=1).events:
            case [CaseOpened() as opened, *_]:
                return OpenedCase(
                    kind=opened.kind,
                    team=opened.team,
                    party=opened.party,
                    reference=opened.reference,
                    hearing=opened.hearing,
                )
            case _:
                return None
