"""Rows in PostgreSQL and the fake side by side: the same calls, the same answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.database import connect
from services.journal.memory import MemoryJournal
from services.journal.ports import Change, Claim, Entry, EntryState, Intend, Settle
from services.journal.postgres import PostgresJournal
from tests.services.journals import (
    ANNA,
    HOUR,
    NOON,
    Rows,
    TickingClock,
    entry_id,
    matter,
    new,
)

T = TypeVar("T")

MATTERS = st.integers(1, 3)
PLACES = st.tuples(MATTERS, st.integers(1, 4))
RESOURCES = ("p 1", "p 2")
# Either at once or so late that the test is over: between the two lies only waiting.
DELAYS = st.sampled_from([0.0, 0.0, HOUR])

SEEN = settings(max_examples=25, stateful_step_count=30, derandomize=True, database=None)


def described(entry: Entry) -> tuple[object, ...]:
    """All of an entry but its times, which are two clocks'."""
    failing = entry.failing_since is not None
    return (entry.new, entry.state, entry.attempts, failing, entry.error, entry.receipt)


def outlined(claims: Sequence[Claim]) -> list[object]:
    return [(c.matter, c.epoch, [described(entry) for entry in c.entries]) for c in claims]


def roughly(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR)


class SideBySide(RuleBasedStateMachine):
    claims = Bundle[tuple[int, int]]("claims")

    def __init__(self, conninfo: str, organisation: str) -> None:
        super().__init__()
        with connect(conninfo, organisation) as db:
            db.execute("TRUNCATE journal_entry, journal_matter, journal_resource")
        self.runner = asyncio.Runner()
        self.fake = MemoryJournal(TickingClock(NOON))
        self.real = PostgresJournal(conninfo, organisation, size=1)
        self.runner.run(self.real.__aenter__())

    def teardown(self) -> None:
        self.runner.run(self.real.__aexit__(None, None, None))
        self.runner.close()

    def both(self, call: Callable[[Rows], Awaitable[T]], look: Callable[[T], object]) -> T:
        async def of(journal: Rows) -> T:
            return await call(journal)

        expected = self.runner.run(of(self.fake))
        actual = self.runner.run(of(self.real))
        assert look(actual) == look(expected)
        return expected

    @rule(places=st.lists(PLACES, max_size=4))
    def take_in(self, places: list[tuple[int, int]]) -> None:
        entries = [new(of, position) for of, position in places]
        self.both(lambda journal: journal.take_in(entries), int)

    @rule(matters=st.lists(MATTERS, max_size=2))
    def wake(self, matters: list[int]) -> None:
        self.both(lambda journal: journal.wake([matter(n) for n in matters]), str)

    @rule(target=claims, limit=st.integers(0, 3), lease=DELAYS)
    def claim(self, limit: int, lease: float) -> MultipleResults[tuple[int, int]]:
        held = self.both(
            lambda journal: journal.claim(ANNA, limit=limit, lease_seconds=lease), outlined
        )
        return multiple(*[(claim.matter.id.int >> 64, claim.epoch) for claim in held])

    @rule(data=st.data(), taken=st.lists(claims, min_size=1, max_size=3))
    def change(self, data: st.DataObject, taken: list[tuple[int, int]]) -> None:
        changes = [data.draw(changes_of(of, epoch)) for of, epoch in taken]
        self.both(lambda journal: journal.change(changes), list)

    @rule(taken=st.lists(claims, max_size=2), lease=DELAYS)
    def extend(self, taken: list[tuple[int, int]], lease: float) -> None:
        held = [(matter(of), epoch) for of, epoch in taken]
        self.both(lambda journal: journal.extend(held, lease_seconds=lease), str)

    @rule(taken=st.lists(claims, max_size=2))
    def release(self, taken: list[tuple[int, int]]) -> None:
        held = [(matter(of), epoch) for of, epoch in taken]
        self.both(lambda journal: journal.release(held), str)

    @rule(name=st.sampled_from(RESOURCES))
    def look_at_resource(self, name: str) -> None:
        self.both(lambda journal: journal.resource(name), repr)

    @invariant()
    def the_next_is_due_at_the_same_time(self) -> None:
        self.both(lambda journal: journal.next_due(), roughly)


@st.composite
def changes_of(draw: st.DrawFn, of: int, epoch: int) -> Change:
    entry = entry_id(of, draw(st.integers(1, 4)))
    if draw(st.booleans()):
        return Intend(
            matter=matter(of),
            epoch=epoch,
            entry=entry,
            resource=draw(st.sampled_from([None, *RESOURCES])),
            resource_version=draw(st.integers(0, 1)),
        )
    return Settle(
        matter=matter(of),
        epoch=epoch,
        entry=entry,
        state=draw(st.sampled_from(EntryState)),
        receipt=draw(st.sampled_from([None, "4711"])),
        error=draw(st.sampled_from([None, "timeout"])),
        retry_in=draw(DELAYS),
        esdh_id=draw(st.sampled_from([None, "sag-1", "sag-2"])),
    )


def test_the_fake_answers_as_the_database_does(postgres: str, organisation: str) -> None:
    class OnThisServer(SideBySide):
        def __init__(self) -> None:
            super().__init__(postgres, organisation)

    run_state_machine_as_test(OnThisServer, settings=SEEN)
