"""What must be true in the end: all lies there, once, in order and on the right case."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias, cast

from aggregates import journal
from events.ids import EntryId
from events.journal import (
    EsdhCaseChosen,
    EsdhCaseLinked,
    EsdhCaseRenumbered,
    JournalEvent,
    Journalised,
    Matter,
)
from services.journal.planning import entries_of
from services.journal.ports import REPEATABLE, EntryKind, EntryState, NewEntry
from services.journal.references import reference_of
from services.streams import journal_stream
from tests.simulation.office import organisation
from tests.simulation.world import World

CLAIMS_AT_MOST: Final = 100
CLAIMS_PER_SECOND: Final = 4


class Wrong(StrEnum):
    """How a run may fail."""

    LOST = "lost"
    TWICE = "twice"
    STUCK = "stuck"
    ORDER = "order"
    CASE = "case"
    JOURNAL = "journal"
    RELAY = "relay"
    BUSY = "busy"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Violation:
    wrong: Wrong
    what: str


Expected: TypeAlias = dict[EntryId, NewEntry]


def expected(world: World) -> Expected:
    """Every entry that the log asks for, in its order."""
    for fact in world.store.facts:
        if fact.event_id not in world.planned:
            world.planned[fact.event_id] = entries_of(fact, organisation())
    found = (entry for fact in world.store.facts for entry in world.planned[fact.event_id])
    return {entry.entry: entry for entry in found}


def parked(world: World) -> set[Matter]:
    """The matters that wait for a person, who has been told."""
    refused = [row.new for row in world.rows.rows() if row.state is EntryState.REFUSED]
    return {new.matter for new in refused if new.entry in _journal(world, new.matter).refused}


def unfinished(world: World) -> Iterator[str]:
    """What is still to be done, by somebody other than a person."""
    if world.esdh.unsettled:
        yield "late effects"
    waiting = parked(world)
    rows = {row.new.entry: row for row in world.rows.rows()}
    for row in rows.values():
        if row.state is not EntryState.DONE and row.new.matter not in waiting:
            yield f"{_named(row.new)} is {row.state.value}, {row.error}"
    for entry, new in expected(world).items():
        if entry not in rows:
            yield f"{_named(new)} was never taken in"


def violations(world: World) -> list[Violation]:
    found = [
        *_lost(world),
        *_twice(world),
        *_out_of_order(world),
        *_on_wrong_case(world),
        *_cases_beside(world),
        *_journal_events(world),
        *_relayed(world),
        *_busy(world),
    ]
    found += [Violation(Wrong.BUG, alarm) for alarm in (*world.bugs, *world.alarms)]
    return found


def _lost(world: World) -> Iterator[Violation]:
    there = {each.item.reference for each in world.ledger.items}
    waiting = parked(world)
    for new in expected(world).values():
        if _adds(new) and reference_of(new.entry) not in there and new.matter not in waiting:
            yield Violation(Wrong.LOST, f"{_named(new)} lies nowhere")


def _twice(world: World) -> Iterator[Violation]:
    """What somebody has deleted there with its case does not count: it may be filed again."""
    cases = world.ledger.cases
    filed = Counter(e.item.reference for e in world.ledger.items if e.esdh_id in cases)
    opened = Counter(case.reference for case in cases.values() if case.reference is not None)
    for reference, count in (filed + opened).items():
        if count > 1:
            yield Violation(Wrong.TWICE, f"{reference} lies there {count} times")


def _out_of_order(world: World) -> Iterator[Violation]:
    """Per matter, what lies there lies in the order of the log."""
    entries = {reference_of(new.entry): new for new in expected(world).values()}
    last: dict[Matter, tuple[int, int]] = {}
    for each in world.ledger.items:
        new = entries.get(each.item.reference)
        if new is None:
            continue
        place = (new.position, new.part)
        if place < last.get(new.matter, place):
            yield Violation(Wrong.ORDER, f"{_named(new)} came after {last[new.matter]}")
        last[new.matter] = place


def _on_wrong_case(world: World) -> Iterator[Violation]:
    entries = {reference_of(new.entry): new for new in expected(world).values()}
    linked: defaultdict[Matter, set[str]] = defaultdict(set)
    for fact in world.store.facts:
        if isinstance(fact.event, EsdhCaseLinked | EsdhCaseRenumbered):
            linked[fact.event.matter].add(fact.event.esdh_case.id)
    for each in world.ledger.items:
        new = entries.get(each.item.reference)
        if new is not None and each.esdh_id not in linked[new.matter]:
            yield Violation(Wrong.CASE, f"{_named(new)} lies on {each.esdh_id}")


def _cases_beside(world: World) -> Iterator[Violation]:
    """None beside an open one for the same property, unless a caseworker wanted it new."""
    wanted = {
        fact.event.matter
        for fact in world.store.facts
        if isinstance(fact.event, EsdhCaseChosen) and fact.event.esdh_case is None
    }
    matters = {reference_of(row.new.entry): row.new.matter for row in world.rows.rows()}
    for each in world.ledger.beside:
        opener = matters.get(each.reference)
        if each.others and opener is not None and opener not in wanted:
            what = f"{each.esdh_case.id[-2:]} was opened beside {each.others}"
            yield Violation(Wrong.CASE, what)


def _journal_events(world: World) -> Iterator[Violation]:
    told = Counter(
        fact.event.about for fact in world.store.facts if isinstance(fact.event, Journalised)
    )
    waiting = parked(world)
    facts = {new.event_id: new for new in expected(world).values()}
    for event_id, new in facts.items():
        if told[event_id] != 1 and not (new.matter in waiting and told[event_id] == 0):
            yield Violation(Wrong.JOURNAL, f"{_named(new)} was told {told[event_id]} times")


def _relayed(world: World) -> Iterator[Violation]:
    """One relay at a time: it never goes back, and publishes again only after a disturbance."""
    if world.relayed.went_back:
        yield Violation(Wrong.RELAY, "the relay's position went back")
    most = max(world.topic.published.values(), default=0)
    if most > 1 + world.outside.disturbances:
        what = f"published {most} times with {world.outside.disturbances} disturbances"
        yield Violation(Wrong.RELAY, what)


def _busy(world: World) -> Iterator[Violation]:
    """A matter is taken up when there is something to do, and not again and again."""
    most = CLAIMS_AT_MOST + CLAIMS_PER_SECOND * world.loop.time()
    for holding in world.rows.snapshot().matters.values():
        if holding.epoch > most:
            yield Violation(Wrong.BUSY, f"{holding.matter.kind} was claimed {holding.epoch} times")


def _journal(world: World, matter: Matter) -> journal.Journal:
    found = world.store.read(journal_stream(matter)).events
    return journal.decider.replay(cast("tuple[JournalEvent, ...]", found))


def _adds(new: NewEntry) -> bool:
    return new.kind not in REPEATABLE and new.kind is not EntryKind.CASE


def _named(new: NewEntry) -> str:
    return f"{new.kind.value} {new.part} of {new.matter.kind.value} at {new.position}"
