"""What a sync has seen of the records system's cases since its session began.

A session ends when the database was lost: whoever brought it back may have brought back an older
day, and then everything that lies in the records system is looked up anew.
"""

import asyncio
from dataclasses import dataclass, field

from events.ids import EntryId
from services.esdh.port import CaseStanding, Esdh, EsdhParty


@dataclass(slots=True)
class Seen:
    """`receipts` by reference; `standing` is None for a case that is gone."""

    standing: CaseStanding | None
    receipts: dict[str, str]


@dataclass(slots=True)
class Session:
    """`uncertain` is the loop's time at which the outcome of an entry's request is certain, and
    the epoch of the request's intent: another worker's later one is waited out by itself.
    """

    cases: dict[str, asyncio.Task[Seen]] = field(default_factory=dict)
    uncertain: dict[EntryId, tuple[int, float]] = field(default_factory=dict)
    server: object = None
    protection: dict[EsdhParty, bool | None] = field(default_factory=dict)

    async def seen(self, esdh: Esdh, esdh_id: str) -> Seen:
        """The case as it stood when this session first came to it; one look serves all who wait.

        Raises:
            EsdhUnavailable: it could not be looked at.
        """
        looking = self.cases.get(esdh_id)
        if looking is None:
            looking = self.cases[esdh_id] = asyncio.create_task(look(esdh, esdh_id))
        try:
            return await asyncio.shield(looking)
        except BaseException:
            if looking.done() and self.cases.get(esdh_id) is looking:
                del self.cases[esdh_id]
            raise

    async def protected(self, esdh: Esdh, party: EsdhParty) -> bool | None:
        """Whether name and address are protected, None if nobody knows; asked once in a session.

        Raises:
            EsdhUnavailable: it could not be asked.
        """
        if party not in self.protection:
            self.protection[party] = await esdh.is_protected(party)
        return self.protection[party]

    def opened(self, standing: CaseStanding) -> None:
        """We have opened it ourselves just now, so nothing else lies on it."""
        loop = asyncio.get_running_loop()
        seen: asyncio.Task[Seen] = loop.create_task(_known(Seen(standing, {})))
        self.cases[standing.esdh_case.id] = seen

    def filed(self, esdh_id: str, reference: str, receipt: str) -> None:
        """It lies there now, for this session and whatever happens to the database."""
        looking = self.cases.get(esdh_id)
        if looking is not None and looking.done() and looking.exception() is None:
            looking.result().receipts[reference] = receipt

    def require_server(self, server: object) -> None:
        """Begin anew when this is another database server than before, or the same started anew."""
        if server != self.server:
            self.begin_anew()
            # Epochs of an older day are given out again.
            self.uncertain.clear()
            self.server = server

    def begin_anew(self) -> None:
        """Trust nothing seen so far. What is uncertain stays so."""
        self.cases.clear()
        self.protection.clear()

    def forget(self, esdh_id: str) -> None:
        self.cases.pop(esdh_id, None)


async def look(esdh: Esdh, esdh_id: str) -> Seen:
    standing = await esdh.case(esdh_id)
    receipts = {} if standing is None else dict(await esdh.references_on(esdh_id))
    return Seen(standing, receipts)


async def _known(seen: Seen) -> Seen:
    return seen
