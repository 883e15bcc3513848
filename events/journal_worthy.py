"""Which facts go to the records system (offentlighedsloven §§ 13 and 15)."""

from typing import Final, TypeAlias

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
    MeetingMoved,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_assignment import CaseAssigned, CaseTransferred
from events.case_deadline import DeadlineMet, DeadlineSet
from events.hearing import (
    HearingCancelled,
    HearingConcluded,
    HearingExtended,
    HearingMaterialAdded,
    HearingPublished,
)

JournalWorthy: TypeAlias = (
    CaseOpened
    | PartyAddedDocument
    | CaseworkerAddedDocument
    | PartyWrote
    | CaseworkerWrote
    | MeetingBooked
    | MeetingMoved
    | MeetingGivenFromWaitingList
    | MeetingCancelled
    | HearingResponseAnswered
    | DeadlineSet
    | DeadlineMet
    | CaseAssigned
    | CaseTransferred
    | CaseClosed
    | CaseReopened
    | CaseWithdrawn
    | HearingPublished
    | HearingMaterialAdded
    | HearingExtended
    | HearingConcluded
    | HearingCancelled
)

JOURNALISED: Final = frozenset(JournalWorthy.__args__)
