from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from commands.case import CaseCommand
from events.case import CaseWithdrawn
from events.case_deadline import DeadlineKind
from events.case_information import InformationRequestEnded, RequestEnd
from tests.examples import (
    FIRST_REPLY_DUE,
    NIELS,
    OTHER_HEARING,
    add_caseworker_documents,
    add_party_documents,
    answer_response,
    assign_case,
    case_assigned,
    case_closed,
    case_reopened,
    case_withdrawn,
    caseworker_wrote,
    claim_case,
    close_case,
    drawing,
    first_reply_met,
    first_reply_missed,
    first_reply_set,
    meeting_booked,
    meeting_cancelled,
    meeting_case_opened,
    meeting_given,
    meeting_moved,
    miss_first_reply,
    moved_meeting,
    next_steps_announced,
    open_meeting_case,
    open_response_case,
    party_added_document,
    processing_met,
    processing_set,
    put_on_waiting_list,
    record_given_meeting,
    record_meeting,
    record_move,
    record_waiting,
    record_withdrawal,
    release_case,
    reopen_case,
    response_answered,
    response_case_opened,
    response_closed,
    response_processing_met,
    response_processing_set,
    taken_off_waiting_list,
    things_to_bring_listed,
    transfer_case,
    write_to_authority,
    write_to_party,
)
from tests.procedure_examples import information_requested
from tests.spec import Given

unknown = Given(decider)
opened = unknown.given(meeting_case_opened)
with_deadlines = opened.given(first_reply_set, processing_set)
closed = opened.given(case_closed)
withdrawn = opened.given(case_withdrawn)
response = unknown.given(response_case_opened)
answered = response.given(response_answered, response_closed)

EVERY_COMMAND_BUT_OPEN: list[CaseCommand] = [
    assign_case,
    claim_case,
    release_case,
    transfer_case,
    write_to_authority,
    write_to_party,
    add_party_documents,
    add_caseworker_documents,
    record_meeting,
    record_move,
    record_waiting,
    record_given_meeting,
    answer_response,
    miss_first_reply,
    close_case,
    reopen_case,
    record_withdrawal,
]


def test_opening_records_the_submission_and_what_is_promised_in_return() -> None:
    unknown.when(open_meeting_case).then(
        meeting_case_opened,
        party_added_document,
        first_reply_set,
        processing_set,
        things_to_bring_listed,
        next_steps_announced,
    )
    unknown.when(open_response_case).then(response_case_opened, response_processing_set)


def test_a_case_is_opened_once() -> None:
    for begun in (opened, closed, withdrawn):
        begun.when(open_meeting_case).refused("case-already-opened")


def test_a_case_is_not_opened_with_the_same_document_twice() -> None:
    twice = replace(open_meeting_case, documents=(drawing, drawing))
    unknown.when(twice).refused("document-already-added")


@pytest.mark.parametrize("command", EVERY_COMMAND_BUT_OPEN, ids=lambda c: type(c).__name__)
def test_nothing_but_opening_can_be_done_to_a_case_that_is_not_there(command: CaseCommand) -> None:
    unknown.when(command).refused("case-not-found")


@pytest.mark.parametrize(
    "command",
    [
        assign_case,
        write_to_authority,
        write_to_party,
        add_party_documents,
        add_caseworker_documents,
        record_meeting,
        record_move,
        record_waiting,
        record_given_meeting,
        miss_first_reply,
    ],
    ids=lambda c: type(c).__name__,
)
def test_a_case_that_is_over_is_not_worked_on(command: CaseCommand) -> None:
    closed.when(command).refused("case-not-open")
    withdrawn.when(command).refused("case-not-open")


def test_a_case_that_is_over_in_one_way_does_not_end_in_another() -> None:
    closed.when(record_withdrawal).refused("case-not-open")
    withdrawn.when(close_case).refused("case-not-open")
    response_withdrawn = CaseWithdrawn(case_id=answer_response.case_id, reason=None)
    response.given(response_withdrawn).when(answer_response).refused("case-not-open")


def test_a_case_is_assigned_and_may_be_assigned_to_another() -> None:
    opened.when(assign_case).then(case_assigned)
    to_niels = replace(assign_case, to=NIELS)
    opened.given(case_assigned).when(to_niels).then(replace(case_assigned, to=NIELS))
    opened.given(case_assigned, replace(case_assigned, to=NIELS)).when(assign_case).then(
        case_assigned
    )


def test_assigning_to_whoever_has_the_case_changes_nothing() -> None:
    opened.given(case_assigned).when(assign_case).then()
    opened.given(case_assigned, case_closed).when(assign_case).then()
    opened.given(case_assigned, case_withdrawn).when(assign_case).then()


def test_a_deadline_is_missed_the_day_after_its_last_day() -> None:
    with_deadlines.when(miss_first_reply).then(first_reply_missed)
    with_deadlines.when(replace(miss_first_reply, today=FIRST_REPLY_DUE)).then()


def test_a_deadline_is_missed_once_and_only_if_it_is_outstanding() -> None:
    opened.when(miss_first_reply).then()
    with_deadlines.given(first_reply_missed).when(miss_first_reply).then()
    with_deadlines.given(first_reply_met).when(miss_first_reply).then()


def test_missing_one_deadline_leaves_the_other_outstanding() -> None:
    after = with_deadlines.given(first_reply_missed)
    miss_processing = replace(
        miss_first_reply, deadline=DeadlineKind.PROCESSING, today=date(2026, 12, 23)
    )
    after.when(miss_processing).then(
        replace(first_reply_missed, deadline=DeadlineKind.PROCESSING, due_on=processing_set.due_on)
    )


def test_closing_fulfils_what_is_promised_in_time_or_too_late() -> None:
    in_time = replace(close_case, closed_on=FIRST_REPLY_DUE)
    closed_in_time = replace(case_closed, closed_on=FIRST_REPLY_DUE)
    with_deadlines.when(in_time).then(first_reply_met, processing_met, closed_in_time)
    with_deadlines.when(close_case).then(first_reply_missed, processing_met, case_closed)
    with_deadlines.given(caseworker_wrote, first_reply_met).when(close_case).then(
        processing_met, case_closed
    )
    with_deadlines.given(first_reply_missed).when(close_case).then(processing_met, case_closed)
    opened.when(close_case).then(case_closed)


def test_closing_a_closed_case_changes_nothing() -> None:
    closed.when(close_case).then()


def test_a_meeting_case_is_not_closed_before_the_day_of_its_meeting() -> None:
    the_day_before = replace(close_case, closed_on=date(2026, 12, 7))
    for booked in (meeting_booked, meeting_given):
        opened.given(booked).when(the_day_before).refused("meeting-not-held")
        opened.given(booked).when(close_case).then(case_closed)
    opened.given(meeting_booked, meeting_cancelled).when(the_day_before).then(
        replace(case_closed, closed_on=date(2026, 12, 7))
    )


def test_a_moved_meeting_counts_where_it_was_moved_to() -> None:
    a_week_later = replace(moved_meeting, starts_at=moved_meeting.starts_at.replace(day=15))
    moved = replace(meeting_moved, meeting=a_week_later)
    opened.given(meeting_booked, moved).when(close_case).refused("meeting-not-held")


def test_a_case_that_waits_for_a_meeting_is_not_closed() -> None:
    opened.given(put_on_waiting_list).when(close_case).refused("still-waiting")
    opened.given(put_on_waiting_list, taken_off_waiting_list).when(close_case).then(case_closed)


def test_a_response_is_closed_by_its_answer() -> None:
    response.given(response_processing_set).when(answer_response).then(
        response_answered, response_processing_met, response_closed
    )
    response.when(replace(close_case, case_id=response_case_opened.case_id)).refused(
        "response-not-answered"
    )


def test_what_is_still_asked_of_a_party_is_given_up_with_the_answer() -> None:
    asked = replace(information_requested, case_id=response_case_opened.case_id)
    given_up = InformationRequestEnded(
        case_id=asked.case_id,
        request=asked.request,
        because=RequestEnd.WITHDRAWN,
        ended_on=answer_response.answered_on,
    )
    response.given(asked).when(answer_response).then(response_answered, given_up, response_closed)
    reopened = replace(case_reopened, case_id=asked.case_id)
    again = response.given(asked, response_answered, given_up, response_closed, reopened)
    again.when(replace(close_case, case_id=asked.case_id)).then(
        replace(response_closed, closed_on=close_case.closed_on)
    )


def test_a_response_is_answered_once() -> None:
    answered.when(answer_response).then()
    answered.given(replace(case_reopened, case_id=answer_response.case_id)).when(
        answer_response
    ).then()


def test_only_a_response_to_that_hearing_is_answered() -> None:
    opened.when(answer_response).refused("not-a-hearing-response")
    response.when(replace(answer_response, hearing=OTHER_HEARING)).refused("hearing-mismatch")
    answered.when(replace(answer_response, hearing=OTHER_HEARING)).refused("hearing-mismatch")


def test_an_answered_response_that_was_reopened_is_closed_again_by_hand() -> None:
    reopened = answered.given(replace(case_reopened, case_id=answer_response.case_id))
    by_hand = replace(close_case, case_id=answer_response.case_id, closed_on=date(2027, 2, 1))
    reopened.when(by_hand).then(replace(response_closed, closed_on=date(2027, 2, 1)))


def test_only_a_closed_case_is_reopened() -> None:
    closed.when(reopen_case).then(case_reopened)
    opened.when(reopen_case).refused("case-not-closed")
    closed.given(case_reopened).when(reopen_case).refused("case-not-closed")
    withdrawn.when(reopen_case).refused("case-withdrawn")


def test_a_case_is_reopened_for_a_reason() -> None:
    closed.when(replace(reopen_case, reason=" \n")).refused("reason-missing")


def test_a_reopened_case_is_worked_on_and_closed_again() -> None:
    reopened = closed.given(case_reopened)
    reopened.when(assign_case).then(case_assigned)
    reopened.when(close_case).then(case_closed)


def test_withdrawing_gives_up_the_meeting_or_the_place_in_the_queue() -> None:
    opened.when(record_withdrawal).then(case_withdrawn)
    opened.given(meeting_booked).when(record_withdrawal).then(meeting_cancelled, case_withdrawn)
    opened.given(meeting_given).when(record_withdrawal).then(meeting_cancelled, case_withdrawn)
    opened.given(put_on_waiting_list).when(record_withdrawal).then(
        taken_off_waiting_list, case_withdrawn
    )
    opened.when(replace(record_withdrawal, reason=None)).then(replace(case_withdrawn, reason=None))


def test_withdrawing_twice_changes_nothing() -> None:
    withdrawn.when(record_withdrawal).then()


def test_the_state_says_what_commands_across_streams_ask() -> None:
    case = decider.replay([meeting_case_opened, meeting_booked])
    assert (case.party, case.kind, case.hearing) == (
        meeting_case_opened.party,
        meeting_case_opened.kind,
        None,
    )
    assert (case.service, case.service_version) == ("building-meeting", 1)
    assert (case.meeting, case.waiting) == (meeting_booked.meeting, None)
    given_up = decider.replay([meeting_case_opened, meeting_booked, meeting_cancelled])
    assert given_up.meeting is None
    waiting = decider.replay([meeting_case_opened, put_on_waiting_list])
    assert (waiting.meeting, waiting.waiting) == (None, put_on_waiting_list.day)
    served = decider.replay([meeting_case_opened, put_on_waiting_list, meeting_given])
    assert (served.meeting, served.waiting) == (meeting_given.meeting, None)
