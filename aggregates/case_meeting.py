"""The rules of a case's meeting: one at a time, booked, moved, missed, waited for or given.

That the slot itself is free is the calendar day's rule, kept in the same transaction.
"""

from typing import TypeAlias, assert_never

from aggregates.case_state import Case, require_open
from commands.case import (
    RecordGivenMeeting,
    RecordMeeting,
    RecordMissedMeeting,
    RecordMove,
    RecordWaiting,
)
from commands.refusal import Refused
from events.case import (
    CaseEvent,
    CaseKind,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
    PutOnWaitingList,
    TakenOffWaitingList,
)
from events.ids import CaseId, calendar_day_of

MeetingCommand: TypeAlias = (
    RecordMeeting | RecordMove | RecordMissedMeeting | RecordWaiting | RecordGivenMeeting
)


def decide(command: MeetingCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    if case.kind is not CaseKind.MEETING:
        raise Refused("not-a-meeting", "This kind of case has no meeting.")
    match command:
        case RecordMeeting():
            return _book(command, case)
        case RecordMove():
            return _move(command, case)
        case RecordMissedMeeting():
            return _miss(command, case)
        case RecordWaiting():
            return _wait(command, case)
        case RecordGivenMeeting():
            return _give(command, case)
        case _:
            assert_never(command)


def given_up(case_id: CaseId, case: Case) -> list[CaseEvent]:
    """The end of whatever the case has booked or waits for."""
    if case.meeting is not None:
        return [MeetingCancelled(case_id=case_id, slot=case.meeting.slot)]
    return _off_waiting_list(case_id, case)


def _book(command: RecordMeeting, case: Case) -> list[CaseEvent]:
    _require_no_meeting(case)
    return [
        *_off_waiting_list(command.case_id, case),
        MeetingBooked(case_id=command.case_id, meeting=command.meeting),
    ]


def _move(command: RecordMove, case: Case) -> list[CaseEvent]:
    if case.meeting is None:
        raise Refused("meeting-not-booked", "The case has no meeting to move.")
    if command.meeting == case.meeting:
        return []
    return [MeetingMoved(case_id=command.case_id, meeting=command.meeting)]


def _miss(command: RecordMissedMeeting, case: Case) -> list[CaseEvent]:
    if case.meeting is None:
        raise Refused("meeting-not-booked", "The case has no meeting.")
    if case.missed == case.meeting.slot:
        return []
    if command.now < case.meeting.starts_at:
        raise Refused("meeting-not-begun", "Nobody has missed a meeting before it begins.")
    return [MeetingMissed(case_id=command.case_id, meeting=case.meeting)]


def _wait(command: RecordWaiting, case: Case) -> list[CaseEvent]:
    _require_no_meeting(case)
    if case.waiting == command.day:
        return []
    return [
        *_off_waiting_list(command.case_id, case),
        PutOnWaitingList(case_id=command.case_id, day=command.day),
    ]


def _give(command: RecordGivenMeeting, case: Case) -> list[CaseEvent]:
    if case.waiting != calendar_day_of(command.meeting.slot):
        raise Refused("not-waiting", "The case does not wait for a meeting that day.")
    return [MeetingGivenFromWaitingList(case_id=command.case_id, meeting=command.meeting)]


def _require_no_meeting(case: Case) -> None:
    if case.meeting is not None:
        raise Refused("meeting-already-booked", "The case has a meeting; move that one.")


def _off_waiting_list(case_id: CaseId, case: Case) -> list[CaseEvent]:
    if case.waiting is None:
        return []
    return [TakenOffWaitingList(case_id=case_id, day=case.waiting)]
