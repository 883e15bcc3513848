"""One named example of everything in the procedure: Anna applies, complains, notifies, asks.

The application is complete on 7 December 2026 and decided before Christmas.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from commands.case import OpenCase, Retention
from commands.case_application import (
    AcceptCompletion,
    CompleteApplication,
    NotifyCompletion,
    RecordInspection,
    ScheduleInspection,
)
from commands.case_complaint import (
    AnswerComplaint,
    ComplainOverDecision,
    ForwardComplaint,
    RecordBoardDecision,
    RecordReassessment,
)
from commands.case_deadline import Deadline, ExtendDeadline
from commands.case_decision import CorrectDecision, DispatchDecision, RecordDecision
from commands.case_document import AddRedactedCopy, ReadMessage
from commands.case_information import (
    DeliverInformation,
    EndOverdueRequest,
    RequestInformation,
    WithdrawInformationRequest,
)
from commands.case_party import RemoveParty
from commands.case_party_hearing import (
    AnswerPartyHearing,
    CloseExpiredPartyHearing,
    ExemptFromPartyHearing,
    OpenPartyHearing,
)
from commands.note import WriteNote
from events.case import CaseClosed, CaseKind, CaseOpened, CaseReopened, PartyAddedDocument
from events.case_application import (
    ApplicationCompleted,
    CompletionAccepted,
    CompletionNotified,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_complaint import (
    BoardDecided,
    BoardOutcome,
    ComplaintAnswered,
    ComplaintForwarded,
    ComplaintOverDecision,
    DecisionReassessed,
    Reassessment,
)
from events.case_deadline import (
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_decision import (
    AppealGuidance,
    Channel,
    DecisionCorrected,
    DecisionDispatched,
    DecisionRecorded,
    Outcome,
)
from events.case_information import (
    InformationDelivered,
    InformationRequested,
    InformationRequestEnded,
    RequestedItem,
    RequestEnd,
)
from events.case_party import PartyJoined, PartyLeft, PartyRole
from events.case_party_hearing import (
    HearingEnd,
    HearingExemption,
    PartyHearingAnswered,
    PartyHearingClosed,
    PartyHearingExempted,
    PartyHearingOpened,
)
from events.case_procedure import (
    MessageRead,
    RedactedCopyAdded,
    RelatedCaseNamed,
    RetentionBegan,
    RetentionClassed,
    TacitlyAccepted,
)
from events.day_unit import DayUnit
from events.ids import (
    CaseId,
    DecisionId,
    DocumentId,
    InspectionId,
    MessageId,
    NoteId,
    PartyId,
    RequestId,
    RoundId,
)
from events.note import NoteWritten
from tests.examples import ANNA, BO, MESSAGE, TEAM, drawing, numbered

APPLICATION: Final = CaseId(numbered(81))
COMPLAINT: Final = CaseId(numbered(82))
NOTICE: Final = CaseId(numbered(83))
REQUEST: Final = RequestId(numbered(84))
ROUND: Final = RoundId(numbered(85))
CILLE: Final = PartyId("person:cille")
DECISION: Final = DecisionId(numbered(86))
INSPECTION: Final = InspectionId(numbered(87))
NOTE: Final = NoteId(numbered(88))
DELIVERY: Final = MessageId(numbered(89))
NO_DAYS_OFF: Final = frozenset[date]()
CHRISTMAS: Final = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)})

redacted = replace(drawing, document_id=DocumentId(numbered(90)), name="uden navne.pdf")

open_application = OpenCase(
    case_id=APPLICATION,
    kind=CaseKind.APPLICATION,
    service="building-permit",
    service_version=1,
    reference="HJ-2026-000081",
    team=TEAM,
    party=ANNA,
    subject="Byggetilladelse, Nørregade 1",
    answers=(),
    documents=(),
    received_on=date(2026, 12, 1),
    hearing=None,
    next_steps=(),
    things_to_bring=(),
    deadlines=(),
    retention=Retention(years=5, basis="KLE 02.34.02"),
)
application_opened = CaseOpened(
    case_id=APPLICATION,
    kind=CaseKind.APPLICATION,
    service="building-permit",
    service_version=1,
    reference="HJ-2026-000081",
    team=TEAM,
    party=ANNA,
    subject="Byggetilladelse, Nørregade 1",
    answers=(),
    received_on=date(2026, 12, 1),
    hearing=None,
)
retention_classed = RetentionClassed(case_id=APPLICATION, years=5, basis="KLE 02.34.02")
retention_began = RetentionBegan(
    case_id=APPLICATION, years=5, basis="KLE 02.34.02", kept_until=date(2032, 1, 8)
)
complaint_opened = replace(application_opened, case_id=COMPLAINT, kind=CaseKind.COMPLAINT)
notice_opened = replace(application_opened, case_id=NOTICE, kind=CaseKind.NOTICE)
related_case_named = RelatedCaseNamed(case_id=COMPLAINT, about=APPLICATION)

target_set = DeadlineSet(
    case_id=APPLICATION,
    deadline=DeadlineKind.PROCESSING,
    due_on=date(2027, 1, 16),
    unit=DayUnit.CALENDAR_DAYS,
)
target_suspended = DeadlineSuspended(
    case_id=APPLICATION, deadline=DeadlineKind.PROCESSING, suspended_on=date(2026, 12, 9)
)
target_resumed = DeadlineResumed(
    case_id=APPLICATION,
    deadline=DeadlineKind.PROCESSING,
    resumed_on=date(2026, 12, 14),
    due_on=date(2027, 1, 21),
)
target_extended = DeadlineExtended(
    case_id=APPLICATION,
    deadline=DeadlineKind.PROCESSING,
    due_on=date(2027, 2, 1),
    reason="Naboerne skal høres.",
)
target_met = DeadlineMet(case_id=APPLICATION, deadline=DeadlineKind.PROCESSING)
extend_target = ExtendDeadline(
    case_id=APPLICATION,
    deadline=DeadlineKind.PROCESSING,
    due_on=date(2027, 2, 1),
    reason="Naboerne skal høres.",
)
complete_application = CompleteApplication(
    case_id=APPLICATION,
    complete_on=date(2026, 12, 7),
    deadlines=(
        Deadline(
            deadline=DeadlineKind.PROCESSING,
            due_on=date(2027, 1, 16),
            unit=DayUnit.CALENDAR_DAYS,
        ),
    ),
)
application_completed = ApplicationCompleted(case_id=APPLICATION, complete_on=date(2026, 12, 7))

request_information = RequestInformation(
    case_id=APPLICATION,
    request=REQUEST,
    items=(
        RequestedItem(item="floor-plan", text="Plantegning i 1:100"),
        RequestedItem(item="drainage", text="Afløbsplan"),
    ),
    requested_on=date(2026, 12, 9),
    due_on=date(2026, 12, 23),
)
information_requested = InformationRequested(
    case_id=APPLICATION,
    request=REQUEST,
    items=request_information.items,
    requested_on=date(2026, 12, 9),
    due_on=date(2026, 12, 23),
)
deliver_information = DeliverInformation(
    case_id=APPLICATION,
    request=REQUEST,
    message=DELIVERY,
    items=("floor-plan", "drainage"),
    text="Begge dele på samme tegning.",
    documents=(drawing,),
    delivered_on=date(2026, 12, 14),
    days_off=NO_DAYS_OFF,
)
plan_added = PartyAddedDocument(case_id=APPLICATION, document=drawing)
information_delivered = InformationDelivered(
    case_id=APPLICATION,
    request=REQUEST,
    message=DELIVERY,
    items=("floor-plan", "drainage"),
    text="Begge dele på samme tegning.",
    documents=(drawing.document_id,),
)
request_ended = InformationRequestEnded(
    case_id=APPLICATION,
    request=REQUEST,
    because=RequestEnd.DELIVERED,
    ended_on=date(2026, 12, 14),
)
withdraw_request = WithdrawInformationRequest(
    case_id=APPLICATION,
    request=REQUEST,
    withdrawn_on=date(2026, 12, 14),
    days_off=NO_DAYS_OFF,
)
end_overdue_request = EndOverdueRequest(
    case_id=APPLICATION, request=REQUEST, today=date(2026, 12, 24), days_off=NO_DAYS_OFF
)

open_party_hearing = OpenPartyHearing(
    case_id=APPLICATION,
    round=ROUND,
    parties=(),
    planned=None,
    text="Carporten står 30 cm fra skel.",
    material=(),
    opened_on=date(2026, 12, 9),
    due_on=date(2026, 12, 21),
)
party_hearing_opened = PartyHearingOpened(
    case_id=APPLICATION,
    round=ROUND,
    party=None,
    text="Carporten står 30 cm fra skel.",
    material=(),
    opened_on=date(2026, 12, 9),
    due_on=date(2026, 12, 21),
)
answer_party_hearing = AnswerPartyHearing(
    case_id=APPLICATION,
    round=ROUND,
    party=ANNA,
    message=DELIVERY,
    text="Det er 50 cm.",
    documents=(drawing,),
    is_final=True,
    answered_on=date(2026, 12, 15),
)
party_hearing_answered = PartyHearingAnswered(
    case_id=APPLICATION,
    round=ROUND,
    party=None,
    message=DELIVERY,
    text="Det er 50 cm.",
    documents=(drawing,),
    is_final=True,
)
party_hearing_closed = PartyHearingClosed(
    case_id=APPLICATION,
    round=ROUND,
    party=None,
    because=HearingEnd.ANSWERED,
    closed_on=date(2026, 12, 15),
)
close_expired_hearing = CloseExpiredPartyHearing(
    case_id=APPLICATION, round=ROUND, today=date(2026, 12, 22)
)
exempt_from_hearing = ExemptFromPartyHearing(
    case_id=APPLICATION,
    parties=(),
    ground=HearingExemption.NOTHING_NEW,
    reason="Alle oplysninger er ansøgerens egne.",
)
party_hearing_exempted = PartyHearingExempted(
    case_id=APPLICATION,
    party=None,
    ground=HearingExemption.NOTHING_NEW,
    reason="Alle oplysninger er ansøgerens egne.",
)

# Bo is the neighbour, Cille applies together with Anna; both are parties and are heard as such.
neighbour_joined = PartyJoined(
    case_id=APPLICATION, party=BO, role=PartyRole.NEIGHBOUR, protected=True
)
co_applicant_joined = PartyJoined(
    case_id=APPLICATION, party=CILLE, role=PartyRole.CO_APPLICANT, protected=False
)
neighbour_left = PartyLeft(case_id=APPLICATION, party=BO)
remove_neighbour = RemoveParty(case_id=APPLICATION, party=BO, removed_on=date(2026, 12, 14))

building_appeal = AppealGuidance(
    basis="byggeloven § 23",
    body="Byggeklageenheden",
    text="Klag på naevneneshus.dk.",
    days=28,
    unit=DayUnit.CALENDAR_DAYS,
    rolls=True,
)
refuse = RecordDecision(
    case_id=APPLICATION,
    decision=DECISION,
    outcome=Outcome.REFUSED,
    legal_basis="BR18 § 177",
    grounds="Bygningen står for tæt på skel.",
    conditions=(),
    appeal=building_appeal,
    no_appeal=None,
    needs_completion=False,
    decided_on=date(2026, 12, 21),
)
refused = DecisionRecorded(
    case_id=APPLICATION,
    decision=DECISION,
    outcome=Outcome.REFUSED,
    legal_basis="BR18 § 177",
    grounds="Bygningen står for tæt på skel.",
    conditions=(),
    appeal=building_appeal,
    no_appeal=None,
    needs_completion=False,
    decided_on=date(2026, 12, 21),
)
grant = replace(
    refuse,
    outcome=Outcome.GRANTED,
    grounds="",
    appeal=None,
    needs_completion=True,
)
granted = replace(refused, outcome=Outcome.GRANTED, grounds="", appeal=None, needs_completion=True)
dispatch = DispatchDecision(
    case_id=APPLICATION,
    decision=DECISION,
    channel=Channel.DIGITAL_POST,
    dispatched_on=date(2026, 12, 22),
    days_off=NO_DAYS_OFF,
)
dispatched = DecisionDispatched(
    case_id=APPLICATION,
    decision=DECISION,
    channel=Channel.DIGITAL_POST,
    dispatched_on=date(2026, 12, 22),
    appeal_until=date(2027, 1, 19),
)
granted_dispatched = replace(dispatched, appeal_until=None)
correct_decision = CorrectDecision(
    case_id=APPLICATION,
    decision=DECISION,
    correction="Matriklen er 11bb.",
    restarts_appeal=False,
    corrected_on=date(2026, 12, 29),
)
decision_corrected = DecisionCorrected(
    case_id=APPLICATION,
    decision=DECISION,
    correction="Matriklen er 11bb.",
    restarts_appeal=False,
    corrected_on=date(2026, 12, 29),
)
application_closed = CaseClosed(case_id=APPLICATION, closed_on=date(2027, 1, 8))
application_reopened = CaseReopened(case_id=APPLICATION, reason="Nye oplysninger.")

schedule_inspection = ScheduleInspection(
    case_id=APPLICATION, inspection=INSPECTION, on=date(2027, 3, 1), place="Nørregade 1"
)
inspection_scheduled = InspectionScheduled(
    case_id=APPLICATION, inspection=INSPECTION, on=date(2027, 3, 1), place="Nørregade 1"
)
record_inspection = RecordInspection(
    case_id=APPLICATION,
    inspection=INSPECTION,
    is_approved=True,
    remarks="",
    held_on=date(2027, 3, 1),
)
inspection_held = InspectionHeld(
    case_id=APPLICATION,
    inspection=INSPECTION,
    is_approved=True,
    remarks="",
    held_on=date(2027, 3, 1),
)
notify_completion = NotifyCompletion(
    case_id=APPLICATION,
    message=MESSAGE,
    text="Carporten står færdig.",
    documents=(drawing,),
    completed_on=date(2027, 3, 5),
)
completion_notified = CompletionNotified(
    case_id=APPLICATION,
    message=MESSAGE,
    text="Carporten står færdig.",
    documents=(drawing,),
    completed_on=date(2027, 3, 5),
)
accept_completion = AcceptCompletion(case_id=APPLICATION, accepted_on=date(2027, 3, 8))
completion_accepted = CompletionAccepted(case_id=APPLICATION, accepted_on=date(2027, 3, 8))

complain_over_decision = ComplainOverDecision(
    case_id=COMPLAINT,
    about=APPLICATION,
    decision=DECISION,
    appeal_until=date(2027, 1, 19),
    received_on=date(2027, 1, 19),
)
complaint_over_decision = ComplaintOverDecision(
    case_id=COMPLAINT,
    about=APPLICATION,
    decision=DECISION,
    appeal_until=date(2027, 1, 19),
    is_late=False,
)
reassess_upheld = RecordReassessment(
    case_id=COMPLAINT,
    outcome=Reassessment.UPHELD,
    text="Afstanden er målt igen.",
    reassessed_on=date(2027, 1, 25),
)
decision_upheld = DecisionReassessed(
    case_id=COMPLAINT,
    outcome=Reassessment.UPHELD,
    text="Afstanden er målt igen.",
    reassessed_on=date(2027, 1, 25),
)
reassess_changed = replace(reassess_upheld, outcome=Reassessment.CHANGED)
decision_changed = replace(decision_upheld, outcome=Reassessment.CHANGED)
forward_complaint = ForwardComplaint(
    case_id=COMPLAINT,
    board="Byggeklageenheden",
    remarks="Vi fastholder afslaget.",
    forwarded_on=date(2027, 1, 28),
)
complaint_forwarded = ComplaintForwarded(
    case_id=COMPLAINT,
    board="Byggeklageenheden",
    remarks="Vi fastholder afslaget.",
    forwarded_on=date(2027, 1, 28),
)
record_board_decision = RecordBoardDecision(
    case_id=COMPLAINT,
    outcome=BoardOutcome.UPHELD,
    text="Afslaget står ved magt.",
    decided_on=date(2027, 6, 1),
)
board_decided = BoardDecided(
    case_id=COMPLAINT,
    outcome=BoardOutcome.UPHELD,
    text="Afslaget står ved magt.",
    decided_on=date(2027, 6, 1),
)
answer_complaint = AnswerComplaint(
    case_id=COMPLAINT, text="Vi beklager ventetiden.", answered_on=date(2026, 12, 8)
)
complaint_answered = ComplaintAnswered(
    case_id=COMPLAINT, text="Vi beklager ventetiden.", answered_on=date(2026, 12, 8)
)
forwarding_set = DeadlineSet(
    case_id=COMPLAINT,
    deadline=DeadlineKind.FORWARDING,
    due_on=date(2027, 2, 9),
    unit=DayUnit.CALENDAR_DAYS,
)
forwarding_met = DeadlineMet(case_id=COMPLAINT, deadline=DeadlineKind.FORWARDING)

objection_set = DeadlineSet(
    case_id=NOTICE,
    deadline=DeadlineKind.OBJECTION,
    due_on=date(2026, 12, 29),
    unit=DayUnit.CALENDAR_DAYS,
)
tacitly_accepted = TacitlyAccepted(case_id=NOTICE, accepted_on=date(2026, 12, 29))

add_redacted_copy = AddRedactedCopy(
    case_id=APPLICATION,
    original=drawing.document_id,
    document=redacted,
    reason="Naboens navn er fjernet.",
)
redacted_copy_added = RedactedCopyAdded(
    case_id=APPLICATION,
    original=drawing.document_id,
    document=redacted,
    reason="Naboens navn er fjernet.",
)
read_message = ReadMessage(case_id=APPLICATION, message=MESSAGE, by_party=True)
message_read = MessageRead(case_id=APPLICATION, message=MESSAGE)
write_note = WriteNote(case_id=APPLICATION, note=NOTE, text="Ring til naboen.")
note_written = NoteWritten(case_id=APPLICATION, note=NOTE, text="Ring til naboen.")
