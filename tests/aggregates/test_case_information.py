from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from events.case_deadline import DeadlineKind
from events.case_information import RequestedItem, RequestEnd
from events.day_unit import DayUnit
from events.ids import MessageId, RequestId
from tests.examples import numbered, photo
from tests.procedure_examples import (
    APPLICATION,
    CHRISTMAS,
    application_closed,
    application_opened,
    deliver_information,
    end_overdue_request,
    information_delivered,
    information_requested,
    plan_added,
    request_ended,
    request_information,
    target_met,
    target_resumed,
    target_set,
    target_suspended,
    withdraw_request,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
running = opened.given(target_set)
waiting = running.given(information_requested, target_suspended)
OTHER = RequestId(numbered(184))
other_requested = replace(information_requested, request=OTHER)


def test_asking_for_more_stops_the_clock() -> None:
    running.when(request_information).then(information_requested, target_suspended)
    opened.when(request_information).then(information_requested)


def test_a_clock_is_stopped_once_and_what_is_late_stays_late() -> None:
    waiting.when(replace(request_information, request=OTHER)).then(other_requested)
    overdue = replace(target_set, due_on=date(2026, 12, 8))
    opened.given(overdue).when(request_information).then(information_requested)
    running.given(target_met).when(request_information).then(information_requested)


def test_asking_is_the_first_reply_and_does_not_stop_a_complaints_way_to_the_board() -> None:
    first = replace(target_set, deadline=DeadlineKind.FIRST_REPLY)
    forwarding = replace(target_set, deadline=DeadlineKind.FORWARDING)
    opened.given(first, forwarding).when(request_information).then(
        information_requested, replace(target_met, deadline=DeadlineKind.FIRST_REPLY)
    )


@pytest.mark.parametrize(
    "items",
    [
        (),
        (RequestedItem(item="a", text=" "),),
        (RequestedItem(item="a", text="Plan"), RequestedItem(item="a", text="Snit")),
    ],
)
def test_a_request_lists_different_things_in_words(items: tuple[RequestedItem, ...]) -> None:
    opened.when(replace(request_information, items=items)).refused("request-items-invalid")


def test_what_is_asked_for_already_is_not_asked_again() -> None:
    waiting.when(request_information).then()


def test_the_party_gets_time_to_answer() -> None:
    today = replace(request_information, due_on=request_information.requested_on)
    opened.when(today).refused("due-date-not-ahead")


def test_all_that_was_asked_for_lets_the_clock_run_on() -> None:
    waiting.when(deliver_information).then(
        plan_added, information_delivered, request_ended, target_resumed
    )


def test_the_clock_waits_for_the_last_thing_asked_for() -> None:
    part = replace(deliver_information, items=("drainage",), documents=())
    delivered = replace(information_delivered, items=("drainage",), documents=())
    waiting.when(part).then(delivered)
    rest = replace(
        deliver_information,
        items=("floor-plan",),
        message=MessageId(numbered(189)),
        documents=(photo,),
    )
    waiting.given(delivered).when(rest).then(
        replace(plan_added, document=photo),
        replace(
            information_delivered,
            items=("floor-plan",),
            message=rest.message,
            documents=(photo.document_id,),
        ),
        request_ended,
        target_resumed,
    )
    both = waiting.given(other_requested)
    both.when(deliver_information).then(plan_added, information_delivered, request_ended)


def test_working_days_are_given_back_as_working_days() -> None:
    target = replace(target_set, due_on=date(2026, 12, 18), unit=DayUnit.WORKING_DAYS)
    given = opened.given(target, information_requested, target_suspended)
    late = replace(deliver_information, delivered_on=date(2026, 12, 22), days_off=CHRISTMAS)
    given.when(late).then(
        plan_added,
        information_delivered,
        replace(request_ended, ended_on=date(2026, 12, 22)),
        replace(target_resumed, resumed_on=date(2026, 12, 22), due_on=date(2027, 1, 4)),
    )


def test_what_is_delivered_is_on_the_list_and_is_something() -> None:
    waiting.when(replace(deliver_information, items=("cellar",))).refused("request-item-unknown")
    twice = ("drainage", "drainage")
    waiting.when(replace(deliver_information, items=twice)).refused("request-item-unknown")
    waiting.when(replace(deliver_information, items=())).refused("delivery-empty")
    empty = replace(deliver_information, text=" ", documents=())
    waiting.when(empty).refused("delivery-empty")
    waiting.given(plan_added).when(deliver_information).refused("document-already-added")


def test_an_ended_request_takes_nothing_more() -> None:
    opened.when(deliver_information).refused("request-not-open")
    ended = waiting.given(request_ended)
    ended.when(deliver_information).refused("request-not-open")
    ended.when(withdraw_request).refused("request-not-open")
    ended.when(end_overdue_request).then()
    waiting.given(application_closed).when(deliver_information).refused("case-not-open")


def test_a_request_may_be_withdrawn() -> None:
    withdrawn = replace(request_ended, because=RequestEnd.WITHDRAWN)
    waiting.when(withdraw_request).then(withdrawn, target_resumed)


def test_the_authority_has_the_turn_again_when_the_partys_last_day_is_over() -> None:
    last = replace(end_overdue_request, today=information_requested.due_on)
    waiting.when(last).then()
    over = replace(request_ended, because=RequestEnd.OVERDUE, ended_on=date(2026, 12, 24))
    resumed = replace(target_resumed, resumed_on=date(2026, 12, 24), due_on=date(2027, 1, 31))
    waiting.when(end_overdue_request).then(over, resumed)
    assert over.case_id == APPLICATION
