"""What a case was opened with and which team has it now, read once and then only read on."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from events.case import CaseKind, CaseOpened
from events.case_assignment import CaseTransferred
from events.catalogue import Event
from events.ids import CaseId, HearingId, PartyId, TeamId
from services.ports import EventStore
from services.streams import case_stream

REMEMBERED_AT_MOST: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """All but `team` is for ever. `team` had the case when its stream stood at `read_up_to`.

    `has_moved` tells that another team has had it before.
    """

    kind: CaseKind
    team: TeamId
    party: PartyId
    reference: str
    hearing: HearingId | None
    read_up_to: int = 1
    has_moved: bool = False


class OpenedCases:
    """One organisation's cases by id. It asks the log and not a view, so a new case is there."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: OrderedDict[CaseId, OpenedCase] = OrderedDict()

    def remembered(self, case_id: CaseId) -> OpenedCase | None:
        """What is known of a case without a look at the log."""
        return self._known.get(case_id)

    async def find(self, case_id: CaseId) -> OpenedCase | None:
        found = self._known.get(case_id)
        if found is None:
            found = await asyncio.to_thread(self._read, case_id)
            if found is not None:
                self.remember(case_id, found)
        return found

    async def find_with_team(self, case_id: CaseId) -> OpenedCase | None:
        """The same with the team that has the case now, whichever process has transferred it.

        Costs a look at what is new in its stream, which is nothing most of the time.
        """
        found = await self.find(case_id)
        if found is None:
            return None
        now = await asyncio.to_thread(self._read_on, case_id, found)
        self.remember(case_id, now)
        return now

    def remember(self, case_id: CaseId, opened: OpenedCase) -> None:
        self._known[case_id] = opened
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)

    def _read(self, case_id: CaseId) -> OpenedCase | None:
        match self._store.read(case_stream(case_id), up_to=1).events:
            case [CaseOpened() as opened, *_]:
                return as_opened(opened)
            case _:
                return None

    def _read_on(self, case_id: CaseId, known: OpenedCase) -> OpenedCase:
        new = self._store.read(case_stream(case_id), after=known.read_up_to)
        return read_on(known, new.events)


def as_opened(event: CaseOpened) -> OpenedCase:
    return OpenedCase(
        kind=event.kind,
        team=event.team,
        party=event.party,
        reference=event.reference,
        hearing=event.hearing,
    )


def read_on(known: OpenedCase, new: Sequence[Event]) -> OpenedCase:
    """With what has come to the case's stream since."""
    teams = [event.to_team for event in new if isinstance(event, CaseTransferred)]
    return replace(
        known,
        team=teams[-1] if teams else known.team,
        read_up_to=known.read_up_to + len(new),
        has_moved=known.has_moved or bool(teams),
    )
