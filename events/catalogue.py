"""The wire name of every event: the one place that ties stored history to our classes.

A name never changes and is never reused. Moving or renaming a class changes only this table.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

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
    hearing,
    journal,
    note,
    post,
    tender,
    tender_award,
    tender_bid,
    tender_committee,
)
from events.calendar_day import CalendarDayEvent
from events.case import CaseEvent
from events.colleague import ColleagueEvent
from events.contact import ContactEvent
from events.hearing import HearingEvent
from events.journal import JournalEvent
from events.note import NoteEvent
from events.older import UPCASTERS, Payload
from events.post import PostEvent
from events.tender import TenderEvent

Event: TypeAlias = (
    CaseEvent
    | HearingEvent
    | CalendarDayEvent
    | JournalEvent
    | NoteEvent
    | PostEvent
    | ContactEvent
    | ColleagueEvent
    | TenderEvent
)

WIRE_NAMES: Final[dict[type[Event], str]] = {
    case.CaseOpened: "case.opened.v1",
    case.NextStepsAnnounced: "case.next-steps-announced.v1",
    case.ThingsToBringListed: "case.things-to-bring-listed.v1",
    case.PartyWrote: "case.party-wrote.v1",
    case.CaseworkerWrote: "case.caseworker-wrote.v1",
    case.PartyAddedDocument: "case.party-added-document.v1",
    case.CaseworkerAddedDocument: "case.caseworker-added-document.v1",
    case.MeetingBooked: "case.meeting-booked.v1",
    case.MeetingMoved: "case.meeting-moved.v1",
    case.MeetingCancelled: "case.meeting-cancelled.v1",
    case.MeetingMissed: "case.meeting-missed.v1",
    case.PutOnWaitingList: "case.put-on-waiting-list.v1",
    case.TakenOffWaitingList: "case.taken-off-waiting-list.v1",
    case.MeetingGivenFromWaitingList: "case.meeting-given-from-waiting-list.v1",
    case.HearingResponseAnswered: "case.hearing-response-answered.v1",
    case_deadline.DeadlineSet: "case.deadline-set.v2",
    case_deadline.DeadlineSuspended: "case.deadline-suspended.v1",
    case_deadline.DeadlineResumed: "case.deadline-resumed.v1",
    case_deadline.DeadlineExtended: "case.deadline-extended.v1",
    case_deadline.DeadlineMet: "case.deadline-met.v1",
    case_deadline.DeadlineMissed: "case.deadline-missed.v1",
    case_information.InformationRequested: "case.information-requested.v1",
    case_information.InformationDelivered: "case.information-delivered.v1",
    case_information.InformationRequestEnded: "case.information-request-ended.v1",
    case_party_hearing.PartyHearingOpened: "case.party-hearing-opened.v2",
    case_party_hearing.PartyHearingAnswered: "case.party-hearing-answered.v2",
    case_party_hearing.PartyHearingClosed: "case.party-hearing-closed.v2",
    case_party_hearing.PartyHearingExempted: "case.party-hearing-exempted.v2",
    case_decision.DecisionRecorded: "case.decision-recorded.v2",
    case_decision.DecisionDispatched: "case.decision-dispatched.v1",
    case_decision.DecisionCorrected: "case.decision-corrected.v1",
    case_application.ApplicationCompleted: "case.application-completed.v1",
    case_application.InspectionScheduled: "case.inspection-scheduled.v1",
    case_application.InspectionHeld: "case.inspection-held.v1",
    case_application.CompletionNotified: "case.completion-notified.v1",
    case_application.CompletionAccepted: "case.completion-accepted.v1",
    case_complaint.ComplaintOverDecision: "case.complaint-over-decision.v1",
    case_complaint.DecisionReassessed: "case.decision-reassessed.v1",
    case_complaint.ComplaintForwarded: "case.complaint-forwarded.v1",
    case_complaint.BoardDecided: "case.board-decided.v1",
    case_complaint.ComplaintAnswered: "case.complaint-answered.v1",
    case_procedure.RelatedCaseNamed: "case.related-case-named.v1",
    case_procedure.TacitlyAccepted: "case.tacitly-accepted.v1",
    case_procedure.RedactedCopyAdded: "case.redacted-copy-added.v1",
    case_procedure.MessageRead: "case.message-read.v1",
    case_procedure.RetentionClassed: "case.retention-classed.v1",
    case_procedure.RetentionBegan: "case.retention-began.v1",
    case.CaseClosed: "case.closed.v1",
    case.CaseReopened: "case.reopened.v1",
    case.CaseWithdrawn: "case.withdrawn.v1",
    case_assignment.CaseAssigned: "case.assigned.v1",
    case_assignment.CaseReleased: "case.released.v1",
    case_assignment.CaseTransferred: "case.transferred.v1",
    case_party.PartyJoined: "case.party-joined.v1",
    case_party.PartyLeft: "case.party-left.v1",
    case_party.ProtectionRecorded: "case.protection-recorded.v1",
    case_party.RepresentativeProposed: "case.representative-proposed.v1",
    case_party.RepresentativeAppointed: "case.representative-appointed.v1",
    case_party.RepresentativeDeclined: "case.representative-declined.v1",
    case_party.RepresentationEnded: "case.representation-ended.v1",
    case_property.PropertyIdentified: "case.property-identified.v1",
    case_property.PropertyNotIdentified: "case.property-not-identified.v1",
    case_property.PropertyStated: "case.property-stated.v1",
    hearing.HearingPublished: "hearing.published.v1",
    hearing.HearingMaterialAdded: "hearing.material-added.v1",
    hearing.HearingExtended: "hearing.extended.v1",
    hearing.HearingAnswerDrafted: "hearing.answer-drafted.v1",
    hearing.HearingAnswerDropped: "hearing.answer-dropped.v1",
    hearing.HearingResponseSorted: "hearing.response-sorted.v1",
    hearing.HearingConcluded: "hearing.concluded.v1",
    hearing.HearingCancelled: "hearing.cancelled.v1",
    calendar_day.SlotsPublished: "calendar-day.slots-published.v1",
    calendar_day.SlotHeld: "calendar-day.slot-held.v1",
    calendar_day.HoldReleased: "calendar-day.hold-released.v1",
    calendar_day.HoldExpired: "calendar-day.hold-expired.v1",
    calendar_day.SlotBooked: "calendar-day.slot-booked.v1",
    calendar_day.BookingCancelled: "calendar-day.booking-cancelled.v1",
    calendar_day.WaitingListJoined: "calendar-day.waiting-list-joined.v1",
    calendar_day.WaitingListLeft: "calendar-day.waiting-list-left.v1",
    calendar_day.SlotGivenFromWaitingList: "calendar-day.slot-given-from-waiting-list.v1",
    note.NoteWritten: "note.written.v1",
    journal.EsdhCaseLinked: "journal.esdh-case-linked.v1",
    journal.EsdhCaseRenumbered: "journal.esdh-case-renumbered.v1",
    journal.EsdhCaseChoiceRequested: "journal.esdh-case-choice-requested.v1",
    journal.EsdhCaseChosen: "journal.esdh-case-chosen.v1",
    journal.Journalised: "journal.journalised.v1",
    journal.JournalisingRefused: "journal.journalising-refused.v1",
    journal.JournalisingRetried: "journal.journalising-retried.v1",
    journal.JournalDifferenceFound: "journal.difference-found.v1",
    journal.JournalDifferenceSettled: "journal.difference-settled.v1",
    post.NotificationQueued: "post.notification-queued.v2",
    post.NotificationSent: "post.notification-sent.v2",
    post.NotificationInDoubt: "post.notification-in-doubt.v2",
    post.NotificationDelivered: "post.notification-delivered.v2",
    post.NotificationBounced: "post.notification-bounced.v2",
    post.NotificationFailed: "post.notification-failed.v2",
    post.NotificationRetried: "post.notification-retried.v2",
    post.NotificationGivenToPaper: "post.notification-given-to-paper.v2",
    post.NotificationPosted: "post.notification-posted.v2",
    contact.ContactPreferencesSet: "contact.preferences-set.v1",
    colleague.AbsenceRecorded: "colleague.absence-recorded.v1",
    colleague.AbsenceCancelled: "colleague.absence-cancelled.v1",
    tender.TenderDrafted: "tender.drafted.v1",
    tender.TenderMaterialAdded: "tender.material-added.v1",
    tender.TenderPublished: "tender.published.v1",
    tender.ParticipationRequested: "tender.participation-requested.v1",
    tender.ParticipationRequestOpened: "tender.participation-request-opened.v1",
    tender.BiddersInvited: "tender.bidders-invited.v1",
    tender.QuestionAsked: "tender.question-asked.v1",
    tender.QuestionAnswered: "tender.question-answered.v1",
    tender.TenderAmended: "tender.amended.v1",
    tender.DeadlineProposed: "tender.deadline-proposed.v1",
    tender.DeadlineMoved: "tender.deadline-moved.v1",
    tender.TenderCancelled: "tender.cancelled.v1",
    tender_committee.CommitteeAppointed: "tender.committee-appointed.v1",
    tender_committee.MemberKeyRegistered: "tender.member-key-registered.v1",
    tender_committee.MemberRehearsed: "tender.member-rehearsed.v1",
    tender_committee.MemberKeyLost: "tender.member-key-lost.v1",
    tender_committee.ReplacementBegan: "tender.replacement-began.v1",
    tender_committee.MemberReplaced: "tender.member-replaced.v1",
    tender_bid.BidReceived: "tender.bid-received.v1",
    tender_bid.BidWithdrawn: "tender.bid-withdrawn.v1",
    tender_bid.OpeningRefused: "tender.opening-refused.v1",
    tender_bid.SittingBegan: "tender.sitting-began.v1",
    tender_bid.SharesGiven: "tender.shares-given.v1",
    tender_bid.BidOpened: "tender.bid-opened.v1",
    tender_bid.BidUnreadable: "tender.bid-unreadable.v1",
    tender_bid.OpeningEnded: "tender.opening-ended.v1",
    tender_award.InterestDeclared: "tender.interest-declared.v1",
    tender_award.BidScored: "tender.bid-scored.v1",
    tender_award.LotAwarded: "tender.lot-awarded.v1",
    tender_award.TenderComplaintFiled: "tender.complaint-filed.v1",
    tender_award.TenderComplaintEnded: "tender.complaint-ended.v1",
    tender_award.AwardAnnulled: "tender.award-annulled.v1",
    tender_award.ContractConcluded: "tender.contract-concluded.v1",
}

CLASSES: Final = {name: cls for cls, name in WIRE_NAMES.items()}


def upcast(name: str, payload: Payload) -> tuple[type[Event], Payload]:
    """Bring a stored payload to the shape of today's class."""
    while name in UPCASTERS:
        name, payload = UPCASTERS[name](payload)
    return CLASSES[name], payload


def names_of(classes: Iterable[type[Event]]) -> frozenset[str]:
    """Every name, of today and of any earlier day, under which facts of these classes lie."""
    today = frozenset(WIRE_NAMES[cls] for cls in classes)
    return today.union(old for old in UPCASTERS if _name_today(old) in today)


def _name_today(name: str) -> str:
    # To what name a form is brought never depends on what is in it.
    while name in UPCASTERS:
        name, _ = UPCASTERS[name]({})
    return name
