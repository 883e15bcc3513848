"""Submissions, journal and records system compared, both ways; what differs is told, and mended
where it is ours to mend.

Our own side first: a fact without entries is taken in, and a matter whose caseworker has answered
goes on. Then each case there: what we filed must lie on it once, and what lies there with a
reference of ours must be known here. A difference is an event in the matter's journal, so that
it stands in a caseworker's queue and in the audit.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from commands.journal import RecordJournalDifference, SettleJournalDifference
from events.ids import EntryId
from events.journal import EsdhCase, Matter
from services.esdh.port import EsdhUnavailable
from services.ids import new_id
from services.journal.comparing import Difference, FiledEntry, differences
from services.journal.intake import TO_JOURNALISE, plan_of
from services.journal.ports import EntryState
from services.journal.reconciliation_rows import AT_ONCE, OurSide, our_side, our_side_as_well
from services.journal.references import entry_of, reference_of
from services.journal.work import Office
from services.ports import Clock, StoreUnavailable

log = structlog.get_logger()

MEND_EVERY_SECONDS: Final = 60.0
FRESH: Final = timedelta(minutes=1)
"""A younger fact may still be on its way through the feed."""

COMPARE_EVERY_SECONDS: Final = 60 * 60.0
AWAY_AFTER: Final = 3
"""So many cases in succession without an answer, and the records system is away, not the cases."""


@dataclass(slots=True)
class Report:
    """What one run saw. `healed` facts had no entries, `woken` matters waited for nothing, and
    `unanswered` cases are still to be compared, for the records system did not answer.
    """

    healed: int = 0
    woken: int = 0
    cases: int = 0
    found: int = 0
    settled: int = 0
    standing: int = 0
    unanswered: int = 0


async def mend(office: Office, ours: OurSide, clock: Clock) -> Report:
    """What is wrong on our own side, after a crash or the restore of a backup.

    Raises:
        StoreUnavailable: the rest is mended the next time.
    """
    report = Report(healed=await take_in_missed(office, ours, clock, FRESH))
    if report.healed:
        log.warning("facts_without_entry", facts=report.healed)
    for matter, entry, state in await ours.blocked():
        if await _has_been_answered(office, matter, entry, state):
            await office.journal.wake([matter])
            report.woken += 1
    return report


async def take_in_missed(office: Office, ours: OurSide, clock: Clock, older_than: timedelta) -> int:
    """Take in, in the order of the log, the facts that have no entry; give how many they were.

    Raises:
        StoreUnavailable: those before are taken in.
    """
    healed = 0
    while refs := await ours.facts_without_entry(TO_JOURNALISE, older_than=older_than):
        entries = [
            entry
            for ref in refs
            for entry in await plan_of(ref, office.facts, office.organisation, clock)
        ]
        healed += len(refs)
        added = await office.journal.take_in(entries)
        # What has grown old enough meanwhile comes next time: while a feed is stuck there is
        # always some, and those who wait for an answer must have their turn.
        if not added or len(refs) < AT_ONCE:
            break
    return healed


async def catch_up(office: Office, conninfo: str, clock: Clock) -> None:
    """Take in whatever the log holds, before anything is filed from rows not worked on before.

    A feed remembers what it has told before an older backup was brought back, and the rows do
    not; found out a minute later, it would be filed after what was submitted since.

    Raises:
        StoreUnavailable: do it again before work begins.
    """
    async with our_side_as_well(conninfo, office.name) as ours:
        missed = await take_in_missed(office, ours, clock, timedelta(0))
    log.info("caught_up", organisation=office.name, facts=missed)


async def compare(
    office: Office, ours: OurSide, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Every case there that we have filed on, one after the other.

    One that is not answered for is passed over: it must not keep those behind it from ever being
    compared.

    Raises:
        StoreUnavailable, EsdhUnavailable: what was found before is told already.
    """
    report = Report()
    if not office.esdh.can_look_up:
        return report
    after, in_succession = "", 0
    while cases := await ours.cases(after):
        for esdh_id in cases:
            try:
                await _compare_case(office, ours, esdh_id, report)
            except EsdhUnavailable:
                report.unanswered += 1
                in_succession += 1
                if in_succession == AWAY_AFTER:
                    raise
                await asyncio.sleep(office.timing.first_retry)
            else:
                report.cases += 1
                in_succession = 0
            progress(report.cases)
        after = cases[-1]
    return report


async def reconcile_now_and_then(
    office: Office, conninfo: str, clock: Clock, stop: asyncio.Event
) -> None:
    """Mend each minute, compare each hour, until told to stop; one process at a time does it."""
    loop = asyncio.get_running_loop()
    compared_at = loop.time()
    while not stop.is_set():
        try:
            async with our_side(conninfo, office.name) as ours:
                if ours is not None:
                    await mend(office, ours, clock)
                    if loop.time() - compared_at > COMPARE_EVERY_SECONDS:
                        report = await compare(office, ours)
                        _log_compared(report)
                        compared_at = loop.time()
        except (StoreUnavailable, EsdhUnavailable) as away:
            log.warning("reconciling_interrupted", error=type(away).__name__)
        try:
            async with asyncio.timeout(MEND_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


def _log_compared(report: Report) -> None:
    log.info(
        "reconciled",
        cases=report.cases,
        differences=report.standing,
        unanswered=report.unanswered,
    )


async def _has_been_answered(
    office: Office, matter: Matter, entry: EntryId, state: EntryState
) -> bool:
    journal = await office.facts.journal(matter)
    if state is EntryState.CHOICE:
        return journal.choice is None or journal.choice.made
    return entry not in journal.refused


async def _compare_case(office: Office, ours: OurSide, esdh_id: str, report: Report) -> None:
    # In this order: what is filed meanwhile is found there, and known here by its intent.
    filed = await ours.filed_on(esdh_id)
    standing = await office.esdh.case(esdh_id)
    theirs = {} if standing is None else await office.esdh.references_on(esdh_id)
    owner = await ours.owner_of(esdh_id)
    if owner is None:
        return
    known = await _known(ours, theirs)
    now = differences(esdh_id, theirs, filed, known, owner)
    before = await ours.differences_on(esdh_id)
    number = "" if standing is None else standing.esdh_case.number
    esdh_case = EsdhCase(id=esdh_id, number=number)
    for difference in now:
        if difference not in before:
            await _tell_found(office, difference, esdh_case)
            await ours.keep(difference)
            report.found += 1
    for difference in before:
        if difference not in now:
            await _tell_settled(office, difference)
            await ours.drop(difference)
            report.settled += 1
    report.standing += len(now)


async def _known(ours: OurSide, theirs: Mapping[str, str]) -> dict[str, FiledEntry | None]:
    entries = await ours.known([entry_of(reference) for reference in theirs])
    return {reference_of(entry): filed for entry, filed in entries.items()}


async def _tell_found(office: Office, difference: Difference, esdh_case: EsdhCase) -> None:
    log.error(
        "journal_difference_found",
        difference=difference.kind.value,
        reference=difference.reference,
        matter=str(difference.matter.id),
    )
    command = RecordJournalDifference(
        matter=difference.matter,
        difference=difference.kind,
        reference=difference.reference,
        esdh_case=esdh_case,
    )
    # It may come and go more than once, so the occasion has an id of its own; the rule that
    # a difference is told once while it stands is the journal's.
    await office.tell(command, f"{difference.reference} {new_id()}")


async def _tell_settled(office: Office, difference: Difference) -> None:
    command = SettleJournalDifference(
        matter=difference.matter, difference=difference.kind, reference=difference.reference
    )
    await office.tell(command, f"{difference.reference} {new_id()}")
