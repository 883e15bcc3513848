"""Opens a case in the records system, once, and links a matter to its case."""

import asyncio
from dataclasses import dataclass

import structlog

from commands.journal import LinkEsdhCase
from commands.refusal import Refused as CommandRefused
from events.journal import EsdhCase, LinkedBy
from services.esdh.port import (
    CaseOutcome,
    CaseStanding,
    CaseStatus,
    EsdhUnavailable,
    NewCase,
    Opened,
    Pending,
    Refused,
    Retry,
)
from services.journal.planning import AGAIN
from services.journal.ports import Entry, EntryState, Intend, Resource
from services.journal.references import reference_of
from services.journal.settling import apply, intend, not_certain, occasion, put_off, refuse
from services.journal.subject import Subject, new_case
from services.journal.work import Halt, Lane, Office
from services.logs import described

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taking:
    """What must not get two cases at once, and how it stood when we looked."""

    name: str
    resource: Resource


async def open_case(
    office: Office, lane: Lane, entry: Entry, about: Subject, taking: Taking | None
) -> str:
    """Open the case, unless it lies there with our reference, and link the matter to it.

    `taking` is None for a case that no other matter could want too.

    Raises:
        Halt: not now.
        EsdhUnavailable: the records system was asked, and did not answer.
    """
    there = await opened_before(office, entry)
    if there is not None:
        return await link(office, lane, entry, there, LinkedBy.CREATED)
    if taking is not None and taking.resource.busy and entry.state is not EntryState.INTENT:
        wait = office.timing.dependency
        # No error, as nothing went wrong: it must not count when it is reckoned how long to pause.
        waits = lane.settle(entry, EntryState.WAITING, retry_in=wait)
        await apply(office, waits)
        raise Halt
    new = new_case(about, reference_of(entry.new.entry))
    async with office.asking:
        outcome = await _ask(office, lane, entry, new, taking)
    return await _take(office, lane, entry, new, outcome)


async def opened_before(office: Office, entry: Entry) -> EsdhCase | None:
    """The case that was opened for this entry before, by our reference.

    Raises:
        EsdhUnavailable: the records system was asked, and did not answer.
    """
    if not office.esdh.can_look_up:
        return None
    there = await office.esdh.find_case(reference_of(entry.new.entry))
    return None if there is None else there.esdh_case


async def link(office: Office, lane: Lane, entry: Entry, esdh_case: EsdhCase, by: LinkedBy) -> str:
    """Tell the matter's journal which case is its own, and be done with finding it.

    Raises:
        Halt: a caseworker was asked meanwhile, whose word counts.
    """
    command = LinkEsdhCase(matter=lane.matter, esdh_case=esdh_case, by=by)
    try:
        # A refusal is kept with its command too, so another attempt is another command.
        when = await occasion(office, lane.matter)
        await office.tell(command, f"{entry.new.entry} {esdh_case.id} {by} {when}")
    except CommandRefused:
        wait = office.timing.dependency
        waits = lane.settle(entry, EntryState.WAITING, error="choice-pending", retry_in=wait)
        await apply(office, waits)
        raise Halt from None
    lane.state = await office.facts.journal(lane.matter)
    state = EntryState.DONE if entry.new.part == AGAIN else EntryState.FILED
    await apply(office, lane.settle(entry, state, receipt=esdh_case.id, esdh_id=esdh_case.id))
    office.session.uncertain.pop(entry.new.entry, None)
    return esdh_case.id


async def _ask(
    office: Office, lane: Lane, entry: Entry, new: NewCase, taking: Taking | None
) -> CaseOutcome:
    wanted = Intend(
        matter=lane.matter,
        epoch=lane.claim.epoch,
        entry=entry.new.entry,
        resource=None if taking is None else taking.name,
        resource_version=0 if taking is None else taking.resource.version,
    )
    if not await intend(office, lane, entry, wanted):
        return Retry(reason="too-late", may_have_happened=False)
    try:
        async with asyncio.timeout(office.timing.request):
            return await office.esdh.open_case(new)
    except TimeoutError:
        return Retry(reason="timeout", may_have_happened=True)
    except EsdhUnavailable:
        return Retry(reason="esdh-unavailable", may_have_happened=True)
    except Exception as bug:  # noqa: BLE001  # it may have happened all the same
        log.error("opening_failed", entry=str(entry.new.entry), error=described(bug))  # noqa: TRY400  # see described
        return Retry(reason="internal-error", may_have_happened=True)


async def _take(
    office: Office, lane: Lane, entry: Entry, new: NewCase, outcome: CaseOutcome
) -> str:
    match outcome:
        case Opened(esdh_case=esdh_case):
            office.breaker.success()
            office.session.opened(
                CaseStanding(esdh_case=esdh_case, title=new.title, status=CaseStatus.OPEN)
            )
            return await link(office, lane, entry, esdh_case, LinkedBy.CREATED)
        case Pending(receipt=receipt):
            # Its number will be known there, and never told here.
            sent = EsdhCase(id=receipt, number="")
            return await link(office, lane, entry, sent, LinkedBy.CREATED)
        case Retry(may_have_happened=True):
            raise await not_certain(office, lane, entry, outcome)
        case Retry():
            lane.intended = None
            raise await put_off(office, lane, entry, outcome.reason, after=outcome.after)
        case Refused():
            raise await refuse(office, lane, entry, outcome.code, outcome.detail)
