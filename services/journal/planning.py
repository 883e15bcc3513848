"""From a fact to what is to be done about it in the records system."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from events.case import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    HearingResponseAnswered,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_application import (
    ApplicationCompleted,
    CompletionAccepted,
    CompletionNotified,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_assignment import CaseAssigned, CaseTransferred
from events.case_complaint import (
    BoardDecided,
    ComplaintAnswered,
    ComplaintForwarded,
    ComplaintOverDecision,
    DecisionReassessed,
)
from events.case_deadline import (
    DeadlineExtended,
    DeadlineMet,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_decision import DecisionDispatched
from events.case_information import InformationDelivered, InformationRequested
from events.case_party import (
    PartyJoined,
    PartyLeft,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
    RepresentativeProposed,
)
from events.case_party_hearing import (
    PartyHearingAnswered,
    PartyHearingExempted,
    PartyHearingOpened,
)
from events.case_procedure import RedactedCopyAdded, TacitlyAccepted
from events.envelope import Recorded
from events.hearing import (
    HearingCancelled,
    HearingConcluded,
    HearingEvent,
    HearingExtended,
    HearingMaterialAdded,
    HearingPublished,
)
from events.ids import EntryId
from events.journal import Matter, MatterKind
from events.journal_worthy import JournalWorthy
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    ParticipationRequestOpened,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderDrafted,
    TenderEvent,
    TenderMaterialAdded,
    TenderPublished,
)
from events.tender_award import (
    AwardAnnulled,
    ContractConcluded,
    LotAwarded,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import BidOpened
from services.catalogue.organisation import Organisation
from services.ids import derived_id
from services.journal.belonging import resource
from services.journal.ports import EntryKind, NewEntry

AGAIN: Final = -1
"""The part of an entry that looks for the case once more, before whatever needs it."""


def entries_of(fact: Recorded, organisation: Organisation) -> list[NewEntry]:
    """What the fact gives to do, none for a fact that is not journal-worthy."""
    event = fact.event
    if not isinstance(event, JournalWorthy):
        return []
    kinds = kinds_of(event)
    return [
        NewEntry(
            entry=entry_id(fact.event_id, part),
            matter=matter_of(event),
            kind=kind,
            event_id=fact.event_id,
            stream=fact.stream,
            version=fact.version,
            position=fact.position,
            recorded_at=fact.recorded_at,
            part=part,
            parts=len(kinds),
            resource=resource(event, organisation) if kind is EntryKind.CASE else None,
        )
        for part, kind in enumerate(kinds)
    ]


def entry_id(event_id: UUID, part: int) -> EntryId:
    """The same for the same fact and part, in every process and for ever."""
    return EntryId(derived_id(event_id, f"journal {part}"))


def stand_in_for(event_id: UUID) -> EntryId:
    """The entry of a fact that could not be read, and so not be planned for."""
    return EntryId(derived_id(event_id, "journal unreadable"))


def again(before: NewEntry, occasion: str, of: Matter | None = None) -> NewEntry:
    """Looking for the case once more, before that entry, or in another matter because of it."""
    matter = of or before.matter
    cause = before.entry if of is None else of.id
    return replace(
        before,
        entry=EntryId(derived_id(cause, f"case again {occasion}")),
        matter=matter,
        kind=EntryKind.CASE,
        part=AGAIN,
        parts=1,
        resource=None,
    )


def matter_of(event: JournalWorthy) -> Matter:
    if isinstance(event, HearingEvent):
        return Matter(kind=MatterKind.HEARING, id=event.hearing_id)
    if isinstance(event, TenderEvent):
        return Matter(kind=MatterKind.TENDER, id=event.tender_id)
    return Matter(kind=MatterKind.CASE, id=event.case_id)


def kinds_of(event: JournalWorthy) -> tuple[EntryKind, ...]:
    match event:
        case HearingPublished():
            return (EntryKind.CASE, *_DOCUMENT, *_DOCUMENT * len(event.material))
        case HearingMaterialAdded() | TenderMaterialAdded():
            return _DOCUMENT * len(event.material)
        case TenderAmended():
            return (*_NOTE, *_DOCUMENT * len(event.material))
        case BidOpened() | ParticipationRequestOpened():
            return (*_NOTE, *_DOCUMENT * len(event.documents))
        case PartyWrote() | CaseworkerWrote() | PartyHearingAnswered() | CompletionNotified():
            return _DOCUMENT * (1 + len(event.documents))
        case _:
            return _KINDS[type(event)]


_DOCUMENT: Final = (EntryKind.DOCUMENT,)
_NOTE: Final = (EntryKind.NOTE,)
_REMINDER: Final = (EntryKind.REMINDER,)
_FINISHED: Final = (EntryKind.REMINDER_FINISHED,)
_STATUS: Final = (EntryKind.STATUS,)

_KINDS: Final[Mapping[type[JournalWorthy], tuple[EntryKind, ...]]] = {
    CaseOpened: (EntryKind.CASE, *_DOCUMENT),
    PartyAddedDocument: _DOCUMENT,
    CaseworkerAddedDocument: _DOCUMENT,
    RedactedCopyAdded: _DOCUMENT,
    HearingResponseAnswered: _DOCUMENT,
    HearingConcluded: _DOCUMENT,
    InformationRequested: _DOCUMENT,
    InformationDelivered: _DOCUMENT,
    PartyHearingOpened: _DOCUMENT,
    # A decision is filed as the party got it, and once more each time that it is corrected.
    DecisionDispatched: _DOCUMENT,
    DecisionReassessed: _DOCUMENT,
    ComplaintForwarded: _DOCUMENT,
    BoardDecided: _DOCUMENT,
    ComplaintAnswered: _DOCUMENT,
    MeetingBooked: _NOTE,
    MeetingMoved: _NOTE,
    MeetingGivenFromWaitingList: _NOTE,
    MeetingCancelled: _NOTE,
    MeetingMissed: _NOTE,
    HearingExtended: _NOTE,
    HearingCancelled: _NOTE,
    # What is received is on its case at once when it is opened, and before nobody can.
    TenderDrafted: (EntryKind.CASE,),
    TenderPublished: _DOCUMENT,
    BiddersInvited: _NOTE,
    QuestionAnswered: _NOTE,
    DeadlineMoved: _NOTE,
    LotAwarded: _DOCUMENT,
    TenderComplaintFiled: _NOTE,
    TenderComplaintEnded: _NOTE,
    AwardAnnulled: _NOTE,
    # The protocol comes with what ends a lot or all of it, as it stood then.
    ContractConcluded: (*_NOTE, *_DOCUMENT),
    TenderCancelled: (*_NOTE, *_DOCUMENT),
    CaseTransferred: _NOTE,
    PartyHearingExempted: _NOTE,
    # A power of attorney comes with the case's documents, and is filed as one of them.
    PartyJoined: _NOTE,
    PartyLeft: _NOTE,
    RepresentativeProposed: _NOTE,
    RepresentativeAppointed: _NOTE,
    RepresentativeDeclined: _NOTE,
    RepresentationEnded: _NOTE,
    ApplicationCompleted: _NOTE,
    InspectionScheduled: _NOTE,
    InspectionHeld: _NOTE,
    CompletionAccepted: _DOCUMENT,
    ComplaintOverDecision: _NOTE,
    TacitlyAccepted: (*_NOTE, *_FINISHED),
    DeadlineSet: _REMINDER,
    DeadlineSuspended: _FINISHED,
    DeadlineResumed: _REMINDER,
    DeadlineExtended: (*_FINISHED, *_REMINDER),
    DeadlineMet: _FINISHED,
    CaseAssigned: (EntryKind.HANDLER,),
    CaseClosed: _STATUS,
    CaseReopened: _STATUS,
    CaseWithdrawn: (*_NOTE, *_STATUS),
}
