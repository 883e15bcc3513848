from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.case import CaseEvent
from events.case_deadline import DeadlineKind
from events.catalogue import Event
from projections import deadlines
from projections.deadlines import DueHold, ExpiredHearing, OverdueDeadline, OverdueRequest
from tests.examples import (
    BO,
    FIRST_REPLY_DUE,
    HOLD_EXPIRES,
    MEETING_CASE,
    MEETING_DAY,
    case_closed,
    case_withdrawn,
    first_reply_met,
    first_reply_missed,
    first_reply_set,
    hold_expired,
    hold_released,
    processing_set,
    slot_booked,
    slot_given,
    slot_held,
)
from tests.procedure_examples import (
    APPLICATION,
    NOTICE,
    REQUEST,
    ROUND,
    application_closed,
    information_requested,
    objection_set,
    party_hearing_closed,
    party_hearing_opened,
    request_ended,
    tacitly_accepted,
    target_extended,
    target_resumed,
    target_set,
    target_suspended,
)
from tests.projections.views import Views

NEW_YEAR = date(2027, 1, 1)


def test_a_deadline_is_overdue_when_its_last_day_is_over(views: Views) -> None:
    views.show(deadlines.projection, first_reply_set, processing_set)

    assert deadlines.overdue(views.db, FIRST_REPLY_DUE) == []
    assert deadlines.overdue(views.db, FIRST_REPLY_DUE + timedelta(days=1)) == [
        OverdueDeadline(
            case_id=MEETING_CASE, deadline=DeadlineKind.FIRST_REPLY, due_on=FIRST_REPLY_DUE
        )
    ]
    assert [late.deadline for late in deadlines.overdue(views.db, NEW_YEAR)] == [
        DeadlineKind.FIRST_REPLY,
        DeadlineKind.PROCESSING,
    ]


@pytest.mark.parametrize(
    ("history", "left"),
    [
        ([first_reply_met], ["processing"]),
        ([first_reply_missed], ["processing"]),
        ([case_closed], []),
        ([case_withdrawn], []),
        ([case_closed, first_reply_set], ["first-reply"]),
        ([first_reply_met, first_reply_set], ["first-reply", "processing"]),
    ],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_what_is_met_missed_closed_or_withdrawn_is_due_no_more(
    views: Views, history: list[CaseEvent], left: list[str], batches: int
) -> None:
    if batches == 1:
        views.show(deadlines.projection, first_reply_set, processing_set, *history)
    else:
        views.show(deadlines.projection, first_reply_set, processing_set)
        views.show(deadlines.projection, *history)

    assert [late.deadline for late in deadlines.overdue(views.db, NEW_YEAR)] == left


def test_a_hold_is_due_at_the_moment_it_runs_out(views: Views) -> None:
    views.show(deadlines.projection, slot_held)

    assert deadlines.due_holds(views.db, HOLD_EXPIRES - timedelta(microseconds=1)) == []
    assert deadlines.due_holds(views.db, HOLD_EXPIRES) == [
        DueHold(day=MEETING_DAY, expires_at=HOLD_EXPIRES)
    ]


@pytest.mark.parametrize("end", [slot_booked, hold_released, hold_expired, slot_given])
@pytest.mark.parametrize("batches", [1, 2])
def test_a_hold_that_has_ended_is_due_no_more(views: Views, end: Event, batches: int) -> None:
    if batches == 1:
        views.show(deadlines.projection, slot_held, end)
    else:
        views.show(deadlines.projection, slot_held)
        views.show(deadlines.projection, end)

    assert deadlines.due_holds(views.db, HOLD_EXPIRES) == []


def test_a_promise_whose_clock_stands_still_is_not_due_and_comes_back_later(views: Views) -> None:
    views.show(deadlines.projection, target_set, target_suspended)
    assert deadlines.overdue(views.db, date(2028, 1, 1)) == []

    views.show(deadlines.projection, target_resumed)
    assert deadlines.overdue(views.db, target_resumed.due_on) == []
    (late,) = deadlines.overdue(views.db, target_resumed.due_on + timedelta(days=1))
    assert late.due_on == target_resumed.due_on

    views.show(deadlines.projection, target_extended)
    (late,) = deadlines.overdue(views.db, date(2028, 1, 1))
    assert late.due_on == target_extended.due_on


def test_an_objection_is_due_until_the_activity_may_begin(views: Views) -> None:
    views.show(deadlines.projection, objection_set)
    (late,) = deadlines.overdue(views.db, NEW_YEAR)
    assert (late.case_id, late.deadline) == (NOTICE, DeadlineKind.OBJECTION)

    views.show(deadlines.projection, tacitly_accepted)
    assert deadlines.overdue(views.db, NEW_YEAR) == []


@pytest.mark.parametrize("end", [request_ended, application_closed])
@pytest.mark.parametrize("batches", [1, 2])
def test_a_request_is_overdue_after_its_last_day_and_until_it_ends(
    views: Views, end: CaseEvent, batches: int
) -> None:
    views.show(deadlines.projection, information_requested)
    due_on = information_requested.due_on
    assert deadlines.overdue_requests(views.db, due_on) == []
    assert deadlines.overdue_requests(views.db, due_on + timedelta(days=1)) == [
        OverdueRequest(case_id=APPLICATION, request=REQUEST, due_on=due_on)
    ]
    assert deadlines.overdue(views.db, NEW_YEAR) == []

    again = [information_requested] if batches == 1 else []
    views.show(deadlines.projection, *again, end)
    assert deadlines.overdue_requests(views.db, NEW_YEAR) == []


@pytest.mark.parametrize("end", [party_hearing_closed, application_closed])
def test_a_round_of_party_hearing_expires_after_its_last_day(views: Views, end: CaseEvent) -> None:
    views.show(deadlines.projection, party_hearing_opened)
    due_on = party_hearing_opened.due_on
    assert deadlines.expired_hearings(views.db, due_on) == []
    assert deadlines.expired_hearings(views.db, due_on + timedelta(days=1)) == [
        ExpiredHearing(case_id=APPLICATION, round=ROUND, due_on=due_on)
    ]

    views.show(deadlines.projection, end)
    assert deadlines.expired_hearings(views.db, NEW_YEAR) == []


def test_a_round_is_there_until_the_last_who_is_heard_in_it_has_ended(views: Views) -> None:
    views.show(deadlines.projection, party_hearing_opened, replace(party_hearing_opened, party=BO))
    due = ExpiredHearing(case_id=APPLICATION, round=ROUND, due_on=party_hearing_opened.due_on)
    assert deadlines.expired_hearings(views.db, NEW_YEAR) == [due]
    views.show(deadlines.projection, replace(party_hearing_closed, party=BO))
    assert deadlines.expired_hearings(views.db, NEW_YEAR) == [due]
    views.show(deadlines.projection, party_hearing_closed)
    assert deadlines.expired_hearings(views.db, NEW_YEAR) == []
