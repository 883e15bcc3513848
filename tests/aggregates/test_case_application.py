from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from events.case import CaseKind
from events.ids import InspectionId
from tests.examples import numbered
from tests.procedure_examples import (
    accept_completion,
    application_completed,
    application_opened,
    complete_application,
    completion_accepted,
    completion_notified,
    granted,
    granted_dispatched,
    information_requested,
    inspection_held,
    inspection_scheduled,
    notify_completion,
    record_inspection,
    schedule_inspection,
    target_set,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
permitted = opened.given(application_completed, granted, granted_dispatched)
notified = permitted.given(completion_notified)
OTHER = InspectionId(numbered(187))


def test_the_service_target_runs_from_the_day_the_application_is_complete() -> None:
    opened.when(complete_application).then(application_completed, target_set)
    opened.given(application_completed).when(complete_application).then()


def test_an_application_is_not_complete_while_something_is_awaited() -> None:
    opened.given(information_requested).when(complete_application).refused("information-awaited")


@pytest.mark.parametrize("kind", [kind for kind in CaseKind if kind is not CaseKind.APPLICATION])
def test_only_applications_are_completed_and_inspected(kind: CaseKind) -> None:
    case = Given(decider).given(replace(application_opened, kind=kind))
    for command in (
        complete_application,
        schedule_inspection,
        record_inspection,
        notify_completion,
        accept_completion,
    ):
        case.when(command).refused("not-an-application")


def test_an_inspection_is_planned_and_held_once() -> None:
    permitted.when(schedule_inspection).then(inspection_scheduled)
    planned = permitted.given(inspection_scheduled)
    planned.when(schedule_inspection).refused("inspection-already-scheduled")
    planned.when(record_inspection).then(inspection_held)
    permitted.when(record_inspection).refused("inspection-not-found")
    planned.given(inspection_held).when(record_inspection).refused("inspection-already-held")


def test_what_is_not_approved_is_said() -> None:
    planned = permitted.given(inspection_scheduled)
    silent = replace(record_inspection, is_approved=False)
    planned.when(silent).refused("remarks-missing")
    said = replace(silent, remarks="Værnet mangler.")
    planned.when(said).then(replace(inspection_held, is_approved=False, remarks="Værnet mangler."))


def test_the_work_is_notified_under_a_permit_that_asks_for_it() -> None:
    permitted.when(notify_completion).then(completion_notified)
    opened.when(notify_completion).refused("completion-not-expected")
    unsent = opened.given(application_completed, granted)
    unsent.when(notify_completion).refused("completion-not-expected")
    without = replace(granted, needs_completion=False)
    free = opened.given(application_completed, without, granted_dispatched)
    free.when(notify_completion).refused("completion-not-expected")
    notified.when(notify_completion).refused("document-already-added")
    accepted = notified.given(completion_accepted)
    accepted.when(notify_completion).refused("completion-already-accepted")


def test_completion_is_accepted_once_it_is_notified() -> None:
    notified.when(accept_completion).then(completion_accepted)
    permitted.when(accept_completion).refused("completion-not-notified")
    notified.given(completion_accepted).when(accept_completion).then()


def test_completion_waits_for_inspections_and_for_the_last_to_be_approved() -> None:
    planned = notified.given(inspection_scheduled)
    planned.when(accept_completion).refused("inspection-outstanding")
    planned.given(inspection_held).when(accept_completion).then(completion_accepted)
    failed = replace(inspection_held, is_approved=False, remarks="Nej.")
    wrong = planned.given(failed)
    wrong.when(accept_completion).refused("inspection-not-approved")
    again = wrong.given(replace(inspection_scheduled, inspection=OTHER, on=date(2027, 3, 9)))
    again.given(replace(inspection_held, inspection=OTHER)).when(accept_completion).then(
        completion_accepted
    )


def test_the_inspection_held_last_counts_whenever_it_was_planned() -> None:
    two = notified.given(inspection_scheduled, replace(inspection_scheduled, inspection=OTHER))
    failed = replace(inspection_held, is_approved=False, remarks="Nej.")
    late = two.given(replace(inspection_held, inspection=OTHER), failed)
    late.when(accept_completion).refused("inspection-not-approved")
