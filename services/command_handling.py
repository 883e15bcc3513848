"""Which command goes to which stream: the table of contents of everything that can change."""

from collections.abc import Iterable
from typing import TypeAlias, assert_never

from aggregates import calendar_day, case, colleague, contact, hearing, journal, note, post, tender
from commands.calendar_day import (
    BookSlot,
    CalendarDayCommand,
    CancelBooking,
    JoinWaitingList,
    LeaveWaitingList,
    MoveBooking,
)
from commands.case import (
    CaseCommand,
    RecordGivenMeeting,
    RecordMeeting,
    RecordMove,
    RecordWaiting,
    RecordWithdrawal,
)
from commands.colleague import ColleagueCommand
from commands.contact import ContactCommand
from commands.hearing import AcceptResponse, HearingCommand
from commands.journal import JournalCommand
from commands.note import NoteCommand
from commands.post import PostCommand
from commands.refusal import Refused
from commands.submission import (
    IfTaken,
    ReassessDecision,
    RescheduleMeeting,
    Submission,
    SubmitComplaint,
    SubmitHearingResponse,
    SubmitMeeting,
    WithdrawCase,
)
from commands.tender import TenderCommand
from events.calendar_day import CalendarDayEvent, SlotGivenFromWaitingList
from events.case import Meeting
from events.hearing import HearingConcluded, HearingResponseSorted
from events.ids import CalendarDayId, CaseId, HearingId, SlotId, calendar_day_of
from services import complaints
from services.streams import (
    calendar_day_stream,
    case_stream,
    colleague_stream,
    contact_stream,
    hearing_stream,
    journal_stream,
    note_stream,
    post_stream,
    tender_stream,
)
from services.work import Work

Command: TypeAlias = (
    CaseCommand
    | HearingCommand
    | CalendarDayCommand
    | Submission
    | JournalCommand
    | PostCommand
    | ContactCommand
    | NoteCommand
    | ColleagueCommand
    | TenderCommand
)


def perform(command: Command, work: Work) -> None:
    """Decide a command on all the streams it concerns.

    Raises:
        Refused: a rule says no; the work then rests on the streams it has looked at.
    """
    if isinstance(command, CaseCommand):
        work.run(case_stream(command.case_id), case.decider, command)
    elif isinstance(command, HearingCommand):
        _on_hearing(command, work)
    elif isinstance(command, CalendarDayCommand):
        _on_day(command, work)
    elif isinstance(command, NoteCommand):
        work.run(note_stream(command.case_id), note.decider, command)
    elif isinstance(command, JournalCommand):
        work.run(journal_stream(command.matter), journal.decider, command)
    elif isinstance(command, PostCommand):
        work.run(post_stream(command.matter), post.decider, command)
    elif isinstance(command, ContactCommand):
        work.run(contact_stream(command.party), contact.decider, command)
    elif isinstance(command, TenderCommand):
        work.run(tender_stream(command.tender_id), tender.decider, command)
    elif isinstance(command, ColleagueCommand):
        work.run(colleague_stream(command.colleague), colleague.decider, command)
    else:
        _submit(command, work)


def service_version(state: object) -> str | None:
    """The version of the service that a case began under; other streams have none."""
    if isinstance(state, case.Case) and state.service:
        return f"{state.service}.{state.service_version}"
    return None


def _submit(command: Submission, work: Work) -> None:
    match command:
        case SubmitHearingResponse():
            _submit_hearing_response(command, work)
        case SubmitMeeting():
            _submit_meeting(command, work)
        case SubmitComplaint():
            complaints.submit(command, work)
        case ReassessDecision():
            complaints.reassess(command, work)
        case RescheduleMeeting():
            _reschedule(command, work)
        case WithdrawCase():
            _withdraw(command, work)
        case _:
            assert_never(command)


def _submit_hearing_response(command: SubmitHearingResponse, work: Work) -> None:
    opened = command.case
    work.run(case_stream(opened.case_id), case.decider, opened, new=True)
    if opened.hearing is None:
        raise Refused("hearing-not-found", "A response names the hearing it answers.")
    # Guards the hearing without writing to it: thousands may answer at once.
    accept = AcceptResponse(hearing_id=opened.hearing, now=command.now)
    work.run(hearing_stream(opened.hearing), hearing.decider, accept)


def _submit_meeting(command: SubmitMeeting, work: Work) -> None:
    opened = command.case
    stream = case_stream(opened.case_id)
    day = calendar_day_of(command.slot)
    work.run(stream, case.decider, opened, new=True)
    book = BookSlot(
        day=day,
        slot=command.slot,
        case_id=opened.case_id,
        party=opened.party,
        now=command.now,
    )
    try:
        _on_day(book, work)
    except Refused as refusal:
        if command.if_taken is not IfTaken.WAIT or refusal.code not in {"slot-taken", "slot-held"}:
            raise
        _wait(command, day, work)
    else:
        meeting = _meeting(command.slot, work)
        work.run(stream, case.decider, RecordMeeting(case_id=opened.case_id, meeting=meeting))


def _wait(command: SubmitMeeting, day: CalendarDayId, work: Work) -> None:
    opened = command.case
    join = JoinWaitingList(day=day, case_id=opened.case_id, party=opened.party, now=command.now)
    _on_day(join, work)
    record = RecordWaiting(case_id=opened.case_id, day=day)
    work.run(case_stream(opened.case_id), case.decider, record)


def _reschedule(command: RescheduleMeeting, work: Work) -> None:
    stream = case_stream(command.case_id)
    matter = work.look(stream, case.decider)
    day = calendar_day_of(command.slot)
    if matter.meeting is not None and calendar_day_of(matter.meeting.slot) == day:
        move = MoveBooking(day=day, case_id=command.case_id, slot=command.slot, now=command.now)
        _on_day(move, work)
    else:
        _give_up_place(command.case_id, matter, command, work)
        book = BookSlot(
            day=day,
            slot=command.slot,
            case_id=command.case_id,
            party=matter.party,
            now=command.now,
        )
        _on_day(book, work)
    meeting = _meeting(command.slot, work)
    record = (
        RecordMove(case_id=command.case_id, meeting=meeting)
        if matter.waiting is None
        else RecordMeeting(case_id=command.case_id, meeting=meeting)
    )
    work.run(stream, case.decider, record)


def _withdraw(command: WithdrawCase, work: Work) -> None:
    stream = case_stream(command.case_id)
    matter = work.look(stream, case.decider)
    record = RecordWithdrawal(case_id=command.case_id, reason=command.reason)
    work.run(stream, case.decider, record)
    _give_up_place(command.case_id, matter, command, work)


def _give_up_place(
    case_id: CaseId, matter: case.Case, command: RescheduleMeeting | WithdrawCase, work: Work
) -> None:
    if matter.meeting is not None:
        day = calendar_day_of(matter.meeting.slot)
        _on_day(CancelBooking(day=day, case_id=case_id, now=command.now), work)
    if matter.waiting is not None:
        _on_day(LeaveWaitingList(day=matter.waiting, case_id=case_id), work)


def _on_hearing(command: HearingCommand, work: Work) -> None:
    for event in work.run(hearing_stream(command.hearing_id), hearing.decider, command):
        match event:
            case HearingResponseSorted():
                _require_response(event.case_id, command.hearing_id, work)
            case HearingConcluded(answers=answers):
                for response in {case_id for answer in answers for case_id in answer.responses}:
                    _require_response(response, command.hearing_id, work)
            case _:
                pass


def _require_response(response: CaseId, hearing_id: HearingId, work: Work) -> None:
    # Which hearing a case answers never changes, so a glance is enough.
    if work.glance(case_stream(response), case.decider).hearing != hearing_id:
        raise Refused(
            "hearing-response-unknown",
            "An answer names a case that is not a response to this hearing.",
            response=str(response),
        )


def _on_day(command: CalendarDayCommand, work: Work) -> None:
    decided = work.run(calendar_day_stream(command.day), calendar_day.decider, command)
    _tell_served(decided, work)


def _tell_served(decided: Iterable[CalendarDayEvent], work: Work) -> None:
    """Whoever got a slot from the waiting list learns it in the same transaction."""
    for event in decided:
        if isinstance(event, SlotGivenFromWaitingList):
            given = RecordGivenMeeting(case_id=event.case_id, meeting=_meeting(event.slot, work))
            work.run(case_stream(event.case_id), case.decider, given)


def _meeting(slot: SlotId, work: Work) -> Meeting:
    day = work.look(calendar_day_stream(calendar_day_of(slot)), calendar_day.decider)
    found = day.slots[slot]
    return Meeting(slot=slot, starts_at=found.starts_at, ends_at=found.ends_at, place=found.place)
