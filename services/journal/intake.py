"""From the feed to the to-do list: durable before the feed hears that it was taken in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import UUID

import structlog

from events.catalogue import names_of
from events.ids import CaseId, HearingId, TenderId
from events.journal import (
    EsdhCaseChosen,
    JournalisingRetried,
    Matter,
    MatterKind,
)
from events.journal_worthy import JOURNALISED
from services.catalogue.organisation import Organisation
from services.feed.port import FactRef
from services.journal.planning import entries_of, stand_in_for
from services.journal.ports import EntryKind, Facts, Journal, NewEntry
from services.ports import Clock, Undecodable
from services.streams import case_stream, hearing_stream, tender_stream

log = structlog.get_logger()

TO_JOURNALISE = names_of(JOURNALISED)
ACTED = names_of((EsdhCaseChosen, JournalisingRetried))
"""What a caseworker did that lets a matter go on."""


async def take_in(
    refs: Sequence[FactRef],
    facts: Facts,
    journal: Journal,
    organisation: Organisation,
    clock: Clock,
) -> None:
    """Write down what is to be done about facts that a feed has given.

    Raises:
        StoreUnavailable: some of it may be written down; doing it again does no harm.
    """
    entries: list[NewEntry] = []
    refs = [await _placed(ref, facts) for ref in refs]
    for ref in refs:
        if ref.name in TO_JOURNALISE:
            entries += await plan_of(ref, facts, organisation, clock)
    acted = {
        matter: None for ref in refs if ref.name in ACTED for matter in await _matter(ref, facts)
    }
    if entries:
        await journal.take_in(entries)
    if acted:
        await journal.wake(list(acted))


async def _placed(ref: FactRef, facts: Facts) -> FactRef:
    """With the version that a feed did not tell, found by the fact's id."""
    if ref.version or ref.name not in TO_JOURNALISE:
        return ref
    for version in count(1):
        try:
            fact = await facts.fact(ref.stream, version)
        except Undecodable as strange:
            if strange.position == ref.position:
                return replace(ref, version=version)
            continue
        if fact is None:
            break
        if fact.event_id == ref.event_id:
            return replace(ref, version=version)
    return ref


async def plan_of(
    ref: FactRef, facts: Facts, organisation: Organisation, clock: Clock
) -> list[NewEntry]:
    """The entries of a fact that is to be journalised; a stand-in for one that cannot be read."""
    try:
        fact = await facts.fact(ref.stream, ref.version)
    except Undecodable:
        return unreadable(ref, clock.now())
    if fact is None or fact.event_id != ref.event_id:
        # A feed may remember what a restored database has forgotten.
        log.warning("feed_fact_unknown", stream=ref.stream, version=ref.version, name=ref.name)
        return []
    return entries_of(fact, organisation)


def unreadable(ref: FactRef, now: datetime) -> list[NewEntry]:
    """A fact that this version cannot decode parks its own matter until one can."""
    matter = matter_of_stream(ref.stream)
    if matter is None:
        return []
    log.error("fact_unreadable", stream=ref.stream, version=ref.version, name=ref.name)
    return [
        NewEntry(
            entry=stand_in_for(ref.event_id),
            matter=matter,
            kind=EntryKind.DOCUMENT,
            event_id=ref.event_id,
            stream=ref.stream,
            version=ref.version,
            position=ref.position,
            recorded_at=now,
            part=0,
            parts=1,
        )
    ]


def matter_of_stream(stream: str) -> Matter | None:
    """The case, hearing or tender whose stream it is."""
    kind, _, name = stream.partition("-")
    match kind:
        case "case":
            return Matter(kind=MatterKind.CASE, id=UUID(name))
        case "hearing":
            return Matter(kind=MatterKind.HEARING, id=UUID(name))
        case "tender":
            return Matter(kind=MatterKind.TENDER, id=UUID(name))
        case _:
            return None


def stream_of(matter: Matter) -> str:
    match matter.kind:
        case MatterKind.CASE:
            return case_stream(CaseId(matter.id))
        case MatterKind.HEARING:
            return hearing_stream(HearingId(matter.id))
        case MatterKind.TENDER:
            return tender_stream(TenderId(matter.id))


async def _matter(ref: FactRef, facts: Facts) -> list[Matter]:
    fact = await facts.fact(ref.stream, ref.version)
    if fact is None or not isinstance(fact.event, EsdhCaseChosen | JournalisingRetried):
        return []
    return [fact.event.matter]
