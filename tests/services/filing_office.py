"""The real sync with everything around it in memory, run until there is nothing left to do."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from uuid import UUID

from commands.refusal import Refused
from events.catalogue import Event
from events.envelope import Envelope, Recorded
from events.ids import ActorId, PartyId
from events.journal import JournalEvent, Matter
from services import answers
from services.clock import SetClock
from services.command_handling import perform, service_version
from services.esdh.memory import MemoryEsdh
from services.esdh.port import Esdh, EsdhParty, Person
from services.ids import derived_id
from services.journal import sync
from services.journal.facts import StoreFacts
from services.journal.letter import NOBODY
from services.journal.memory import MemoryJournal
from services.journal.planning import entries_of
from services.journal.ports import Entry, EntryState
from services.journal.timing import Timing
from services.journal.work import Office, Typeset
from services.memory import MemoryEventStore
from services.ports import CommandWrite, Raced, Repeated, StreamWrite
from services.request import Answered, Request
from services.streams import case_stream, hearing_stream, journal_stream, tender_stream
from services.work import States, Work
from tests import examples
from tests.simulation.loop import SimulatedLoop
from tests.simulation.office import organisation

LATENESS = 15.0
"""Within the longest processing."""

TIMING = Timing(request=5, longest_processing=20, send_window=2, lease=60, lanes=4, connections=2)


class RestorableStore(MemoryEventStore):
    def bring_back(self, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            self._log.append(fact)
            self._streams[fact.stream].append(fact)


class DirectDesk:
    """What the desk decides, at once."""

    def __init__(self, store: MemoryEventStore) -> None:
        self._store = store

    async def perform(self, request: Request) -> Answered:
        work = Work(States(self._store, 10), trust_new=False)
        kept: answers.Kept
        try:
            perform(request.command, work)
            kept = answers.Accepted(status=204, location=None, version=work.own_version, body=b"")
            streams = work.writes(service_version)
        except Refused as refusal:
            kept, streams = answers.TurnedDown.of(refusal), work.guards()
        write = CommandWrite(
            envelope=request.envelope,
            fingerprint=request.fingerprint,
            answer=answers.encode(kept),
            streams=streams,
        )
        (outcome,) = self._store.append([write])
        assert not isinstance(outcome, Raced)
        if isinstance(outcome, Repeated):
            kept = answers.decode(outcome.answer)
        return answers.answered(kept, outcome.position)


@dataclass(slots=True)
class Letters:
    """Each letter says what it is of; those of `unwritable` facts cannot be made."""

    unwritable: set[UUID] = field(default_factory=set)
    protected: list[bool] = field(default_factory=list)

    async def letter(
        self,
        fact: Recorded,
        history: Sequence[Recorded],
        party: EsdhParty | None,
        *,
        protected: bool,
        called: Mapping[str, str] = NOBODY,
    ) -> Typeset:
        if fact.event_id in self.unwritable:
            raise RuntimeError("A letter that cannot be set.")
        self.protected.append(protected)
        title = type(fact.event).__name__
        return Typeset(
            title=title,
            file_name=f"{title}.pdf",
            content=repr((history, party, dict(called))).encode(),
        )


class Hashes:
    """A document's content is its hash."""

    async def read(self, sha256: str) -> bytes:
        return sha256.encode()


@dataclass(frozen=True, slots=True)
class Register:
    known_as: Mapping[PartyId, EsdhParty]

    def known(self, party: PartyId) -> EsdhParty | None:
        return self.known_as.get(party)


ANNA = Person(cpr="6101700002", name="Anna Andersen")
BO = Person(cpr="6202700001", name="Bo Bertelsen")


class Municipality:
    """An office with its log; `settle` works until all is filed or waits for somebody."""

    def __init__(self, esdh: Esdh | None = None) -> None:
        self.clock = SetClock(examples.NOW)
        self.store = RestorableStore(self.clock)
        self.rows = MemoryJournal(self.clock)
        self.loop = SimulatedLoop(Random(1), 10_000_000)
        self.memory = MemoryEsdh(
            now=self.loop.time, lateness=lambda: LATENESS, protected=frozenset({BO.cpr})
        )
        self.letters = Letters()
        self.step = 1.0
        self.parties: dict[PartyId, EsdhParty] = {examples.ANNA: ANNA, examples.BO: BO}
        self.office = self.new_office(esdh or self.memory)
        self._numbers = iter(range(1, 10_000))

    def new_office(self, esdh: Esdh) -> Office:
        """As after a restart: nothing is remembered that was not written down."""
        return Office(
            name=examples.ORGANISATION,
            organisation=organisation(),
            journal=self.rows,
            facts=StoreFacts(self.store),
            esdh=esdh,
            commands=DirectDesk(self.store),
            contents=Hashes(),
            typesetter=self.letters,
            parties=Register(self.parties),
            users={ActorId("staff:karen"): "karen"},
            timing=TIMING,
            asking=asyncio.Semaphore(TIMING.connections),
            colleague={ActorId("staff:ada"): "Ada Adamsen"}.get,
            wait=lambda _: asyncio.sleep(self.step),
        )

    def happens(self, *happened: Event, envelope: Envelope = examples.envelope) -> list[Recorded]:
        """Append facts to their streams, one command for all."""
        command = derived_id(envelope.command_id, str(next(self._numbers)))
        streams: dict[str, list[Event]] = {}
        for event in happened:
            streams.setdefault(_stream(event), []).append(event)
        write = CommandWrite(
            envelope=replace(envelope, command_id=command),
            fingerprint=b"",
            answer=b"",
            streams=[
                StreamWrite(
                    stream=stream,
                    expected_version=self.store.read(stream).version,
                    events=events,
                )
                for stream, events in streams.items()
            ],
        )
        before = self.store.safe_position()
        self.store.append([write])
        facts, _ = self.store.read_log(after=before, limit=1000)
        entries = [entry for fact in facts for entry in entries_of(fact, organisation())]
        self.run(self.rows.take_in(entries))
        return list(facts)

    def take_over(self, facts: Sequence[Recorded]) -> None:
        """Have the same facts, by the same ids, as if the log had been brought back."""
        self.store.bring_back(facts)
        entries = [entry for fact in facts for entry in entries_of(fact, organisation())]
        self.run(self.rows.take_in(entries))

    def settle(self, seconds: float = 120, step: float = 1) -> None:
        """Let the sync work so long by its own clock, which moves in steps of so many seconds."""

        async def work() -> None:
            stop = asyncio.Event()
            self.step = step
            working = asyncio.create_task(
                sync.work(self.office, UUID(int=next(self._numbers)), stop, self._catch_up)
            )
            for _ in range(int(seconds / step)):
                await asyncio.sleep(step)
                self.memory.settle_late(self.loop.time())
                self.clock.set(self.clock.now() + timedelta(seconds=step))
            stop.set()
            await working

        self.run(work())

    async def _catch_up(self) -> None:
        """As `services.journal.reconciling.catch_up`."""
        facts, _ = self.store.read_log(after=0, limit=10_000)
        there = {row.new.event_id for row in self.rows.rows()}
        missed = [fact for fact in facts if fact.event_id not in there]
        entries = [entry for fact in missed for entry in entries_of(fact, organisation())]
        await self.rows.take_in(entries)

    def run(self, what: Awaitable[object]) -> None:
        async def main() -> None:
            await what

        self.loop.run(main())

    def ask(self, request: Request) -> None:
        self.run(self.office.commands.perform(request))

    def told(self, matter: Matter) -> list[JournalEvent]:
        found = self.store.read(journal_stream(matter)).events
        return [event for event in found if isinstance(event, JournalEvent)]

    def states(self) -> set[EntryState]:
        return {entry.state for entry in self.rows.rows()}

    def unfinished(self) -> list[Entry]:
        return [entry for entry in self.rows.rows() if entry.state is not EntryState.DONE]


def _stream(event: Event) -> str:
    if hasattr(event, "hearing_id"):
        return hearing_stream(event.hearing_id)
    if hasattr(event, "tender_id"):
        return tender_stream(event.tender_id)
    assert hasattr(event, "case_id")
    return case_stream(event.case_id)
