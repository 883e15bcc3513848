"""Does it lie there already? Looked up by our reference, before anything is asked for."""

from commands.journal import RenumberEsdhCase
from services.esdh.port import CaseStatus
from services.journal.planning import entries_of
from services.journal.ports import REPEATABLE, Entry, EntryState
from services.journal.references import reference_of
from services.journal.right_case import look_again
from services.journal.settling import apply, occasion
from services.journal.work import Halt, Lane, Office


async def lies_there(office: Office, lane: Lane, entry: Entry) -> str | None:
    """The receipt of an entry that the records system has already; else its case takes more.

    Raises:
        Halt: the case is closed or gone, and is being looked for again.
    """
    linked = lane.linked
    if linked is None:
        raise await _plan_what_came_before(office, lane, entry)
    if not office.esdh.can_look_up:
        return None
    if entry.state is EntryState.INTENT:
        office.session.forget(linked.id)
    seen = await office.session.seen(office.esdh, linked.id)
    receipt = seen.receipts.get(reference_of(entry.new.entry))
    if receipt is not None:
        return receipt
    receipt = await _lies_on_former(office, lane, entry)
    if receipt is not None:
        return receipt
    standing = seen.standing
    if standing is None:
        raise await look_again(office, lane, entry)
    if standing.status is CaseStatus.CLOSED and entry.new.kind not in REPEATABLE:
        raise await look_again(office, lane, entry)
    if standing.esdh_case.number != linked.number:
        renumber = RenumberEsdhCase(matter=lane.matter, esdh_case=standing.esdh_case)
        when = await occasion(office, lane.matter)
        await office.tell(renumber, f"{lane.matter.id} {when} {standing.esdh_case.number}")
        lane.state = await office.facts.journal(lane.matter)
    return None


async def _lies_on_former(office: Office, lane: Lane, entry: Entry) -> str | None:
    """The receipt of an entry that was sent while the matter still had another case."""
    for former in lane.state.former:
        if entry.state is EntryState.INTENT:
            office.session.forget(former.id)
        seen = await office.session.seen(office.esdh, former.id)
        receipt = seen.receipts.get(reference_of(entry.new.entry))
        if receipt is not None and seen.standing is not None:
            lane.lies_on[entry.new.entry] = seen.standing.esdh_case
            return receipt
    return None


async def _plan_what_came_before(office: Office, lane: Lane, entry: Entry) -> Halt:
    """Nothing has looked for the matter's case yet: a restored database, to which the feed has
    brought only what came after, may lack the matter's first facts.
    """
    before = [fact for fact in lane.history if fact.position < entry.new.position]
    entries = [new for fact in before for new in entries_of(fact, office.organisation)]
    if not await office.journal.take_in(entries):
        return await look_again(office, lane, entry)
    await apply(office, lane.settle(entry, EntryState.WAITING, error="fact-missing"))
    return Halt()
