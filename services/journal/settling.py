"""How an entry leaves a worker's hands: put off, uncertain, or given to a person."""

import asyncio
from typing import Final

from commands.journal import RecordJournalisingRefused
from events.journal import Matter
from services.esdh.port import Retry
from services.journal.ports import REPEATABLE, Change, Entry, EntryState, Intend
from services.journal.work import Halt, Lane, LeaseLost, Office
from services.streams import journal_stream

ROUNDING_SECONDS: Final = 0.01


async def apply(office: Office, *changes: Change) -> None:
    """Write changes down.

    Raises:
        LeaseLost: the matter is not ours any longer; nothing of it was changed.
    """
    if not all(await office.journal.change(changes)):
        raise LeaseLost


async def occasion(office: Office, matter: Matter) -> str:
    """Tells one telling of a matter's journal from the next that says the same.

    What was told once may be true again after something else was, and a command that has an old
    one's id would change nothing.
    """
    return str(len(await office.facts.history(journal_stream(matter))))


async def put_off(
    office: Office, lane: Lane, entry: Entry, reason: str, *, after: float | None = None
) -> Halt:
    """Try again later, ever more seldom and for ever. What may have happened still may have."""
    uncertain = entry.state is EntryState.INTENT or lane.intended == entry.new.entry
    state = EntryState.INTENT if uncertain else EntryState.WAITING
    wait = max(office.timing.back_off(entry.attempts), after or 0.0)
    await apply(office, lane.settle(entry, state, error=reason, retry_in=wait))
    return Halt()


async def wait_until_certain(office: Office, lane: Lane, entry: Entry) -> None:
    """Put off an entry whose effect may still come; by this loop's clock, which never jumps."""
    if entry.state is not EntryState.INTENT:
        return
    if not office.esdh.can_look_up:
        detail = "Whether it arrived cannot be looked up; check there, then retry or leave it."
        raise await refuse(office, lane, entry, "outcome-unknown", detail)
    now = asyncio.get_running_loop().time()
    intended, certain_at = office.session.uncertain.get(entry.new.entry, (None, now))
    if intended != entry.intended:
        certain_at = now + office.timing.stranger
        office.session.uncertain[entry.new.entry] = (entry.intended, certain_at)
    if now < certain_at:
        await apply(
            office,
            lane.settle(
                entry,
                EntryState.INTENT,
                # Rounded up: the database's clock and ours never agree to the microsecond.
                retry_in=certain_at - now + ROUNDING_SECONDS,
            ),
        )
        raise Halt


async def intend(office: Office, lane: Lane, entry: Entry, wanted: Intend) -> bool:
    """Write the intent down; whether the request may still be sent, which it must be at once.

    Raises:
        LeaseLost: the matter is not ours any longer, or its resource was taken meanwhile.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await apply(office, wanted)
    # Others count on nothing being sent any more by one that slept so long.
    in_time = loop.time() - begun <= office.timing.send_window
    if in_time:
        lane.intended = entry.new.entry
    return in_time


async def not_certain(office: Office, lane: Lane, entry: Entry, outcome: Retry) -> Halt:
    office.breaker.trouble()
    if entry.new.kind in REPEATABLE:
        return await put_off(office, lane, entry, outcome.reason, after=outcome.after)
    wait = office.timing.longest_processing
    certain_at = asyncio.get_running_loop().time() + wait
    office.session.uncertain[entry.new.entry] = (lane.claim.epoch, certain_at)
    back_off = max(wait, outcome.after or 0.0, office.timing.back_off(entry.attempts))
    settled = lane.settle(entry, EntryState.INTENT, error=outcome.reason, retry_in=back_off)
    await apply(office, settled)
    return Halt()


async def refuse(office: Office, lane: Lane, entry: Entry, code: str, detail: str) -> Halt:
    """Give the entry to a caseworker; those after it wait, other matters go on."""
    told = RecordJournalisingRefused(
        matter=lane.matter,
        entry=entry.new.entry,
        position=entry.new.position,
        code=code,
        detail=detail,
    )
    await office.tell(told, f"{entry.new.entry} {await occasion(office, lane.matter)}")
    await apply(office, lane.settle(entry, EntryState.REFUSED, error=code))
    return Halt()
