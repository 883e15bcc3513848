from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from commands.case import CloseCase
from events.case import CaseClosed, CaseKind
from tests.procedure_examples import (
    APPLICATION,
    COMPLAINT,
    NOTICE,
    application_closed,
    application_completed,
    application_opened,
    application_reopened,
    board_decided,
    complaint_answered,
    complaint_forwarded,
    complaint_opened,
    complaint_over_decision,
    completion_accepted,
    completion_notified,
    decision_changed,
    decision_corrected,
    decision_upheld,
    dispatched,
    granted,
    granted_dispatched,
    information_requested,
    notice_opened,
    objection_set,
    open_application,
    party_hearing_exempted,
    party_hearing_opened,
    refused,
    request_ended,
    retention_began,
    retention_classed,
    tacitly_accepted,
)
from tests.spec import Given

close_application = CloseCase(case_id=APPLICATION, closed_on=date(2027, 1, 8))
close_complaint = replace(close_application, case_id=COMPLAINT)
close_notice = replace(close_application, case_id=NOTICE)
complaint_closed = CaseClosed(case_id=COMPLAINT, closed_on=date(2027, 1, 8))
notice_closed = CaseClosed(case_id=NOTICE, closed_on=date(2027, 1, 8))

unknown = Given(decider)
opened = unknown.given(application_opened)
decided = opened.given(party_hearing_exempted, refused)
sent = decided.given(dispatched)
complaint = unknown.given(complaint_opened)
over_decision = complaint.given(complaint_over_decision)


def test_a_case_is_closed_when_the_party_has_its_decision() -> None:
    opened.when(close_application).refused("case-undecided")
    decided.when(close_application).refused("decision-not-dispatched")
    sent.when(close_application).then(application_closed)
    sent.given(decision_corrected).when(close_application).refused("decision-not-dispatched")


def test_an_access_request_is_closed_in_the_same_way() -> None:
    asked = unknown.given(replace(application_opened, kind=CaseKind.ACCESS_REQUEST))
    asked.when(close_application).refused("case-undecided")
    asked.given(granted, granted_dispatched).when(close_application).then(application_closed)


def test_a_permit_that_asks_for_completion_ends_with_it() -> None:
    permitted = opened.given(application_completed, granted, granted_dispatched)
    permitted.when(close_application).refused("completion-not-accepted")
    done = permitted.given(completion_notified, completion_accepted)
    done.when(close_application).then(application_closed)


def test_nothing_is_closed_while_the_party_is_asked_or_heard() -> None:
    sent.given(information_requested).when(close_application).refused("information-awaited")
    sent.given(information_requested, request_ended).when(close_application).then(
        application_closed
    )
    sent.given(party_hearing_opened).when(close_application).refused("party-hearing-open")


def test_a_notice_is_closed_once_nobody_objected_or_it_is_decided() -> None:
    notified = unknown.given(notice_opened, objection_set)
    notified.when(close_notice).refused("case-undecided")
    notified.given(tacitly_accepted).when(close_notice).then(notice_closed)


@pytest.mark.parametrize(
    "settled", [(decision_changed,), (decision_upheld, complaint_forwarded, board_decided)]
)
def test_a_complaint_over_a_decision_is_settled_by_us_or_by_the_board(
    settled: tuple[object, ...],
) -> None:
    over_decision.given(*settled).when(close_complaint).then(complaint_closed)  # type: ignore[arg-type]  # events of two kinds


def test_a_complaint_is_not_closed_before() -> None:
    over_decision.when(close_complaint).refused("complaint-not-settled")
    over_decision.given(decision_upheld, complaint_forwarded).when(close_complaint).refused(
        "complaint-not-settled"
    )
    complaint.when(close_complaint).refused("complaint-not-answered")
    complaint.given(complaint_answered).when(close_complaint).then(complaint_closed)


def test_what_is_closed_is_kept_as_long_as_its_class_says() -> None:
    unknown.when(open_application).then(application_opened, retention_classed)
    kept = unknown.given(
        application_opened, retention_classed, party_hearing_exempted, refused, dispatched
    )
    kept.when(close_application).then(application_closed, retention_began)
    again = kept.given(
        application_closed,
        retention_began,
        application_reopened,
        party_hearing_exempted,
        refused,
        dispatched,
    )
    leap = replace(close_application, closed_on=date(2028, 2, 29))
    again.when(leap).then(
        replace(application_closed, closed_on=date(2028, 2, 29)),
        replace(retention_began, kept_until=date(2033, 2, 28)),
    )
