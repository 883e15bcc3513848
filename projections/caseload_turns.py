"""Whose turn it is on a case: what its row in the caseload says that it waits for."""

from typing import Final, TypeAlias

from events.case_application import (
    ApplicationCompleted,
    ApplicationEvent,
    CompletionAccepted,
    CompletionNotified,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_complaint import (
    BoardDecided,
    ComplaintAnswered,
    ComplaintEvent,
    ComplaintForwarded,
    ComplaintOverDecision,
    DecisionReassessed,
)
from events.case_decision import (
    DecisionCorrected,
    DecisionDispatched,
    DecisionEvent,
    DecisionRecorded,
)
from events.case_information import (
    InformationDelivered,
    InformationEvent,
    InformationRequested,
    InformationRequestEnded,
)
from events.case_party_hearing import (
    PartyHearingAnswered,
    PartyHearingClosed,
    PartyHearingEvent,
    PartyHearingExempted,
    PartyHearingOpened,
)
from events.case_procedure import (
    MessageRead,
    ProcedureEvent,
    RedactedCopyAdded,
    RelatedCaseNamed,
    RetentionBegan,
    RetentionClassed,
    TacitlyAccepted,
)

Turn: TypeAlias = (
    InformationEvent
    | PartyHearingEvent
    | DecisionEvent
    | ApplicationEvent
    | ComplaintEvent
    | ProcedureEvent
)

CASEWORKER: Final = "caseworker"
PARTY: Final = "party"
BOARD: Final = "board"

_NEXT: Final[dict[type[Turn], str | None]] = {
    InformationRequested: PARTY,
    InformationDelivered: None,
    InformationRequestEnded: CASEWORKER,
    PartyHearingOpened: PARTY,
    PartyHearingAnswered: None,
    PartyHearingClosed: CASEWORKER,
    PartyHearingExempted: None,
    DecisionRecorded: CASEWORKER,
    DecisionDispatched: CASEWORKER,
    DecisionCorrected: CASEWORKER,
    ApplicationCompleted: CASEWORKER,
    InspectionScheduled: None,
    InspectionHeld: None,
    CompletionNotified: CASEWORKER,
    CompletionAccepted: CASEWORKER,
    ComplaintOverDecision: None,
    DecisionReassessed: CASEWORKER,
    ComplaintForwarded: BOARD,
    BoardDecided: CASEWORKER,
    ComplaintAnswered: CASEWORKER,
    RelatedCaseNamed: None,
    TacitlyAccepted: CASEWORKER,
    RedactedCopyAdded: None,
    MessageRead: None,
    RetentionClassed: None,
    RetentionBegan: None,
}
"""Who is waited for after each; None where that stays as it was."""


def next_turn(event: Turn, waiting_for: str | None) -> str | None:
    return _NEXT[type(event)] or waiting_for
