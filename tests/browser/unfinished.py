"""What other processes would have told of the demo's matters: of records and of post."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from commands.journal import (
    JournalCommand,
    RecordJournalDifference,
    RecordJournalisingRefused,
    RequestEsdhCaseChoice,
)
from events.case_decision import DecisionDispatched
from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from events.ids import ActorId, CaseId, EntryId, HearingId, NotificationId, TeamId
from events.journal import ChoiceReason, DifferenceKind, Matter, MatterKind
from events.post import Channel, PaperReason
from services.core import Core
from services.demo.hearings import open_hearings
from services.demo.ids import demo_id
from services.demo.people import ANNA, BO, TOVE
from services.demo.tender_plans import DRAFT, OPEN, Plan
from services.ids import new_id
from services.journal.intake import stream_of
from services.journal.ports import EntryKind, EntryState, NewEntry, Settle
from services.journal.postgres import PostgresJournal
from services.post.ports import NewMail, NewNotification, Placing
from services.post.postgres import PostgresOutbox
from services.request import unattended
from services.streams import case_stream, hearing_stream
from tests.examples import building_candidate, building_case, carport_candidate
from tests.gateway.running import START, TEAM

SYNC: Final = ActorId("system:esdh-sync")
REFUSED: Final = EntryId(new_id())
CANDIDATES: Final = (building_candidate, carport_candidate)


def leave_unfinished(core: Core) -> None:
    """A case, a hearing and a tender whose right case is asked for, two filings refused, one that
    differs, and a letter to be printed.
    """
    chosen = _case(core, f"temporary-event {BO.party}")
    refused = _case(core, f"soil-transport {TOVE.party}")
    for command in _told(core, chosen, refused):
        request = unattended(command, command_id=new_id(), organisation=core.name, actor=SYNC)
        core.desk.hand_in(request).result()
    asyncio.run(_written_down(core, chosen, refused))


def _told(core: Core, chosen: CaseId, refused: CaseId) -> Iterator[JournalCommand]:
    hearing = Matter(kind=MatterKind.HEARING, id=_hearing(core))
    for matter in (_of(chosen), hearing, _tender(core, DRAFT)):
        yield RequestEsdhCaseChoice(
            matter=matter, reason=ChoiceReason.SEVERAL, candidates=CANDIDATES
        )
    first = _first(core, refused)
    yield RecordJournalisingRefused(
        matter=_of(refused),
        entry=REFUSED,
        position=first.position,
        code="esdh-rejected",
        detail="Filen er for stor.",
    )
    yield RecordJournalDifference(
        matter=_of(_case(core, f"demolition {ANNA.party}")),
        difference=DifferenceKind.MISSING_THERE,
        reference="JL-0123456789",
        esdh_case=building_case,
    )


async def _written_down(core: Core, chosen: CaseId, refused: CaseId) -> None:
    """As the processes keep it that file and send."""
    heard = _hearing(core)
    hearing = core.store.read_recorded(hearing_stream(heard), up_to=1)[0]
    of_hearing = Matter(kind=MatterKind.HEARING, id=heard)
    of_draft, of_open = _tender(core, DRAFT), _tender(core, OPEN)
    entries = [
        _entry(hearing, of_hearing, EntryId(new_id())),
        _entry(_first(core, chosen), _of(chosen), EntryId(new_id())),
        _entry(_first(core, refused), _of(refused), REFUSED),
        _entry(_begun(core, of_draft), of_draft, EntryId(new_id())),
        _entry(_begun(core, of_open), of_open, EntryId(new_id())),
    ]
    settled = [
        Settle(matter=of_hearing, epoch=0, entry=entries[0].entry, state=EntryState.CHOICE),
        Settle(matter=_of(chosen), epoch=0, entry=entries[1].entry, state=EntryState.CHOICE),
        _rejected(_of(refused), REFUSED),
        Settle(matter=of_draft, epoch=0, entry=entries[3].entry, state=EntryState.CHOICE),
        _rejected(of_open, entries[4].entry),
    ]
    async with PostgresJournal(core.conninfo, core.name) as journal:
        await journal.take_in(entries)
        claims = await journal.claim(new_id(), limit=100, lease_seconds=60)
        epochs = {claim.matter: claim.epoch for claim in claims}
        await journal.change([replace(each, epoch=epochs[each.matter]) for each in settled])
        await journal.release([(claim.matter, claim.epoch) for claim in claims])
    async with PostgresOutbox(core.conninfo, core.name) as outbox:
        await outbox.take_in([_letter(core)], START)


def _letter(core: Core) -> Placing:
    """The decision on the demolition, which cannot go as Digital Post."""
    case_id = _case(core, f"demolition {ANNA.party}")
    sent = next(
        each
        for each in core.store.read_recorded(case_stream(case_id))
        if isinstance(each.event, DecisionDispatched)
    )
    told = NewNotification(
        notification=NotificationId(new_id()),
        matter=_of(case_id),
        event_id=sent.event_id,
        stream=sent.stream,
        version=sent.version,
        position=sent.position,
        fact=WIRE_NAMES[DecisionDispatched],
        recorded_at=sent.recorded_at,
    )
    mail = NewMail(
        mail=new_id(),
        channel=Channel.PAPER,
        party=ANNA.party,
        due_at=START,
        error=PaperReason.NO_DIGITAL_POST,
    )
    return Placing(new=told, mails=(mail,))


def _entry(fact: Recorded, matter: Matter, entry: EntryId) -> NewEntry:
    return NewEntry(
        entry=entry,
        matter=matter,
        kind=EntryKind.DOCUMENT,
        event_id=fact.event_id,
        stream=fact.stream,
        version=fact.version,
        position=fact.position,
        recorded_at=fact.recorded_at,
        part=0,
        parts=1,
    )


def _rejected(matter: Matter, entry: EntryId) -> Settle:
    return Settle(
        matter=matter, epoch=0, entry=entry, state=EntryState.REFUSED, error="esdh-rejected"
    )


def _tender(core: Core, plan: Plan) -> Matter:
    return Matter(kind=MatterKind.TENDER, id=demo_id(core.name, f"tender {plan.name}"))


def _begun(core: Core, tender: Matter) -> Recorded:
    return core.store.read_recorded(stream_of(tender), up_to=1)[0]


def _hearing(core: Core) -> HearingId:
    return next(open_hearings(core.name, TeamId(TEAM), START)).hearing_id


def _case(core: Core, name: str) -> CaseId:
    return CaseId(demo_id(core.name, name))


def _of(case_id: CaseId) -> Matter:
    return Matter(kind=MatterKind.CASE, id=case_id)


def _first(core: Core, case_id: CaseId) -> Recorded:
    return core.store.read_recorded(case_stream(case_id), up_to=1)[0]
