"""What of each fact leaves the house: no free text, no answers, no names, nobody's id.

Kafka keeps what it is given for days, in copies that nothing erases. So only what is listed here
goes out; whoever may see more reads it from the log, by stream and version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

from events import (
    calendar_day,
    case,
    case_application,
    case_assignment,
    case_complaint,
    case_deadline,
    case_decision,
    case_information,
    case_party,
    case_party_hearing,
    case_procedure,
    case_property,
    colleague,
    contact,
    document,
    hearing,
    journal,
    note,
    post,
    tender,
    tender_award,
    tender_bid,
    tender_committee,
)
from events.catalogue import Event

Spread: TypeAlias = str | int | Sequence["Spread"] | Mapping[str, "Spread"] | None

_CASE_ONLY: Final = ("case_id",)
_SLOT: Final = ("day", "slot")
_NOTIFICATION: Final = ("matter", "notification")

SPREAD: Final[Mapping[type, Sequence[str]]] = {
    case.CaseOpened: (
        "case_id",
        "kind",
        "service",
        "service_version",
        "team",
        "received_on",
        "hearing",
    ),
    case.NextStepsAnnounced: _CASE_ONLY,
    case.ThingsToBringListed: _CASE_ONLY,
    case.PartyWrote: ("case_id", "message", "documents"),
    case.CaseworkerWrote: ("case_id", "message", "documents"),
    case.PartyAddedDocument: ("case_id", "document"),
    case.CaseworkerAddedDocument: ("case_id", "document"),
    case.MeetingBooked: ("case_id", "meeting"),
    case.MeetingMoved: ("case_id", "meeting"),
    case.MeetingCancelled: ("case_id", "slot"),
    case.MeetingMissed: ("case_id", "meeting"),
    case.PutOnWaitingList: ("case_id", "day"),
    case.TakenOffWaitingList: ("case_id", "day"),
    case.MeetingGivenFromWaitingList: ("case_id", "meeting"),
    case.HearingResponseAnswered: ("case_id", "hearing"),
    case_deadline.DeadlineSet: ("case_id", "deadline", "due_on", "unit"),
    case_deadline.DeadlineSuspended: ("case_id", "deadline", "suspended_on"),
    case_deadline.DeadlineResumed: ("case_id", "deadline", "resumed_on", "due_on"),
    case_deadline.DeadlineExtended: ("case_id", "deadline", "due_on"),
    case_deadline.DeadlineMet: ("case_id", "deadline"),
    case_deadline.DeadlineMissed: ("case_id", "deadline", "due_on"),
    case_information.InformationRequested: ("case_id", "request", "requested_on", "due_on"),
    case_information.InformationDelivered: ("case_id", "request", "message", "documents"),
    case_information.InformationRequestEnded: ("case_id", "request", "because", "ended_on"),
    case_party_hearing.PartyHearingOpened: ("case_id", "round", "material", "opened_on", "due_on"),
    case_party_hearing.PartyHearingAnswered: ("case_id", "round", "message", "documents"),
    case_party_hearing.PartyHearingClosed: ("case_id", "round", "because", "closed_on"),
    case_party_hearing.PartyHearingExempted: _CASE_ONLY,
    case_decision.DecisionRecorded: ("case_id", "decision", "decided_on"),
    case_decision.DecisionDispatched: ("case_id", "decision", "dispatched_on", "appeal_until"),
    case_decision.DecisionCorrected: ("case_id", "decision", "corrected_on"),
    case_application.ApplicationCompleted: ("case_id", "complete_on"),
    case_application.InspectionScheduled: ("case_id", "inspection", "on"),
    case_application.InspectionHeld: ("case_id", "inspection", "held_on"),
    case_application.CompletionNotified: ("case_id", "message", "documents", "completed_on"),
    case_application.CompletionAccepted: ("case_id", "accepted_on"),
    case_complaint.ComplaintOverDecision: ("case_id", "about", "decision", "appeal_until"),
    case_complaint.DecisionReassessed: ("case_id", "reassessed_on"),
    case_complaint.ComplaintForwarded: ("case_id", "forwarded_on"),
    case_complaint.BoardDecided: ("case_id", "decided_on"),
    case_complaint.ComplaintAnswered: ("case_id", "answered_on"),
    case_procedure.RelatedCaseNamed: ("case_id", "about"),
    case_procedure.TacitlyAccepted: ("case_id", "accepted_on"),
    case_procedure.RedactedCopyAdded: ("case_id", "original", "document"),
    case_procedure.MessageRead: ("case_id", "message"),
    case_procedure.RetentionClassed: ("case_id", "years"),
    case_procedure.RetentionBegan: ("case_id", "kept_until"),
    note.NoteWritten: ("case_id", "note"),
    case.CaseClosed: ("case_id", "closed_on"),
    case.CaseReopened: _CASE_ONLY,
    case.CaseWithdrawn: _CASE_ONLY,
    case_assignment.CaseAssigned: _CASE_ONLY,
    case_assignment.CaseReleased: _CASE_ONLY,
    case_assignment.CaseTransferred: ("case_id", "from_team", "to_team"),
    case_party.PartyJoined: ("case_id", "role"),
    case_party.PartyLeft: _CASE_ONLY,
    case_party.ProtectionRecorded: _CASE_ONLY,
    case_party.RepresentativeProposed: ("case_id", "basis", "document"),
    case_party.RepresentativeAppointed: ("case_id", "basis", "document"),
    case_party.RepresentativeDeclined: _CASE_ONLY,
    case_party.RepresentationEnded: _CASE_ONLY,
    case_property.PropertyIdentified: ("case_id", "register"),
    case_property.PropertyNotIdentified: ("case_id", "reason", "register"),
    case_property.PropertyStated: ("case_id",),
    case.Meeting: ("slot", "starts_at", "ends_at"),
    document.Document: ("document_id",),
    hearing.HearingPublished: (
        "hearing_id",
        "kind",
        "team",
        "material",
        "published_at",
        "closes_at",
    ),
    hearing.HearingMaterialAdded: ("hearing_id", "material"),
    hearing.HearingExtended: ("hearing_id", "closes_at"),
    # What is being written is for nobody yet.
    hearing.HearingAnswerDrafted: ("hearing_id", "point"),
    hearing.HearingAnswerDropped: ("hearing_id", "point"),
    hearing.HearingResponseSorted: ("hearing_id", "case_id", "points"),
    hearing.HearingConcluded: ("hearing_id", "concluded_at"),
    hearing.HearingCancelled: ("hearing_id",),
    calendar_day.SlotsPublished: ("day", "slots"),
    calendar_day.SlotHeld: (*_SLOT, "hold", "expires_at"),
    calendar_day.HoldReleased: (*_SLOT, "hold"),
    calendar_day.HoldExpired: (*_SLOT, "hold"),
    calendar_day.SlotBooked: (*_SLOT, "case_id"),
    calendar_day.BookingCancelled: (*_SLOT, "case_id"),
    calendar_day.WaitingListJoined: ("day", "case_id"),
    calendar_day.WaitingListLeft: ("day", "case_id"),
    calendar_day.SlotGivenFromWaitingList: (*_SLOT, "case_id"),
    calendar_day.Slot: ("slot", "starts_at", "ends_at"),
    # When somebody is away is told to colleagues only.
    colleague.AbsenceRecorded: ("absence",),
    colleague.AbsenceCancelled: ("absence",),
    tender.TenderDrafted: ("tender_id", "team", "procedure"),
    tender.TenderMaterialAdded: ("tender_id", "material"),
    tender.TenderPublished: ("tender_id", "published_at", "closes_at"),
    tender.ParticipationRequested: ("tender_id", "received_at"),
    tender.ParticipationRequestOpened: ("tender_id", "documents", "opened_at"),
    tender.BiddersInvited: ("tender_id", "invited_at", "closes_at"),
    tender.QuestionAsked: ("tender_id", "question_id", "asked_at"),
    tender.QuestionAnswered: ("tender_id", "question_id", "answered_at"),
    tender.TenderAmended: ("tender_id", "is_essential", "amended_at"),
    tender.DeadlineProposed: ("tender_id", "closes_at"),
    tender.DeadlineMoved: ("tender_id", "closes_at", "by_law", "moved_at"),
    tender.TenderCancelled: ("tender_id", "cancelled_at"),
    tender_committee.CommitteeAppointed: ("tender_id", "threshold"),
    tender_committee.MemberKeyRegistered: ("tender_id",),
    tender_committee.MemberRehearsed: ("tender_id", "rehearsed_at"),
    tender_committee.MemberKeyLost: ("tender_id", "lost_at"),
    tender_committee.ReplacementBegan: ("tender_id", "replacement"),
    tender_committee.MemberReplaced: ("tender_id", "replacement", "replaced_at"),
    tender_bid.BidReceived: ("tender_id",),
    tender_bid.BidWithdrawn: ("tender_id",),
    tender_bid.OpeningRefused: ("tender_id", "tried_at"),
    tender_bid.SittingBegan: ("tender_id", "sitting", "began_at", "ends_at"),
    tender_bid.SharesGiven: ("tender_id", "sitting", "given_at"),
    tender_bid.BidOpened: ("tender_id", "bid_id", "documents", "opened_at"),
    tender_bid.BidUnreadable: ("tender_id", "bid_id", "opened_at"),
    tender_bid.OpeningEnded: ("tender_id", "sitting", "ended_at"),
    tender_award.InterestDeclared: ("tender_id", "has_conflict", "declared_at"),
    tender_award.BidScored: ("tender_id", "bid_id"),
    tender_award.LotAwarded: (
        "tender_id",
        "winner",
        "notice",
        "awarded_at",
        "standstill_until",
    ),
    tender_award.TenderComplaintFiled: ("tender_id", "filed_on", "stops_contract"),
    tender_award.TenderComplaintEnded: ("tender_id", "end", "ended_on"),
    tender_award.AwardAnnulled: ("tender_id", "annulled_at"),
    tender_award.ContractConcluded: ("tender_id", "bid_id", "concluded_on"),
    journal.EsdhCaseLinked: ("matter", "esdh_case", "by"),
    journal.EsdhCaseRenumbered: ("matter", "esdh_case", "former_number"),
    journal.EsdhCaseChoiceRequested: ("matter", "reason", "candidates"),
    journal.EsdhCaseChosen: ("matter", "esdh_case"),
    journal.Journalised: ("matter", "fact", "about", "position", "esdh_case", "receipts"),
    journal.JournalisingRefused: ("matter", "entry", "position", "code"),
    journal.JournalisingRetried: ("matter", "entry"),
    journal.JournalDifferenceFound: ("matter", "difference", "esdh_case"),
    journal.JournalDifferenceSettled: ("matter", "difference"),
    post.NotificationQueued: (*_NOTIFICATION, "fact", "about", "channel"),
    post.NotificationSent: (*_NOTIFICATION, "channel", "attempt", "in_doubt"),
    post.NotificationInDoubt: (*_NOTIFICATION, "channel", "attempt"),
    post.NotificationDelivered: (*_NOTIFICATION, "delivered_at"),
    post.NotificationBounced: (*_NOTIFICATION, "attempt"),
    post.NotificationFailed: (*_NOTIFICATION, "attempt", "code"),
    post.NotificationRetried: _NOTIFICATION,
    post.NotificationGivenToPaper: (*_NOTIFICATION, "reason"),
    post.NotificationPosted: (*_NOTIFICATION, "posted_on"),
    contact.ContactPreferencesSet: ("language", "frequency"),
    journal.Matter: ("kind", "id"),
    journal.EsdhCase: ("id", "number"),
    journal.Candidate: ("esdh_case",),
}
"""Every class of the catalogue, and every class that one of their listed fields is made of."""


def spread(event: Event) -> Mapping[str, Spread]:
    """What is published of an event, as JSON knows it."""
    return {field: _plain(getattr(event, field)) for field in SPREAD[type(event)]}


def _plain(value: object) -> Spread:
    match value:
        case Enum():
            return str(value.value)
        case str() | int() | None:
            return value
        case UUID():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field: _plain(getattr(value, field)) for field in SPREAD[type(value)]}
        case _:
            raise TypeError(f"{type(value).__name__} has no published form.")
