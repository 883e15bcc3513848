from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregates.colleague import decider
from events.ids import AbsenceId
from tests.colleague_examples import (
    FIRST_DAY,
    LAST_DAY,
    TODAY,
    absence_cancelled,
    absence_recorded,
    cancel_absence,
    record_absence,
)
from tests.examples import KAREN, numbered
from tests.spec import Given

there = Given(decider)
away = there.given(absence_recorded)
OTHER = AbsenceId(numbered(82))
DAY = timedelta(days=1)


def test_an_absence_is_recorded_with_or_without_a_substitute() -> None:
    there.when(record_absence).then(absence_recorded)
    alone = replace(record_absence, substitute=None)
    there.when(alone).then(replace(absence_recorded, substitute=None))


def test_a_single_day_and_one_that_has_begun_will_do() -> None:
    one = replace(record_absence, first_day=FIRST_DAY, last_day=FIRST_DAY)
    there.when(one).then(replace(absence_recorded, last_day=FIRST_DAY))
    there.when(replace(record_absence, today=LAST_DAY)).then(absence_recorded)


def test_what_makes_no_sense_is_refused() -> None:
    backwards = replace(record_absence, last_day=FIRST_DAY - DAY)
    there.when(backwards).refused("absence-backwards")
    there.when(replace(record_absence, today=LAST_DAY + DAY)).refused("absence-past")
    there.when(replace(record_absence, substitute=KAREN)).refused("substitute-oneself")


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [(TODAY, FIRST_DAY), (LAST_DAY, LAST_DAY + DAY), (TODAY, LAST_DAY + DAY)],
)
def test_a_day_has_one_substitute(first_day: date, last_day: date) -> None:
    another = replace(record_absence, absence=OTHER, first_day=first_day, last_day=last_day)
    facts = {"first_day": FIRST_DAY.isoformat(), "last_day": LAST_DAY.isoformat()}
    away.when(another).refused("absence-overlaps", **facts)


def test_absences_may_follow_each_other_and_replace_a_cancelled_one() -> None:
    after = replace(
        record_absence, absence=OTHER, first_day=LAST_DAY + DAY, last_day=LAST_DAY + DAY
    )
    away.when(after).then(
        replace(absence_recorded, absence=OTHER, first_day=LAST_DAY + DAY, last_day=LAST_DAY + DAY)
    )
    again = replace(record_absence, absence=OTHER)
    away.given(absence_cancelled).when(again).then(replace(absence_recorded, absence=OTHER))


def test_an_absence_is_cancelled_once() -> None:
    away.when(cancel_absence).then(absence_cancelled)
    away.given(absence_cancelled).when(cancel_absence).then()
    there.when(cancel_absence).refused("absence-not-found")
