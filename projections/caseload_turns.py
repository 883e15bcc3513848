"""Whose turn it is on a case: what its row in the caseload says that it waits for."""

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

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
    HearingEnd,
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

FIRST: Final = "first"
"""The one whose matter it is, where the others go by their ids."""

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


def next_turn(event: Turn, waiting_for: str | None, hearing_of: Mapping[str, bool]) -> str | None:
    """One who has answered is no reason to go on while others are still heard."""
    return PARTY if any(hearing_of.values()) else _NEXT[type(event)] or waiting_for


def heard_by(hearing_of: Mapping[str, bool], event: Turn) -> dict[str, bool]:
    """Each party that is or was heard, and whether it is still waited for."""
    if not isinstance(event, PartyHearingEvent):
        return dict(hearing_of)
    party = event.party or FIRST
    match event:
        case PartyHearingOpened():
            return {**hearing_of, party: True}
        case PartyHearingClosed(because=HearingEnd.LEFT):
            return unheard(hearing_of, party)
        case PartyHearingClosed():
            return {**hearing_of, party: False}
        case PartyHearingAnswered() | PartyHearingExempted():
            return dict(hearing_of)
        case _:
            assert_never(event)


def unheard(hearing_of: Mapping[str, bool], party: str) -> dict[str, bool]:
    """Without one who is no longer a party."""
    return {who: is_awaited for who, is_awaited in hearing_of.items() if who != party}
