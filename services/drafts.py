"""A decision's letter before it is sent: what the rules would record, and nothing of it kept."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from commands.case_decision import DispatchDecision, RecordDecision
from events.case import CaseOpened
from events.case_decision import DecisionDispatched
from events.envelope import Recorded
from events.ids import ActorId
from services.bootstrap import Organisation
from services.command_handling import perform
from services.ids import new_id
from services.journal.letter import Letter, Passage, Section
from services.journal.letterhead import letterhead_of
from services.journal.letters import letter_of
from services.journal.typesetting import pdf_of
from services.ports import Clock, EventStore
from services.streams import case_stream
from services.work import States, Work

_DRAFT: Final = Section(
    heading="Udkast",
    parts=(Passage(text="Dette er et udkast. Der er ikke afgjort eller sendt noget endnu."),),
)


async def drafted(
    organisation: Organisation,
    clock: Clock,
    commands: Sequence[RecordDecision | DispatchDecision],
    by: ActorId,
) -> bytes:
    """The letter as PDF that would go out if these were done now; the last sends a decision.

    Raises:
        Refused: a rule says no, as it would to the real thing.
        TypesettingFailed: the template has a fault.
    """
    return await asyncio.to_thread(_drafted, organisation, clock, commands, by)


def _drafted(
    organisation: Organisation,
    clock: Clock,
    commands: Sequence[RecordDecision | DispatchDecision],
    by: ActorId,
) -> bytes:
    stream = case_stream(commands[0].case_id)
    happened = organisation.store.read_recorded(stream)
    would = list(_rehearsed(organisation.store, clock, commands, happened, by))
    sent = next(each for each in would if isinstance(each.event, DecisionDispatched))
    opened = next(each.event for each in happened if isinstance(each.event, CaseOpened))
    party = organisation.known.known(opened.party)
    letter = letter_of(sent, [*happened, *would], organisation.catalogue, party)
    return pdf_of(_marked(letter), letterhead_of(organisation.catalogue))


def _rehearsed(
    store: EventStore,
    clock: Clock,
    commands: Sequence[RecordDecision | DispatchDecision],
    happened: Sequence[Recorded],
    by: ActorId,
) -> Iterator[Recorded]:
    """The facts that the commands would come to, after those that there are."""
    work = Work(States(store, 1), trust_new=False)
    for command in commands:
        perform(command, work)
    last = happened[-1]
    envelope = replace(last.envelope, actor=by, on_behalf_of=None, command_id=new_id())
    now = clock.now()
    for step, event in enumerate(work.events(), start=1):
        yield Recorded(
            event=event,
            stream=last.stream,
            version=last.version + step,
            position=last.position + step,
            event_id=new_id(),
            recorded_at=now,
            envelope=envelope,
        )


def _marked(letter: Letter) -> Letter:
    title = f"Udkast: {letter.title}"
    return replace(letter, title=title, sections=(_DRAFT, *letter.sections))
