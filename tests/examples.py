"""One named example of everything, so that a test says only what it is about.

Anna books a building meeting and Bo answers the hearing of a local plan, in December 2026.
"""

from datetime import date, datetime
from uuid import UUID

from commands.calendar_day import (
    BookSlot,
    CancelBooking,
    ExpireHolds,
    HoldSlot,
    JoinWaitingList,
    LeaveWaitingList,
    MoveBooking,
    PublishSlots,
)
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    AnswerResponse,
    CloseCase,
    OpenCase,
    RecordGivenMeeting,
    RecordMeeting,
    RecordMissedMeeting,
    RecordMove,
    RecordWaiting,
    RecordWithdrawal,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.case_assignment import AssignCase, ClaimCase, ReleaseCase, TransferCase
from commands.case_deadline import Deadline, MissDeadline
from commands.case_party import (
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from commands.case_property import GiveUpIdentifying, IdentifyProperty, StateProperty
from commands.hearing import (
    AcceptResponse,
    AddMaterial,
    CancelHearing,
    ConcludeHearing,
    DraftAnswer,
    DropAnswer,
    ExtendHearing,
    PublishHearing,
    SortResponse,
)
from commands.journal import (
    ChooseEsdhCase,
    LinkEsdhCase,
    RecordJournalDifference,
    RecordJournalised,
    RecordJournalisingRefused,
    RenumberEsdhCase,
    RequestEsdhCaseChoice,
    RetryJournalising,
    SettleJournalDifference,
)
from commands.submission import (
    IfTaken,
    RescheduleMeeting,
    SubmitHearingResponse,
    SubmitMeeting,
    WithdrawCase,
)
from events.calendar_day import (
    BookingCancelled,
    HoldExpired,
    HoldReleased,
    Slot,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
    SlotsPublished,
    WaitingListJoined,
    WaitingListLeft,
)
from events.case import (
    Answer,
    CaseClosed,
    CaseKind,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    HearingResponseAnswered,
    Meeting,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
    NextStep,
    NextStepsAnnounced,
    PartyAddedDocument,
    PartyWrote,
    PutOnWaitingList,
    TakenOffWaitingList,
    ThingsToBringListed,
    ThingToBring,
)
from events.case_assignment import CaseAssigned, CaseReleased, CaseTransferred
from events.case_deadline import DeadlineKind, DeadlineMet, DeadlineMissed, DeadlineSet
from events.case_party import (
    Basis,
    PartyJoined,
    PartyLeft,
    PartyRole,
    ProtectionRecorded,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
    RepresentativeProposed,
)
from events.case_property import (
    NotIdentified,
    PropertyIdentified,
    PropertyNotIdentified,
    PropertyStated,
    Register,
)
from events.day_unit import DayUnit
from events.document import Document
from events.envelope import Envelope
from events.hearing import (
    HearingAnswer,
    HearingAnswerDrafted,
    HearingAnswerDropped,
    HearingCancelled,
    HearingConcluded,
    HearingExtended,
    HearingKind,
    HearingMaterialAdded,
    HearingPublished,
    HearingResponseSorted,
)
from events.ids import (
    ActorId,
    CalendarDayId,
    CaseId,
    DocumentId,
    EntryId,
    HearingId,
    HoldId,
    MessageId,
    PartyId,
    PointId,
    SlotId,
    TeamId,
)
from events.journal import (
    Candidate,
    ChoiceReason,
    DifferenceKind,
    EsdhCase,
    EsdhCaseChoiceRequested,
    EsdhCaseChosen,
    EsdhCaseLinked,
    EsdhCaseRenumbered,
    JournalDifferenceFound,
    JournalDifferenceSettled,
    Journalised,
    JournalisingRefused,
    JournalisingRetried,
    LinkedBy,
    Matter,
    MatterKind,
)
from events.property import AddressId, BfeNumber, Parcel, Property
from events.text import Text
from services.clock import COPENHAGEN


def at(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2026) -> datetime:
    """A time as the clocks in Denmark show it."""
    return datetime(year, month, day, hour, minute, tzinfo=COPENHAGEN)


def numbered(number: int) -> UUID:
    return UUID(f"019a0000-0000-7000-8000-{number:012d}")


ORGANISATION = "hjorring"
TEAM = TeamId("byggeri-natur")
OTHER_TEAM = TeamId("ejendomsdata")
ANNA = PartyId("person:anna")
BO = PartyId("person:bo")
TOMRER = PartyId("company:tomrer")
KAREN = ActorId("staff:karen")
NIELS = ActorId("staff:niels")

MEETING_CASE = CaseId(numbered(1))
RESPONSE_CASE = CaseId(numbered(2))
OTHER_CASE = CaseId(numbered(3))
THIRD_CASE = CaseId(numbered(4))
HEARING = HearingId(numbered(11))
OTHER_HEARING = HearingId(numbered(12))
POINT = PointId(numbered(17))
MESSAGE = MessageId(numbered(21))
HOLD = HoldId(numbered(31))
OTHER_HOLD = HoldId(numbered(32))

drawing = Document(
    document_id=DocumentId(numbered(41)),
    sha256="0a" * 32,
    name="tegning.pdf",
    media_type="application/pdf",
    size=48_213,
)
photo = Document(
    document_id=DocumentId(numbered(42)),
    sha256="0b" * 32,
    name="carport.jpg",
    media_type="image/jpeg",
    size=1_204_881,
)
plan = Document(
    document_id=DocumentId(numbered(43)),
    sha256="0c" * 32,
    name="lokalplan 402.pdf",
    media_type="application/pdf",
    size=5_120_000,
)

# The meeting day: three slots, of which the first two are consecutive.
MEETING_DAY = CalendarDayId("byggeri-natur.2026-12-08")
NEXT_MEETING_DAY = CalendarDayId("byggeri-natur.2026-12-15")
FIRST_SLOT = SlotId("byggeri-natur.2026-12-08.0900-1")
SECOND_SLOT = SlotId("byggeri-natur.2026-12-08.1000-1")
LATE_SLOT = SlotId("byggeri-natur.2026-12-08.1400-1")

first_slot = Slot(
    slot=FIRST_SLOT, starts_at=at(12, 8, 9), ends_at=at(12, 8, 10), place="Rådhuset, lokale 2"
)
second_slot = Slot(
    slot=SECOND_SLOT, starts_at=at(12, 8, 10), ends_at=at(12, 8, 11), place="Rådhuset, lokale 2"
)
late_slot = Slot(
    slot=LATE_SLOT, starts_at=at(12, 8, 14), ends_at=at(12, 8, 15), place="Rådhuset, lokale 4"
)

NOW = at(12, 1, 10)
HOLD_EXPIRES = at(12, 1, 10, 10)
AFTER_EXPIRY = at(12, 1, 10, 11)

publish_slots = PublishSlots(day=MEETING_DAY, slots=(first_slot, second_slot), now=NOW)
slots_published = SlotsPublished(day=MEETING_DAY, slots=(first_slot, second_slot))
hold_slot = HoldSlot(
    day=MEETING_DAY, slot=FIRST_SLOT, hold=HOLD, party=ANNA, now=NOW, expires_at=HOLD_EXPIRES
)
slot_held = SlotHeld(
    day=MEETING_DAY, slot=FIRST_SLOT, hold=HOLD, party=ANNA, expires_at=HOLD_EXPIRES
)
hold_released = HoldReleased(day=MEETING_DAY, slot=FIRST_SLOT, hold=HOLD)
hold_expired = HoldExpired(day=MEETING_DAY, slot=FIRST_SLOT, hold=HOLD)
book_slot = BookSlot(day=MEETING_DAY, slot=FIRST_SLOT, case_id=MEETING_CASE, party=ANNA, now=NOW)
slot_booked = SlotBooked(day=MEETING_DAY, slot=FIRST_SLOT, case_id=MEETING_CASE, party=ANNA)
move_booking = MoveBooking(day=MEETING_DAY, case_id=MEETING_CASE, slot=SECOND_SLOT, now=NOW)
cancel_booking = CancelBooking(day=MEETING_DAY, case_id=MEETING_CASE, now=NOW)
booking_cancelled = BookingCancelled(day=MEETING_DAY, slot=FIRST_SLOT, case_id=MEETING_CASE)
join_waiting_list = JoinWaitingList(day=MEETING_DAY, case_id=OTHER_CASE, party=BO, now=NOW)
waiting_list_joined = WaitingListJoined(day=MEETING_DAY, case_id=OTHER_CASE, party=BO)
leave_waiting_list = LeaveWaitingList(day=MEETING_DAY, case_id=OTHER_CASE)
waiting_list_left = WaitingListLeft(day=MEETING_DAY, case_id=OTHER_CASE)
slot_given = SlotGivenFromWaitingList(
    day=MEETING_DAY, slot=FIRST_SLOT, case_id=OTHER_CASE, party=BO
)
expire_holds = ExpireHolds(day=MEETING_DAY, now=AFTER_EXPIRY)

# Anna's meeting about a carport.
meeting = Meeting(
    slot=FIRST_SLOT,
    starts_at=first_slot.starts_at,
    ends_at=first_slot.ends_at,
    place=first_slot.place,
)
moved_meeting = Meeting(
    slot=SECOND_SLOT,
    starts_at=second_slot.starts_at,
    ends_at=second_slot.ends_at,
    place=second_slot.place,
)
next_step = NextStep(
    text=Text(da="Vi svarer dig.", en="We answer you."),
    by=date(2026, 12, 4),
)
thing_to_bring = ThingToBring(
    what=Text(da="Tegninger af carporten", en="Drawings of the carport"),
    why=Text(da="Så vi kan se målene.", en="So that we can see its measures."),
)
FIRST_REPLY_DUE = date(2026, 12, 4)
PROCESSING_DUE = date(2026, 12, 22)

open_meeting_case = OpenCase(
    case_id=MEETING_CASE,
    kind=CaseKind.MEETING,
    service="building-meeting",
    service_version=1,
    reference="HJ-2026-000001",
    team=TEAM,
    party=ANNA,
    subject="Carport, Nørregade 1",
    answers=(
        Answer(field="property", value="Nørregade 1"),
        Answer(field="area", value=35),
        Answer(field="integrated", value=False),
        Answer(field="topics", value=("distance", "height")),
    ),
    documents=(drawing,),
    received_on=date(2026, 12, 1),
    hearing=None,
    next_steps=(next_step,),
    things_to_bring=(thing_to_bring,),
    deadlines=(
        Deadline(
            deadline=DeadlineKind.FIRST_REPLY, due_on=FIRST_REPLY_DUE, unit=DayUnit.WORKING_DAYS
        ),
        Deadline(
            deadline=DeadlineKind.PROCESSING, due_on=PROCESSING_DUE, unit=DayUnit.WORKING_DAYS
        ),
    ),
)
meeting_case_opened = CaseOpened(
    case_id=MEETING_CASE,
    kind=CaseKind.MEETING,
    service="building-meeting",
    service_version=1,
    reference="HJ-2026-000001",
    team=TEAM,
    party=ANNA,
    subject="Carport, Nørregade 1",
    answers=open_meeting_case.answers,
    received_on=date(2026, 12, 1),
    hearing=None,
)
party_added_document = PartyAddedDocument(case_id=MEETING_CASE, document=drawing)
first_reply_set = DeadlineSet(
    case_id=MEETING_CASE,
    deadline=DeadlineKind.FIRST_REPLY,
    due_on=FIRST_REPLY_DUE,
    unit=DayUnit.WORKING_DAYS,
)
processing_set = DeadlineSet(
    case_id=MEETING_CASE,
    deadline=DeadlineKind.PROCESSING,
    due_on=PROCESSING_DUE,
    unit=DayUnit.WORKING_DAYS,
)
things_to_bring_listed = ThingsToBringListed(case_id=MEETING_CASE, things=(thing_to_bring,))
next_steps_announced = NextStepsAnnounced(case_id=MEETING_CASE, steps=(next_step,))
first_reply_met = DeadlineMet(case_id=MEETING_CASE, deadline=DeadlineKind.FIRST_REPLY)
processing_met = DeadlineMet(case_id=MEETING_CASE, deadline=DeadlineKind.PROCESSING)
miss_first_reply = MissDeadline(
    case_id=MEETING_CASE, deadline=DeadlineKind.FIRST_REPLY, today=date(2026, 12, 5)
)
first_reply_missed = DeadlineMissed(
    case_id=MEETING_CASE, deadline=DeadlineKind.FIRST_REPLY, due_on=FIRST_REPLY_DUE
)
assign_case = AssignCase(case_id=MEETING_CASE, team=TEAM, to=KAREN)
claim_case = ClaimCase(case_id=MEETING_CASE, team=TEAM, by=KAREN)
release_case = ReleaseCase(case_id=MEETING_CASE, team=TEAM)
transfer_case = TransferCase(
    case_id=MEETING_CASE, team=TEAM, to_team=OTHER_TEAM, reason="Sagen handler om en BBR-rettelse."
)
case_assigned = CaseAssigned(case_id=MEETING_CASE, to=KAREN)
case_released = CaseReleased(case_id=MEETING_CASE)
case_transferred = CaseTransferred(
    case_id=MEETING_CASE,
    from_team=TEAM,
    to_team=OTHER_TEAM,
    reason="Sagen handler om en BBR-rettelse.",
)
write_to_authority = WriteToAuthority(
    case_id=MEETING_CASE, message=MESSAGE, text="Må jeg bygge i skel?", documents=(photo,)
)
party_wrote = PartyWrote(
    case_id=MEETING_CASE, message=MESSAGE, text="Må jeg bygge i skel?", documents=(photo,)
)
write_to_party = WriteToParty(
    case_id=MEETING_CASE,
    message=MESSAGE,
    text="Ja, op til 2,5 m højde.",
    documents=(plan,),
    written_on=date(2026, 12, 2),
)
caseworker_wrote = CaseworkerWrote(
    case_id=MEETING_CASE, message=MESSAGE, text="Ja, op til 2,5 m højde.", documents=(plan,)
)
add_party_documents = AddPartyDocuments(case_id=MEETING_CASE, documents=(drawing,))
add_caseworker_documents = AddCaseworkerDocuments(case_id=MEETING_CASE, documents=(plan,))
caseworker_added_document = CaseworkerAddedDocument(case_id=MEETING_CASE, document=plan)
record_meeting = RecordMeeting(case_id=MEETING_CASE, meeting=meeting)
meeting_booked = MeetingBooked(case_id=MEETING_CASE, meeting=meeting)
record_move = RecordMove(case_id=MEETING_CASE, meeting=moved_meeting)
meeting_moved = MeetingMoved(case_id=MEETING_CASE, meeting=moved_meeting)
meeting_cancelled = MeetingCancelled(case_id=MEETING_CASE, slot=FIRST_SLOT)
record_missed_meeting = RecordMissedMeeting(case_id=MEETING_CASE, now=meeting.ends_at)
meeting_missed = MeetingMissed(case_id=MEETING_CASE, meeting=meeting)
record_waiting = RecordWaiting(case_id=MEETING_CASE, day=MEETING_DAY)
put_on_waiting_list = PutOnWaitingList(case_id=MEETING_CASE, day=MEETING_DAY)
taken_off_waiting_list = TakenOffWaitingList(case_id=MEETING_CASE, day=MEETING_DAY)
record_given_meeting = RecordGivenMeeting(case_id=MEETING_CASE, meeting=meeting)
meeting_given = MeetingGivenFromWaitingList(case_id=MEETING_CASE, meeting=meeting)
close_case = CloseCase(case_id=MEETING_CASE, closed_on=date(2026, 12, 8))
case_closed = CaseClosed(case_id=MEETING_CASE, closed_on=date(2026, 12, 8))
reopen_case = ReopenCase(case_id=MEETING_CASE, reason="Nye oplysninger")
case_reopened = CaseReopened(case_id=MEETING_CASE, reason="Nye oplysninger")
record_withdrawal = RecordWithdrawal(case_id=MEETING_CASE, reason="Bygger ikke")
case_withdrawn = CaseWithdrawn(case_id=MEETING_CASE, reason="Bygger ikke")

# Bo is Anna's neighbour and a party too; a carpenter acts for him, by power of attorney.
join_party = JoinParty(
    case_id=MEETING_CASE, party=BO, role=PartyRole.NEIGHBOUR, protected=True, first_protected=True
)
party_joined = PartyJoined(case_id=MEETING_CASE, party=BO, role=PartyRole.NEIGHBOUR, protected=True)
remove_party = RemoveParty(case_id=MEETING_CASE, party=BO, removed_on=date(2026, 12, 3))
party_left = PartyLeft(case_id=MEETING_CASE, party=BO)
record_protection = RecordProtection(case_id=MEETING_CASE, party=ANNA, protected=False)
protection_recorded = ProtectionRecorded(case_id=MEETING_CASE, party=ANNA, protected=False)
power_of_attorney = Document(
    document_id=DocumentId(numbered(44)),
    sha256="0d" * 32,
    name="fuldmagt.pdf",
    media_type="application/pdf",
    size=20_480,
)
propose_representative = ProposeRepresentative(
    case_id=MEETING_CASE,
    party=BO,
    representative=TOMRER,
    basis=Basis.POWER_OF_ATTORNEY,
    document=power_of_attorney,
)
power_of_attorney_added = PartyAddedDocument(case_id=MEETING_CASE, document=power_of_attorney)
representative_proposed = RepresentativeProposed(
    case_id=MEETING_CASE,
    party=BO,
    representative=TOMRER,
    basis=Basis.POWER_OF_ATTORNEY,
    document=power_of_attorney.document_id,
)
appoint_representative = AppointRepresentative(
    case_id=MEETING_CASE,
    party=BO,
    representative=TOMRER,
    basis=Basis.POWER_OF_ATTORNEY,
    document=None,
    protected=False,
)
representative_appointed = RepresentativeAppointed(
    case_id=MEETING_CASE,
    party=BO,
    representative=TOMRER,
    basis=Basis.POWER_OF_ATTORNEY,
    document=power_of_attorney.document_id,
    protected=False,
)
decline_representative = DeclineRepresentative(
    case_id=MEETING_CASE, party=BO, representative=TOMRER, reason="Underskriften mangler."
)
representative_declined = RepresentativeDeclined(
    case_id=MEETING_CASE, party=BO, representative=TOMRER, reason="Underskriften mangler."
)
end_representation = EndRepresentation(case_id=MEETING_CASE, party=BO, representative=TOMRER)
representation_ended = RepresentationEnded(case_id=MEETING_CASE, party=BO, representative=TOMRER)

# Where Anna's carport is to stand.
estate = Property(
    text="Nørregade 1",
    bfe=BfeNumber(100063828),
    parcels=(Parcel(district=1260453, number="11ba"),),
    address=AddressId(numbered(71)),
    municipality="0860",
)
identify_property = IdentifyProperty(
    case_id=MEETING_CASE, property=estate, register=Register.ADRESSEVAELGER, unless_known=True
)
property_identified = PropertyIdentified(
    case_id=MEETING_CASE, property=estate, register=Register.ADRESSEVAELGER
)
give_up_identifying = GiveUpIdentifying(
    case_id=MEETING_CASE,
    text="Nørregade 1",
    reason=NotIdentified.SEVERAL,
    register=Register.ADRESSEVAELGER,
)
stated_estate = Property(
    text="Nørregade 1", bfe=BfeNumber(100063828), parcels=(), address=None, municipality=None
)
state_property = StateProperty(case_id=MEETING_CASE, property=stated_estate)
property_stated = PropertyStated(case_id=MEETING_CASE, property=stated_estate)
property_not_identified = PropertyNotIdentified(
    case_id=MEETING_CASE, reason=NotIdentified.SEVERAL, register=Register.ADRESSEVAELGER
)

# The hearing of a local plan, four weeks to the day.
PUBLISHED_AT = at(12, 1, 8)
CLOSES_AT = at(12, 29, 23, 59)
CONCLUDED_AT = datetime(2027, 1, 12, 9, 0, tzinfo=COPENHAGEN)
CONCLUDED_ON = date(2027, 1, 12)
EXTENDED_TO = datetime(2027, 1, 5, 23, 59, tzinfo=COPENHAGEN)

publish_hearing = PublishHearing(
    hearing_id=HEARING,
    kind=HearingKind.LOCAL_PLAN,
    title="Lokalplan 402, Havnen",
    description="Boliger på den gamle havn.",
    team=TEAM,
    material=(plan,),
    published_at=PUBLISHED_AT,
    closes_at=CLOSES_AT,
)
hearing_published = HearingPublished(
    hearing_id=HEARING,
    kind=HearingKind.LOCAL_PLAN,
    title="Lokalplan 402, Havnen",
    description="Boliger på den gamle havn.",
    team=TEAM,
    material=(plan,),
    published_at=PUBLISHED_AT,
    closes_at=CLOSES_AT,
)
add_material = AddMaterial(hearing_id=HEARING, material=(photo,))
hearing_material_added = HearingMaterialAdded(hearing_id=HEARING, material=(photo,))
extend_hearing = ExtendHearing(hearing_id=HEARING, closes_at=EXTENDED_TO, now=at(12, 10))
hearing_extended = HearingExtended(hearing_id=HEARING, closes_at=EXTENDED_TO)
accept_response = AcceptResponse(hearing_id=HEARING, now=at(12, 10))
hearing_answer = HearingAnswer(
    theme="Højde", answer="Højden sættes ned til 8,5 m.", responses=(RESPONSE_CASE,)
)
conclude_hearing = ConcludeHearing(
    hearing_id=HEARING,
    summary="Et høringssvar, om højde.",
    answers=(hearing_answer,),
    now=CONCLUDED_AT,
)
hearing_concluded = HearingConcluded(
    hearing_id=HEARING,
    summary="Et høringssvar, om højde.",
    answers=(hearing_answer,),
    concluded_at=CONCLUDED_AT,
)
draft_answer = DraftAnswer(
    hearing_id=HEARING, point=POINT, theme="Højde", answer="Højden sættes ned til 8,5 m."
)
answer_drafted = HearingAnswerDrafted(
    hearing_id=HEARING, point=POINT, theme="Højde", answer="Højden sættes ned til 8,5 m."
)
drop_answer = DropAnswer(hearing_id=HEARING, point=POINT)
answer_dropped = HearingAnswerDropped(hearing_id=HEARING, point=POINT)
sort_response = SortResponse(hearing_id=HEARING, case_id=RESPONSE_CASE, points=(POINT,))
response_sorted = HearingResponseSorted(hearing_id=HEARING, case_id=RESPONSE_CASE, points=(POINT,))
cancel_hearing = CancelHearing(hearing_id=HEARING, reason="Planen er trukket tilbage.")
hearing_cancelled = HearingCancelled(hearing_id=HEARING, reason="Planen er trukket tilbage.")

# Bo's response to it.
open_response_case = OpenCase(
    case_id=RESPONSE_CASE,
    kind=CaseKind.HEARING_RESPONSE,
    service="hearing-response",
    service_version=2,
    reference="HJ-2026-000002",
    team=TEAM,
    party=BO,
    subject="Svar på lokalplan 402",
    answers=(Answer(field="response", value="For højt."),),
    documents=(),
    received_on=date(2026, 12, 10),
    hearing=HEARING,
    next_steps=(),
    things_to_bring=(),
    deadlines=(
        Deadline(
            deadline=DeadlineKind.PROCESSING, due_on=date(2027, 2, 1), unit=DayUnit.WORKING_DAYS
        ),
    ),
)
response_case_opened = CaseOpened(
    case_id=RESPONSE_CASE,
    kind=CaseKind.HEARING_RESPONSE,
    service="hearing-response",
    service_version=2,
    reference="HJ-2026-000002",
    team=TEAM,
    party=BO,
    subject="Svar på lokalplan 402",
    answers=open_response_case.answers,
    received_on=date(2026, 12, 10),
    hearing=HEARING,
)
response_processing_set = DeadlineSet(
    case_id=RESPONSE_CASE,
    deadline=DeadlineKind.PROCESSING,
    due_on=date(2027, 2, 1),
    unit=DayUnit.WORKING_DAYS,
)
response_processing_met = DeadlineMet(case_id=RESPONSE_CASE, deadline=DeadlineKind.PROCESSING)
answer_response = AnswerResponse(
    case_id=RESPONSE_CASE,
    hearing=HEARING,
    answers=("Højden sættes ned til 8,5 m.",),
    answered_on=CONCLUDED_ON,
)
response_answered = HearingResponseAnswered(
    case_id=RESPONSE_CASE, hearing=HEARING, answers=("Højden sættes ned til 8,5 m.",)
)
response_closed = CaseClosed(case_id=RESPONSE_CASE, closed_on=CONCLUDED_ON)

# What touches several streams.
submit_meeting = SubmitMeeting(
    case=open_meeting_case, slot=FIRST_SLOT, if_taken=IfTaken.REFUSE, now=NOW
)
submit_hearing_response = SubmitHearingResponse(case=open_response_case, now=at(12, 10))
reschedule_meeting = RescheduleMeeting(case_id=MEETING_CASE, slot=SECOND_SLOT, now=NOW)
withdraw_case = WithdrawCase(case_id=MEETING_CASE, reason="Bygger ikke", now=NOW)

# The journal of Anna's case: two building cases were found on the property.
MEETING_MATTER = Matter(kind=MatterKind.CASE, id=MEETING_CASE)
HEARING_MATTER = Matter(kind=MatterKind.HEARING, id=HEARING)
ENTRY = EntryId(numbered(61))
OTHER_ENTRY = EntryId(numbered(62))
FACT = numbered(1001)
REFERENCE = "JL-01K8000000E008000000000031"

building_case = EsdhCase(id="4711", number="02.34.02-P19-12-26")
renumbered_case = EsdhCase(id="4711", number="02.34.02-P19-98-26")
carport_case = EsdhCase(id="4712", number="02.34.02-P19-7-25")
new_case = EsdhCase(id="4713", number="02.34.02-P19-13-26")
building_candidate = Candidate(
    esdh_case=building_case, title="Nørregade 1, byggesag", status="open"
)
carport_candidate = Candidate(esdh_case=carport_case, title="Nørregade 1, carport", status="open")

link_case = LinkEsdhCase(matter=MEETING_MATTER, esdh_case=building_case, by=LinkedBy.CREATED)
case_linked = EsdhCaseLinked(matter=MEETING_MATTER, esdh_case=building_case, by=LinkedBy.CREATED)
renumber_case = RenumberEsdhCase(matter=MEETING_MATTER, esdh_case=renumbered_case)
case_renumbered = EsdhCaseRenumbered(
    matter=MEETING_MATTER, esdh_case=renumbered_case, former_number=building_case.number
)
request_choice = RequestEsdhCaseChoice(
    matter=MEETING_MATTER,
    reason=ChoiceReason.SEVERAL,
    candidates=(building_candidate, carport_candidate),
)
choice_requested = EsdhCaseChoiceRequested(
    matter=MEETING_MATTER,
    reason=ChoiceReason.SEVERAL,
    candidates=(building_candidate, carport_candidate),
)
choose_case = ChooseEsdhCase(matter=MEETING_MATTER, number=building_case.number)
case_chosen = EsdhCaseChosen(matter=MEETING_MATTER, esdh_case=building_case)
new_case_chosen = EsdhCaseChosen(matter=MEETING_MATTER, esdh_case=None)
record_journalised = RecordJournalised(
    matter=MEETING_MATTER,
    fact="case.opened.v1",
    about=FACT,
    position=1,
    esdh_case=building_case,
    receipts=("90", "91"),
)
journalised = Journalised(
    matter=MEETING_MATTER,
    fact="case.opened.v1",
    about=FACT,
    position=1,
    esdh_case=building_case,
    receipts=("90", "91"),
)
record_refused = RecordJournalisingRefused(
    matter=MEETING_MATTER,
    entry=ENTRY,
    position=1,
    code="document-too-large",
    detail="The document is larger than the records system takes.",
)
journalising_refused = JournalisingRefused(
    matter=MEETING_MATTER,
    entry=ENTRY,
    position=1,
    code="document-too-large",
    detail="The document is larger than the records system takes.",
)
retry_journalising = RetryJournalising(matter=MEETING_MATTER, entry=ENTRY)
journalising_retried = JournalisingRetried(matter=MEETING_MATTER, entry=ENTRY)
record_difference = RecordJournalDifference(
    matter=MEETING_MATTER,
    difference=DifferenceKind.MISSING_THERE,
    reference=REFERENCE,
    esdh_case=building_case,
)
difference_found = JournalDifferenceFound(
    matter=MEETING_MATTER,
    difference=DifferenceKind.MISSING_THERE,
    reference=REFERENCE,
    esdh_case=building_case,
)
settle_difference = SettleJournalDifference(
    matter=MEETING_MATTER, difference=DifferenceKind.MISSING_THERE, reference=REFERENCE
)
difference_settled = JournalDifferenceSettled(
    matter=MEETING_MATTER, difference=DifferenceKind.MISSING_THERE, reference=REFERENCE
)

envelope = Envelope(
    organisation=ORGANISATION,
    actor=ActorId("person:anna"),
    on_behalf_of=ANNA,
    command_id=numbered(51),
    correlation_id=numbered(52),
    causation_id=None,
    service_version="building-meeting.1",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
