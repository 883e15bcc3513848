from dataclasses import replace
from datetime import date

from aggregates.case import decider
from commands.case_deadline import MissDeadline
from events.case_deadline import DeadlineKind, DeadlineMissed
from tests.procedure_examples import (
    APPLICATION,
    NOTICE,
    application_opened,
    extend_target,
    notice_opened,
    objection_set,
    tacitly_accepted,
    target_extended,
    target_met,
    target_resumed,
    target_set,
    target_suspended,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
running = opened.given(target_set)
stopped = running.given(target_suspended)
miss = MissDeadline(case_id=APPLICATION, deadline=DeadlineKind.PROCESSING, today=date(2027, 1, 17))
missed = DeadlineMissed(
    case_id=APPLICATION, deadline=DeadlineKind.PROCESSING, due_on=date(2027, 1, 16)
)


def test_nothing_is_late_while_the_clock_stands_still() -> None:
    running.when(miss).then(missed)
    stopped.when(miss).then()
    stopped.given(target_resumed).when(miss).then()
    stopped.given(target_resumed).when(replace(miss, today=date(2027, 1, 22))).then(
        replace(missed, due_on=date(2027, 1, 21))
    )


def test_a_deadline_is_extended_to_a_later_day_for_a_reason() -> None:
    running.when(extend_target).then(target_extended)
    same = replace(extend_target, due_on=target_set.due_on)
    running.when(same).refused("extension-not-later")
    running.when(replace(extend_target, reason=" ")).refused("reason-missing")
    running.given(target_extended).when(miss).then()


def test_only_a_running_deadline_of_our_own_is_extended() -> None:
    opened.when(extend_target).refused("deadline-not-extendable")
    running.given(target_met).when(extend_target).refused("deadline-not-extendable")
    stopped.when(extend_target).refused("deadline-suspended")
    notified = Given(decider).given(notice_opened, objection_set)
    longer = replace(extend_target, case_id=NOTICE, deadline=DeadlineKind.OBJECTION)
    notified.when(longer).refused("deadline-not-extendable")


def test_an_activity_that_nobody_objects_to_may_begin() -> None:
    notified = Given(decider).given(notice_opened, objection_set)
    pass_by = MissDeadline(
        case_id=NOTICE, deadline=DeadlineKind.OBJECTION, today=date(2026, 12, 30)
    )
    notified.when(replace(pass_by, today=date(2026, 12, 29))).then()
    notified.when(pass_by).then(tacitly_accepted)
    notified.given(tacitly_accepted).when(pass_by).then()
