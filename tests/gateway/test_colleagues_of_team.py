"""Whom a case can be given to, and who is away today."""

from tests.gateway.running import System, code

DAYS = {"first_day": "2026-11-02", "last_day": "2026-11-03", "substitute": "staff:lis"}


def test_the_colleagues_of_a_team_are_told_with_who_is_away(system: System) -> None:
    recorded = system.post("karen", "/colleagues/staff:niels/absences", DAYS)
    assert code(recorded) == "not-allowed"
    recorded = system.post("niels", "/colleagues/me/absences", DAYS)
    assert recorded.status_code == 201, recorded.text

    told = system.get("karen", "/teams/byggeri-natur/colleagues", after=recorded).json()
    away = {each["person"]: each["absence"] for each in told["colleagues"]}
    assert {"staff:karen", "staff:niels", "staff:lis"} <= away.keys()
    assert "staff:erik" not in away
    assert away["staff:karen"] is None
    assert away["staff:niels"] == DAYS
    names = [each["name"] for each in told["colleagues"]]
    assert names == sorted(names)

    absence = recorded.json()["absence"]
    assert system.post("niels", f"/colleagues/me/absences/{absence}/cancel").status_code == 204
