"""Finds a matter's case in the records system, opens it, or has a caseworker say which it is.

The rule stands with the service: the hearing's own case, the case whose decision is complained of,
the open case about the same property, or a new one. Before one is opened, what was opened before is
looked up by our reference.
"""

from commands.journal import RequestEsdhCaseChoice
from events.journal import EsdhCase, LinkedBy, Matter
from services.esdh.port import CaseStanding, CaseStatus, Done, Pending, Retry
from services.journal.belonging import property_words, resource_of
from services.journal.matching import Ask, OpenNew, Use, case_lost, mentioning, right_case
from services.journal.opening import Taking, link, open_case, opened_before
from services.journal.planning import AGAIN, again
from services.journal.ports import Entry, EntryState
from services.journal.settling import apply, occasion, put_off, refuse, wait_until_certain
from services.journal.subject import Subject, subject_of
from services.journal.work import Halt, Lane, Office


async def find_case(office: Office, lane: Lane, entry: Entry) -> str:
    """Link the matter to its case, and give the case's lasting id.

    Raises:
        Halt: not now; what is to come has been written down.
        EsdhUnavailable: the records system was asked, and did not answer.
    """
    await wait_until_certain(office, lane, entry)
    about = subject_of(office, lane)
    choice = lane.state.choice
    if entry.state is EntryState.INTENT:
        there = await opened_before(office, entry)
        if there is not None:
            return await link(office, lane, entry, there, LinkedBy.CREATED)
        # Nothing was opened, and what is right may have become another case meanwhile.
    if choice is not None and not choice.made:
        raise await _choice_waits(office, lane, entry)
    if choice is not None and choice.chosen is not None:
        return await _link_chosen(office, lane, entry, choice.chosen)
    if choice is not None:
        # Others who come to the same property must find the new case, or wait for it.
        return await open_case(office, lane, entry, about, await _taking(office, about))
    if lane.linked is not None:
        if entry.new.part == AGAIN:
            return await _after_loss(office, lane, entry, about)
        return await link(office, lane, entry, lane.linked, LinkedBy.MATCHED)
    return await _by_rule(office, lane, entry, about)


async def look_again(office: Office, lane: Lane, entry: Entry) -> Halt:
    """The matter's case takes nothing more: put looking for one before the entry."""
    if lane.linked is not None:
        # It may be opened there again, and must then not be taken for closed for ever.
        office.session.forget(lane.linked.id)
    number = 0
    while not await office.journal.take_in([again(entry.new, str(number))]):
        number += 1
    await apply(office, lane.settle(entry, EntryState.WAITING, error="case-lost"))
    return Halt()


async def _by_rule(office: Office, lane: Lane, entry: Entry, about: Subject) -> str:
    if about.hearing is not None:
        return await _of_hearing(office, lane, entry, about.hearing)
    if about.complained_of is not None:
        return await _of_complained_of(office, lane, entry, about.complained_of, about)
    if about.is_sought and _is_new(office, entry):
        raise await _wait_a_moment(office, lane, entry)
    if about.place is None:
        return await open_case(office, lane, entry, about, None)
    # A restored database may have forgotten what was opened for this very matter; and its own case
    # is none that a caseworker is asked about.
    there = await opened_before(office, entry)
    if there is not None:
        return await link(office, lane, entry, there, LinkedBy.CREATED)
    taking = await _taking(office, about)
    match right_case(await _on_property(office, about, taking)):
        case Use(found):
            return await _join(office, lane, entry, found.esdh_case, about)
        case Ask() as ask:
            raise await _ask(office, lane, entry, ask)
        case OpenNew():
            return await open_case(office, lane, entry, about, taking)


def _is_new(office: Office, entry: Entry) -> bool:
    """Whether it may be kept back: a register that is away must not keep back its filing."""
    age = entry.due_at - entry.new.recorded_at
    return entry.state is EntryState.WAITING and age.total_seconds() < office.timing.kept_back


async def _taking(office: Office, about: Subject) -> Taking | None:
    """The property as it stands, before one looks at what lies there about it."""
    if about.place is None:
        return None
    name = resource_of(about.place, about.template)
    return Taking(name, await office.journal.resource(name))


async def _of_hearing(office: Office, lane: Lane, entry: Entry, hearing: Matter) -> str:
    """A response lies on its hearing's case, which the hearing's own entries find or open."""
    there = (await office.facts.journal(hearing)).linked
    if there is None:
        raise await _wait_a_moment(office, lane, entry)
    if office.esdh.can_look_up:
        standing = (await office.session.seen(office.esdh, there.id)).standing
        if standing is None or standing.status is CaseStatus.CLOSED:
            # Asked once, on the hearing, and not of every response that comes too late.
            office.session.forget(there.id)
            # Now and then once more: opened and closed again since, it has left no trace here.
            turn = int(entry.due_at.timestamp() // office.timing.longest_retry)
            when = f"{await occasion(office, hearing)} {turn}"
            await office.journal.take_in([again(entry.new, f"{there.id} {when}", of=hearing)])
            raise await _wait_a_moment(office, lane, entry)
    return await link(office, lane, entry, there, LinkedBy.MATCHED)


async def _of_complained_of(
    office: Office, lane: Lane, entry: Entry, complained_of: Matter, about: Subject
) -> str:
    """A complaint lies where the decision does, once that is certain; closed, a person says."""
    decided = await office.facts.journal(complained_of)
    if decided.linked is None or decided.is_asked:
        raise await _wait_a_moment(office, lane, entry)
    if not office.esdh.can_look_up:
        return await link(office, lane, entry, decided.linked, LinkedBy.MATCHED)
    match case_lost(await office.esdh.case(decided.linked.id), ()):
        case Use(found):
            return await _join(office, lane, entry, found.esdh_case, about)
        case Ask() as ask:
            raise await _ask(office, lane, entry, ask)


async def _wait_a_moment(office: Office, lane: Lane, entry: Entry) -> Halt:
    # Nothing went wrong: counted as an attempt, each wait would double the pause after a failure.
    wait = max(office.timing.dependency, 0.0)
    await apply(office, lane.settle(entry, EntryState.WAITING, retry_in=wait))
    return Halt()


async def _after_loss(office: Office, lane: Lane, entry: Entry, about: Subject) -> str:
    if about.hearing is not None:
        return await _of_hearing(office, lane, entry, about.hearing)
    former = None if lane.linked is None else await office.esdh.case(lane.linked.id)
    match case_lost(former, await _titled(office, about)):
        case Use(found):
            return await _join(office, lane, entry, found.esdh_case, about)
        case Ask() as ask:
            raise await _ask(office, lane, entry, ask)


async def _ask(office: Office, lane: Lane, entry: Entry, ask: Ask) -> Halt:
    wanted = RequestEsdhCaseChoice(matter=lane.matter, reason=ask.reason, candidates=ask.candidates)
    offered = " ".join(sorted(each.esdh_case.id for each in ask.candidates))
    when = await occasion(office, lane.matter)
    await office.tell(wanted, f"{entry.new.entry} {when} {offered}")
    return await _choice_waits(office, lane, entry)


async def _choice_waits(office: Office, lane: Lane, entry: Entry) -> Halt:
    await apply(office, lane.settle(entry, EntryState.CHOICE))
    # The answer may have come between our look at the journal and this line, and woken nobody.
    state = await office.facts.journal(lane.matter)
    if state.choice is None or state.choice.made:
        await office.journal.wake([lane.matter])
    return Halt()


async def _link_chosen(office: Office, lane: Lane, entry: Entry, chosen: EsdhCase) -> str:
    """A closed case that was chosen is opened again first: that is what choosing it means."""
    office.session.forget(chosen.id)
    standing = await office.esdh.case(chosen.id)
    if standing is not None and standing.status is CaseStatus.CLOSED:
        comment = "Genåbnet: der er kommet mere til sagen."
        match await office.esdh.set_status(chosen.id, CaseStatus.OPEN, comment):
            case Done() | Pending():
                pass
            case Retry() as later:
                raise await put_off(office, lane, entry, later.reason, after=later.after)
            case refused:
                raise await refuse(office, lane, entry, refused.code, refused.detail)
    return await link(office, lane, entry, chosen, LinkedBy.CHOSEN)


async def _join(office: Office, lane: Lane, entry: Entry, found: EsdhCase, about: Subject) -> str:
    """Link to a case that was there before, with our party as one of its parties."""
    for party in about.parties:
        match await office.esdh.add_party(found.id, party):
            case Done() | Pending():
                pass
            case Retry() as later:
                raise await put_off(office, lane, entry, later.reason, after=later.after)
            case refused:
                raise await refuse(office, lane, entry, refused.code, refused.detail)
    return await link(office, lane, entry, found, LinkedBy.MATCHED)


async def _on_property(office: Office, about: Subject, taking: Taking | None) -> list[CaseStanding]:
    """Cases about the same property: those that we opened for it, and those titled so."""
    opened = () if taking is None else taking.resource.esdh_ids
    ours = [await office.esdh.case(esdh_id) for esdh_id in opened]
    return [*(case for case in ours if case is not None), *await _titled(office, about)]


async def _titled(office: Office, about: Subject) -> list[CaseStanding]:
    if about.place is None:
        return []
    words = property_words(about.place)
    return mentioning(words, await office.esdh.cases_about(words, about.template))
