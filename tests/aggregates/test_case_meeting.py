from dataclasses import replace
from datetime import timedelta

import pytest

from aggregates.case import decider
from commands.case import CaseCommand
from tests.examples import (
    NEXT_MEETING_DAY,
    meeting_booked,
    meeting_cancelled,
    meeting_case_opened,
    meeting_given,
    meeting_missed,
    meeting_moved,
    moved_meeting,
    put_on_waiting_list,
    record_given_meeting,
    record_meeting,
    record_missed_meeting,
    record_move,
    record_waiting,
    response_case_opened,
    taken_off_waiting_list,
)
from tests.spec import Given

unknown = Given(decider)
opened = unknown.given(meeting_case_opened)
booked = opened.given(meeting_booked)
waiting = opened.given(put_on_waiting_list)
given = waiting.given(meeting_given)


@pytest.mark.parametrize(
    "command",
    [record_meeting, record_move, record_missed_meeting, record_waiting, record_given_meeting],
    ids=lambda c: type(c).__name__,
)
def test_only_a_meeting_case_has_a_meeting(command: CaseCommand) -> None:
    unknown.given(response_case_opened).when(command).refused("not-a-meeting")


def test_a_case_has_one_meeting_at_a_time() -> None:
    opened.when(record_meeting).then(meeting_booked)
    booked.when(record_meeting).refused("meeting-already-booked")
    given.when(record_meeting).refused("meeting-already-booked")
    booked.given(meeting_cancelled).when(record_meeting).then(meeting_booked)


def test_a_case_that_waits_leaves_the_list_when_it_books() -> None:
    waiting.when(record_meeting).then(taken_off_waiting_list, meeting_booked)
    waiting.given(taken_off_waiting_list).when(record_meeting).then(meeting_booked)


def test_only_a_booked_meeting_is_moved() -> None:
    booked.when(record_move).then(meeting_moved)
    given.when(record_move).then(meeting_moved)
    opened.when(record_move).refused("meeting-not-booked")
    waiting.when(record_move).refused("meeting-not-booked")
    booked.given(meeting_cancelled).when(record_move).refused("meeting-not-booked")


def test_moving_a_meeting_to_where_it_is_changes_nothing() -> None:
    booked.given(meeting_moved).when(record_move).then()


def test_a_case_waits_when_it_has_no_meeting() -> None:
    opened.when(record_waiting).then(put_on_waiting_list)
    booked.when(record_waiting).refused("meeting-already-booked")
    given.when(record_waiting).refused("meeting-already-booked")


def test_waiting_twice_for_the_same_day_changes_nothing() -> None:
    waiting.when(record_waiting).then()


def test_a_case_waits_for_one_day_at_a_time() -> None:
    waiting.when(replace(record_waiting, day=NEXT_MEETING_DAY)).then(
        taken_off_waiting_list, replace(put_on_waiting_list, day=NEXT_MEETING_DAY)
    )


def test_a_meeting_is_given_only_to_a_case_that_waits_for_that_day() -> None:
    waiting.when(record_given_meeting).then(meeting_given)
    opened.when(record_given_meeting).refused("not-waiting")
    given.when(record_given_meeting).refused("not-waiting")
    opened.given(replace(put_on_waiting_list, day=NEXT_MEETING_DAY)).when(
        record_given_meeting
    ).refused("not-waiting")


def test_a_case_that_was_given_a_meeting_waits_no_more() -> None:
    moved = replace(record_move, meeting=moved_meeting)
    given.when(moved).then(replace(meeting_moved, meeting=moved_meeting))
    given.given(meeting_cancelled).when(record_meeting).then(meeting_booked)


def test_a_meeting_is_missed_once_and_not_before_it_begins() -> None:
    begun = replace(record_missed_meeting, now=meeting_booked.meeting.starts_at)
    too_early = replace(begun, now=begun.now - timedelta(minutes=1))
    booked.when(begun).then(meeting_missed)
    booked.when(too_early).refused("meeting-not-begun")
    booked.given(meeting_missed).when(begun).then()
    opened.when(begun).refused("meeting-not-booked")


def test_another_time_can_be_chosen_after_a_missed_one_and_be_missed_too() -> None:
    again = booked.given(meeting_missed).given(meeting_moved)
    booked.given(meeting_missed).when(record_move).then(meeting_moved)
    later = replace(record_missed_meeting, now=moved_meeting.ends_at)
    again.when(later).then(replace(meeting_missed, meeting=moved_meeting))
