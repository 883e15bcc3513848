"""Colleagues who are away: who stands in, what the queue shows, what an assignment warns of."""

from datetime import date, timedelta

import pytest

from services.clock import COPENHAGEN
from tests.gateway.running import START, System, code, fields

MONDAY = START.astimezone(COPENHAGEN).date()
WEEK = {
    "first_day": MONDAY.isoformat(),
    "last_day": (MONDAY + timedelta(days=4)).isoformat(),
    "substitute": "staff:niels",
}


def cancel_all(system: System, person: str) -> None:
    found = system.get("lis", f"/colleagues/{person}/absences").json()["absences"]
    for each in found:
        system.post("lis", f"/colleagues/{person}/absences/{each['absence']}/cancel")


def test_the_queue_and_an_assignment_tell_who_is_away_and_who_stands_in(system: System) -> None:
    case = system.case("anna")
    system.post("karen", f"/cases/{case}/claim")
    away = system.post("karen", "/colleagues/me/absences", WEEK)
    assert away.status_code == 201, away.text

    mine = system.get("niels", "/queues/byggeri-natur?assigned=me&limit=200", after=away).json()
    (row,) = (row for row in mine["rows"] if row["case"] == case)
    assert (row["assigned_to"], row["is_away"], row["substitute"]) == (
        "staff:karen",
        True,
        "staff:niels",
    )
    warned = system.post("lis", f"/cases/{case}/assign", {"to": "staff:karen"})
    assert warned.json() == {
        "assigned_to": "staff:karen",
        "absence": {key: WEEK[key] for key in ("first_day", "last_day", "substitute")},
    }

    absence = away.json()["absence"]
    back = system.post("karen", f"/colleagues/me/absences/{absence}/cancel")
    assert back.status_code == 204
    mine = system.get("niels", "/queues/byggeri-natur?assigned=me&limit=200", after=back).json()
    assert case not in {row["case"] for row in mine["rows"]}
    answer = system.post("lis", f"/cases/{case}/assign", {"to": "staff:karen"})
    assert answer.json() == {"assigned_to": "staff:karen", "absence": None}


def test_oneself_and_whoever_leads_the_team_may_record_it(system: System) -> None:
    by_leader = system.post("lis", "/colleagues/staff:niels/absences", WEEK | {"substitute": None})
    assert by_leader.status_code == 201
    path = f"/colleagues/staff:niels/absences/{by_leader.json()['absence']}/cancel"
    assert code(system.post("karen", path)) == "not-allowed"
    assert code(system.post("erik", path)) == "not-allowed"
    assert code(system.post("karen", "/colleagues/staff:niels/absences", WEEK)) == "not-allowed"
    assert system.post("niels", path).status_code == 204


@pytest.mark.parametrize("stranger", ["staff:vera", "staff:rikke", "person:anna", "x:%00"])
def test_whoever_is_no_colleague_has_no_absences(system: System, stranger: str) -> None:
    answer = system.get("lis", f"/colleagues/{stranger}/absences")
    assert code(answer) == "colleague-not-found"


def test_a_substitute_works_in_the_same_team(system: System) -> None:
    for stranger in ("staff:erik", "staff:vera", "staff:nobody", "person:anna"):
        answer = system.post("karen", "/colleagues/me/absences", WEEK | {"substitute": stranger})
        assert fields(answer) == {"substitute": "input-not-a-colleague"}
    answer = system.post("karen", "/colleagues/me/absences", WEEK | {"substitute": "staff:karen"})
    assert code(answer) == "substitute-oneself"


def test_absences_are_listed_as_they_come_and_do_not_overlap(system: System) -> None:
    cancel_all(system, "staff:niels")

    def week(number: int) -> dict[str, object]:
        first = MONDAY + timedelta(weeks=number)
        return {
            "first_day": first.isoformat(),
            "last_day": (first + timedelta(days=4)).isoformat(),
        }

    system.post("niels", "/colleagues/me/absences", week(6))
    last = system.post("niels", "/colleagues/me/absences", week(3))
    found = system.get("niels", "/colleagues/me/absences", after=last).json()["absences"]
    assert [date.fromisoformat(each["first_day"]) for each in found] == [
        MONDAY + timedelta(weeks=3),
        MONDAY + timedelta(weeks=6),
    ]
    again = system.post("niels", "/colleagues/me/absences", week(3))
    assert code(again) == "absence-overlaps"
    assert again.json()["first_day"] == week(3)["first_day"]
    cancel_all(system, "staff:niels")
