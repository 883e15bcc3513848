"""What the sync is given in a run: the ports of one process, each with its own way to fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from aggregates.journal import Journal as JournalState
from events.case import PartyWrote
from events.envelope import Recorded
from events.ids import ActorId, PartyId
from events.journal import Matter
from services.catalogue.loading import load
from services.catalogue.organisation import Organisation
from services.catalogue.service import Esdh as EsdhPlace
from services.catalogue.service import EsdhRule
from services.esdh.port import EsdhParty, Person
from services.journal.facts import StoreFacts
from services.journal.letter import NOBODY
from services.journal.memory import MemoryJournal
from services.journal.ports import Change, Claim, NewEntry, Resource, Settle
from services.journal.work import Typeset
from services.ports import StoreUnavailable
from tests import examples
from tests.simulation.loop import SimulatedLoop
from tests.simulation.passage import Passage
from tests.simulation.people import NEW_CASE, TEMPLATE
from tests.simulation.records import POISON

NOON: Final = datetime(2026, 12, 10, 12, tzinfo=UTC)
USERS: Final = {ActorId(examples.KAREN): "karen"}


@cache
def organisation() -> Organisation:
    """Hjørring, with one service more whose matters each get a case of their own."""
    root = Path(__file__).parents[2] / "organisations"
    found = load(root).organisations[examples.ORGANISATION]
    place = EsdhPlace(rule=EsdhRule.NEW_CASE, template=TEMPLATE)
    counsel = found.version("building-meeting", 2).model_copy(
        update={"id": NEW_CASE, "esdh": place}
    )
    return Organisation(
        id=found.id,
        name=found.name,
        reference_prefix=found.reference_prefix,
        calendar=found.calendar,
        contact=found.contact,
        look=found.look,
        teams=found.teams,
        services={**found.services, NEW_CASE: counsel},
        versions={**found.versions, (NEW_CASE, 2): counsel},
        published_on=found.published_on,
        appeals=found.appeals,
        tenders=found.tenders,
    )


@dataclass(slots=True)
class JumpingClock:
    """The database's clock, which somebody sets. `ahead` and `furthest` in seconds."""

    loop: SimulatedLoop
    ahead: float = 0.0
    furthest: float = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.time() + self.ahead)

    def set_ahead(self, seconds: float) -> None:
        self.ahead = seconds
        self.furthest = max(self.furthest, seconds)


@dataclass(frozen=True, slots=True)
class JournalOnTheWay:
    """`services.journal.ports.Journal`: the rows, as one process reaches them."""

    rows: MemoryJournal
    passage: Passage

    @property
    def server(self) -> object:
        return self.rows.server

    async def take_in(self, entries: Sequence[NewEntry]) -> int:
        return await self.passage.through(
            f"take in {[(e.position, e.part) for e in entries]}",
            lambda: self.rows.take_in(entries),
            StoreUnavailable,
        )

    async def wake(self, matters: Sequence[Matter]) -> None:
        await self.passage.through("wake", lambda: self.rows.wake(matters), StoreUnavailable)

    async def claim(self, worker: UUID, *, limit: int, lease_seconds: float) -> Sequence[Claim]:
        claims = await self.passage.through(
            "claim",
            lambda: self.rows.claim(worker, limit=limit, lease_seconds=lease_seconds),
            StoreUnavailable,
        )
        for claim in claims:
            self.passage.note(f"has {claim.matter.id} {claim.epoch}")
        return claims

    async def change(self, changes: Sequence[Change]) -> Sequence[bool]:
        made = await self.passage.through(
            f"change {[str(c.entry)[-6:] for c in changes]}",
            lambda: self.rows.change(changes),
            StoreUnavailable,
        )
        self.passage.note(f"changed {[_word(c) for c in changes]} {made}")
        await self.passage.sleep_over()
        return made

    async def extend(self, claims: Sequence[tuple[Matter, int]], *, lease_seconds: float) -> None:
        await self.passage.through(
            "extend",
            lambda: self.rows.extend(claims, lease_seconds=lease_seconds),
            StoreUnavailable,
        )

    async def release(self, claims: Sequence[tuple[Matter, int]]) -> None:
        await self.passage.through("release", lambda: self.rows.release(claims), StoreUnavailable)

    async def resource(self, name: str) -> Resource:
        return await self.passage.through(
            "resource", lambda: self.rows.resource(name), StoreUnavailable
        )

    async def next_due(self) -> float | None:
        return await self.passage.through("next due", self.rows.next_due, StoreUnavailable)


def _word(change: Change) -> str:
    return change.state.value if isinstance(change, Settle) else "intends"


@dataclass(frozen=True, slots=True)
class FactsOnTheWay:
    """`services.journal.ports.Facts`: the real ones, as one process reaches them."""

    facts: StoreFacts
    passage: Passage

    async def fact(self, stream: str, version: int) -> Recorded | None:
        return await self.passage.through(
            f"fact {version}", lambda: self.facts.fact(stream, version), StoreUnavailable
        )

    async def history(self, stream: str) -> Sequence[Recorded]:
        return await self.passage.through(
            "history", lambda: self.facts.history(stream), StoreUnavailable
        )

    async def journal(self, matter: Matter) -> JournalState:
        return await self.passage.through(
            "journal", lambda: self.facts.journal(matter), StoreUnavailable
        )


@dataclass(frozen=True, slots=True)
class PlainLetters:
    """Letters without a typesetter; those that are poison say so."""

    async def letter(
        self,
        fact: Recorded,
        history: Sequence[Recorded],
        party: EsdhParty | None,
        *,
        protected: bool,
        called: Mapping[str, str] = NOBODY,
    ) -> Typeset:
        del history, party, protected, called
        poison = isinstance(fact.event, PartyWrote) and fact.event.text == POISON
        title = POISON if poison else f"{fact.stream} {fact.version}"
        return Typeset(title=title, file_name="letter.pdf", content=b"%PDF")


@dataclass(frozen=True, slots=True)
class SameContents:
    async def read(self, sha256: str) -> bytes:
        return sha256.encode()


@dataclass(frozen=True, slots=True)
class AnnaOnly:
    """Anna is known by number; Bo answers without one."""

    def known(self, party: PartyId) -> EsdhParty | None:
        return Person(cpr="0101010101", name="Anna") if party == examples.ANNA else None
