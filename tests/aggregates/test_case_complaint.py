from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from events.case import CaseKind
from events.case_deadline import DeadlineKind
from tests.procedure_examples import (
    COMPLAINT,
    answer_complaint,
    application_opened,
    board_decided,
    complain_over_decision,
    complaint_answered,
    complaint_forwarded,
    complaint_opened,
    complaint_over_decision,
    decision_changed,
    decision_upheld,
    forward_complaint,
    forwarding_met,
    forwarding_set,
    reassess_changed,
    reassess_upheld,
    record_board_decision,
    target_met,
    target_set,
)
from tests.spec import Given

over_service = Given(decider).given(complaint_opened)
over_decision = over_service.given(forwarding_set, complaint_over_decision)
upheld = over_decision.given(decision_upheld)
forwarded = upheld.given(complaint_forwarded, forwarding_met)


def test_a_complaint_on_the_last_day_is_in_time_and_the_day_after_is_late() -> None:
    over_service.when(complain_over_decision).then(complaint_over_decision)
    day_after = replace(complain_over_decision, received_on=date(2027, 1, 20))
    over_service.when(day_after).then(replace(complaint_over_decision, is_late=True))


def test_where_no_appeal_period_ran_no_complaint_is_late() -> None:
    endless = replace(complain_over_decision, appeal_until=None, received_on=date(2030, 1, 1))
    over_service.when(endless).then(replace(complaint_over_decision, appeal_until=None))


@pytest.mark.parametrize("kind", [kind for kind in CaseKind if kind is not CaseKind.COMPLAINT])
def test_only_complaints_are_reassessed_forwarded_and_answered(kind: CaseKind) -> None:
    case = Given(decider).given(replace(application_opened, case_id=COMPLAINT, kind=kind))
    for command in (
        complain_over_decision,
        reassess_upheld,
        forward_complaint,
        record_board_decision,
        answer_complaint,
    ):
        case.when(command).refused("not-a-complaint")


def test_what_is_upheld_goes_to_the_board_in_time() -> None:
    over_decision.when(reassess_upheld).then(decision_upheld)
    upheld.when(forward_complaint).then(complaint_forwarded, forwarding_met)
    forwarded.when(forward_complaint).then()


def test_what_is_changed_leaves_the_board_nothing_to_hear() -> None:
    over_decision.when(reassess_changed).then(decision_changed, forwarding_met)
    over_decision.given(decision_changed).when(forward_complaint).refused("complaint-not-upheld")


def test_a_decision_is_reassessed_once_before_it_is_forwarded_to_a_named_board() -> None:
    over_decision.when(forward_complaint).refused("complaint-not-upheld")
    upheld.when(reassess_changed).refused("complaint-already-reassessed")
    over_decision.when(replace(reassess_upheld, text="")).refused("message-empty")
    upheld.when(replace(forward_complaint, board=" ")).refused("board-missing")


def test_the_board_decides_once_what_it_was_sent() -> None:
    forwarded.when(record_board_decision).then(board_decided)
    upheld.when(record_board_decision).refused("complaint-not-forwarded")
    forwarded.given(board_decided).when(record_board_decision).refused("board-already-decided")


def test_a_complaint_over_service_is_answered() -> None:
    promised = over_service.given(replace(target_set, case_id=COMPLAINT))
    promised.when(answer_complaint).then(complaint_answered, replace(target_met, case_id=COMPLAINT))
    over_service.given(complaint_answered).when(answer_complaint).refused(
        "complaint-already-answered"
    )
    over_service.when(replace(answer_complaint, text=" ")).refused("message-empty")
    assert target_set.deadline is DeadlineKind.PROCESSING


def test_the_two_kinds_of_complaint_have_ways_of_their_own() -> None:
    over_decision.when(answer_complaint).refused("complaint-over-decision")
    over_service.when(reassess_upheld).refused("complaint-over-service")
    over_service.when(forward_complaint).refused("complaint-over-service")
