from dataclasses import replace
from datetime import date, timedelta

from events.ids import AbsenceId, ActorId
from projections import absences
from projections.absences import Absence
from tests.colleague_examples import (
    ABSENCE,
    FIRST_DAY,
    LAST_DAY,
    TODAY,
    absence_cancelled,
    absence_recorded,
)
from tests.examples import KAREN, NIELS, numbered
from tests.projections.views import Views

DAY = timedelta(days=1)


def test_a_colleague_is_away_from_the_first_day_to_the_last(views: Views) -> None:
    views.show(absences.projection, absence_recorded)
    found = Absence(
        absence=ABSENCE,
        colleague=KAREN,
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        substitute=NIELS,
    )

    def away(day: date) -> dict[ActorId, Absence]:
        return views.ask(lambda db: absences.on_day(db, day))

    assert away(FIRST_DAY) == away(LAST_DAY) == {KAREN: found}
    assert away(FIRST_DAY - DAY) == away(LAST_DAY + DAY) == {}


def test_what_is_over_is_left_out_and_what_comes_next_stands_first(views: Views) -> None:
    later = replace(
        absence_recorded,
        absence=AbsenceId(numbered(82)),
        first_day=LAST_DAY + 7 * DAY,
        last_day=LAST_DAY + 8 * DAY,
        substitute=None,
    )
    views.show(absences.projection, later, absence_recorded)
    found = views.ask(lambda db: absences.coming(db, KAREN, TODAY))
    assert [each.first_day for each in found] == [FIRST_DAY, later.first_day]
    found = views.ask(lambda db: absences.coming(db, KAREN, LAST_DAY + DAY))
    assert [each.substitute for each in found] == [None]
    assert views.ask(lambda db: absences.coming(db, NIELS, TODAY)) == []


def test_a_cancelled_absence_is_gone(views: Views) -> None:
    views.show(absences.projection, absence_recorded, absence_cancelled)
    assert views.ask(lambda db: absences.coming(db, KAREN, TODAY)) == []
