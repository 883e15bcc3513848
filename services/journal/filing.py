"""One matter's entries, in order: look, write the intent down, ask, write the outcome down.

Nothing is asked for twice that may lie there already: an entry whose request may have been sent
waits until its effect must have come, is looked up, and only then asked for again (ADR 11).
"""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import structlog

from commands.journal import RecordJournalised
from commands.refusal import Refused as CommandRefused
from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from services.esdh.port import (
    Done,
    EsdhUnavailable,
    Outcome,
    Pending,
    Refused,
    Retry,
)
from services.journal.actions import Action, action_for
from services.journal.looking import lies_there
from services.journal.planning import AGAIN, entries_of, stand_in_for
from services.journal.ports import Change, Entry, EntryKind, EntryState, Intend
from services.journal.references import reference_of
from services.journal.right_case import find_case, look_again
from services.journal.settling import (
    apply,
    intend,
    not_certain,
    put_off,
    refuse,
    wait_until_certain,
)
from services.journal.work import Halt, Lane, LeaseLost, Office, Unfileable
from services.logs import described
from services.ports import StoreUnavailable, Undecodable
from services.request import TooBusy

log = structlog.get_logger()


async def carry_out(office: Office, lane: Lane) -> None:
    """Do what can be done now of a claimed matter; what cannot is put off or given to a person.

    Raises:
        LeaseLost: another worker has the matter.
        StoreUnavailable: the database does not answer; the matter is taken up again later.
    """
    entries = sorted(lane.claim.entries, key=lambda entry: (entry.new.position, entry.new.part))
    for _, group in groupby(entries, key=lambda entry: entry.new.event_id):
        receipts: list[str] = []
        of_fact = list(group)
        for entry in of_fact:
            receipt = await _carry_out_entry(office, lane, entry)
            if entry.new.part != AGAIN:
                receipts.append(receipt)
        await _report(office, lane, [e for e in of_fact if e.new.part != AGAIN], receipts)


async def _carry_out_entry(office: Office, lane: Lane, entry: Entry) -> str:
    """The receipt of what lies there now.

    Raises:
        Halt: the entry is put off or given to a person, and those after it wait.
    """
    if entry.state is EntryState.FILED:
        return entry.receipt or ""
    try:
        if entry.new.kind is EntryKind.CASE:
            return await find_case(office, lane, entry)
        return await _file(office, lane, entry)
    except EsdhUnavailable:
        office.breaker.trouble()
        raise await put_off(office, lane, entry, "esdh-unavailable") from None
    except Unfileable as strange:
        raise await refuse(office, lane, entry, strange.code, strange.detail) from None
    except Undecodable:
        detail = "This version of the program cannot read the fact."
        raise await refuse(office, lane, entry, "fact-unreadable", detail) from None
    except (Halt, LeaseLost, StoreUnavailable, TooBusy):
        raise
    except Exception as bug:  # one matter's strangeness must not stop the others
        log.error("journalising_failed", entry=str(entry.new.entry), error=described(bug))  # noqa: TRY400  # see described
        raise await put_off(office, lane, entry, "internal-error") from bug


async def _file(office: Office, lane: Lane, entry: Entry) -> str:
    await wait_until_certain(office, lane, entry)
    found = await lies_there(office, lane, entry)
    if found is not None:
        return await _filed(office, lane, entry, found)
    fact = await _fact(office, lane, entry)
    if entry.new.entry == stand_in_for(entry.new.event_id):
        raise await _plan_now(office, lane, entry, fact)
    action = await action_for(office, lane, entry, fact)
    if action is None:
        return await _filed(office, lane, entry, "")
    async with office.asking:
        outcome = await _ask(office, lane, entry, action)
    return await _take(office, lane, entry, outcome)


async def _fact(office: Office, lane: Lane, entry: Entry) -> Recorded:
    for fact in lane.history:
        if fact.event_id == entry.new.event_id:
            return fact
    # Not in what was read when the matter was claimed, or this process cannot decode it.
    fact_there = await office.facts.fact(entry.new.stream, entry.new.version)
    if fact_there is None or fact_there.event_id != entry.new.event_id:
        raise Unfileable("fact-gone", "The log does not hold the fact any longer.")
    return fact_there


async def _plan_now(office: Office, lane: Lane, entry: Entry, fact: Recorded) -> Halt:
    """The fact could not be read when it came, and can be read now."""
    await office.journal.take_in(entries_of(fact, office.organisation))
    await apply(office, lane.settle(entry, EntryState.DONE))
    return Halt()


async def _ask(office: Office, lane: Lane, entry: Entry, action: Action) -> Outcome:
    """Send the request, after its intent if doing it twice would show. Hold `asking`."""
    linked = lane.linked
    if linked is None:
        raise LeaseLost  # looked at before
    if action.adds:
        wanted = Intend(matter=lane.matter, epoch=lane.claim.epoch, entry=entry.new.entry)
        if not await intend(office, lane, entry, wanted):
            return Retry(reason="too-late", may_have_happened=False)
    try:
        async with asyncio.timeout(office.timing.request):
            return await action.send(office.esdh, linked.id)
    except TimeoutError:
        return Retry(reason="timeout", may_have_happened=True)
    except EsdhUnavailable:
        return Retry(reason="esdh-unavailable", may_have_happened=True)
    except Exception as bug:  # noqa: BLE001  # it may have happened all the same
        log.error("request_failed", entry=str(entry.new.entry), error=described(bug))  # noqa: TRY400  # see described
        return Retry(reason="internal-error", may_have_happened=True)


async def _take(office: Office, lane: Lane, entry: Entry, outcome: Outcome) -> str:
    match outcome:
        case Done() | Pending():
            office.breaker.success()
            return await _filed(office, lane, entry, outcome.receipt)
        case Retry(may_have_happened=True):
            raise await not_certain(office, lane, entry, outcome)
        case Retry():
            lane.intended = None
            raise await put_off(office, lane, entry, outcome.reason, after=outcome.after)
        case Refused(code="case-closed" | "case-gone"):
            raise await look_again(office, lane, entry)
        case Refused():
            raise await refuse(office, lane, entry, outcome.code, outcome.detail)


async def _filed(office: Office, lane: Lane, entry: Entry, receipt: str) -> str:
    there = lane.lies_on.get(entry.new.entry, lane.linked)
    esdh_id = None if there is None else there.id
    await apply(office, lane.settle(entry, EntryState.FILED, receipt=receipt, esdh_id=esdh_id))
    office.session.uncertain.pop(entry.new.entry, None)
    if there is not None:
        office.session.filed(there.id, reference_of(entry.new.entry), receipt)
    return receipt


def _name_of(lane: Lane, event_id: UUID) -> str:
    """The fact's wire name, empty if it is not in what could be read of the matter."""
    found = (fact.event for fact in lane.history if fact.event_id == event_id)
    return next((WIRE_NAMES[type(event)] for event in found), "")


async def _report(
    office: Office, lane: Lane, entries: Sequence[Entry], receipts: Sequence[str]
) -> None:
    """The whole fact lies there: tell the matter's journal, and be done with it."""
    linked = lane.linked
    if not entries or linked is None:
        return
    first = entries[0].new
    told = RecordJournalised(
        matter=lane.matter,
        fact=_name_of(lane, first.event_id),
        about=first.event_id,
        position=first.position,
        esdh_case=next(
            (lane.lies_on[e.new.entry] for e in entries if e.new.entry in lane.lies_on), linked
        ),
        receipts=tuple(receipts),
    )
    try:
        await office.tell(told, str(first.event_id))
    except CommandRefused as refusal:
        log.warning("journal_command_refused", code=refusal.code, about=str(first.event_id))
    done: list[Change] = [
        lane.settle(entry, EntryState.DONE, receipt=receipt)
        for entry, receipt in zip(entries, receipts, strict=True)
    ]
    await apply(office, *done)
