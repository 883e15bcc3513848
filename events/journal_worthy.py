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
from events.hearing import (
    HearingCancelled,
    HearingConcluded,
    HearingExtended,
    HearingMaterialAdded,
    HearingPublished,
)
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    ParticipationRequestOpened,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderDrafted,
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
    | MeetingMissed
    | HearingResponseAnswered
    | DeadlineSet
    | DeadlineSuspended
    | DeadlineResumed
    | DeadlineExtended
    | DeadlineMet
    | InformationRequested
    | InformationDelivered
    | PartyHearingOpened
    | PartyHearingAnswered
    | PartyHearingExempted
    | DecisionDispatched
    | ApplicationCompleted
    | InspectionScheduled
    | InspectionHeld
    | CompletionNotified
    | CompletionAccepted
    | ComplaintOverDecision
    | DecisionReassessed
    | ComplaintForwarded
    | BoardDecided
    | ComplaintAnswered
    | TacitlyAccepted
    | RedactedCopyAdded
    | PartyJoined
    | PartyLeft
    | RepresentativeProposed
    | RepresentativeAppointed
    | RepresentativeDeclined
    | RepresentationEnded
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
    | TenderDrafted
    | TenderMaterialAdded
    | TenderPublished
    | ParticipationRequestOpened
    | BiddersInvited
    | QuestionAnswered
    | TenderAmended
    | DeadlineMoved
    | BidOpened
    | LotAwarded
    | TenderComplaintFiled
    | TenderComplaintEnded
    | AwardAnnulled
    | ContractConcluded
    | TenderCancelled
)

JOURNALISED: Final = frozenset(JournalWorthy.__args__)
