"""Statistics for those who answer for a team, as JSON and as a file that nothing runs."""

import csv
import io

import httpx
import pytest

from gateway.csv_file import Cell, csv_file
from gateway.language import Language
from gateway.negotiation import prefers
from tests.gateway.running import START, System, code, fields

YEAR = START.year
MONTH = f"{START:%Y-%m}"


def asked(system: System, person: str, query: str, after: httpx.Response) -> httpx.Response:
    answer = system.get(person, f"/statistics?{query}", after=after)
    assert answer.status_code == 200, answer.text
    return answer


def lines(answer: httpx.Response, separator: str) -> list[list[str]]:
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    text = answer.content.decode("utf-8")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_a_month_is_counted_by_team_and_service_and_in_all(system: System) -> None:
    last = system.post("anna", f"/cases/{system.case('anna')}/messages", {"text": "Hej"})
    query = "team=byggeri-natur&service=hearing-response"
    before = asked(system, "lis", query, last).json()
    new = system.post("anna", f"/cases/{system.case('anna')}/messages", {"text": "Hej"})
    after = asked(system, "lis", query, new).json()

    assert (after["first_day"], after["last_day"]) == (f"{YEAR}-01-01", START.date().isoformat())
    assert after["total"]["received"] == before["total"]["received"] + 1
    assert after["total"]["open"] == before["total"]["open"] + 1
    (row,) = (row for row in after["rows"] if row["month"] == MONTH)
    assert (row["team"], row["service"]) == ("byggeri-natur", "hearing-response")
    assert row["received"] == after["total"]["received"]


def test_a_leader_sees_the_teams_they_lead_and_an_auditor_all(system: System) -> None:
    last = system.post("anna", f"/cases/{system.case('anna')}/messages", {"text": "Hej"})
    for person in ("lis", "rikke"):
        teams = {row["team"] for row in asked(system, person, "", last).json()["rows"]}
        assert "byggeri-natur" in teams
    assert code(system.get("lis", "/statistics?team=nowhere")) == "team-not-found"
    assert code(system.get("karen", "/statistics?team=byggeri-natur")) == "not-allowed"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from=2026-12-01&to=2026-11-30", {"to": "input-out-of-range"}),
        ("from=1990-01-01&to=2026-11-30", {"from": "input-out-of-range"}),
        ("from=yesterday", {"from": "input-bad-time"}),
        ("by=colour", {"by": "input-unknown-field"}),
    ],
)
def test_days_that_make_no_sense_are_told(
    system: System, query: str, expected: dict[str, str]
) -> None:
    assert fields(system.get("rikke", f"/statistics?{query}")) == expected
    assert fields(system.get("rikke", f"/statistics.csv?{query}")) == expected


def test_the_file_is_the_same_by_name_and_by_accept_in_the_readers_language(
    system: System,
) -> None:
    last = system.post("anna", f"/cases/{system.case('anna')}/messages", {"text": "Hej"})
    query = "service=hearing-response&team=byggeri-natur"
    shown = asked(system, "lis", query, last).json()
    by_name = system.get("lis", f"/statistics.csv?{query}")
    by_accept = system.get("lis", f"/statistics?{query}", headers={"Accept": "text/csv"})
    assert by_name.content == by_accept.content
    assert by_name.headers["Content-Disposition"].endswith('.csv"')

    heading, *rows = lines(by_name, ";")
    assert heading[:5] == ["Måned", "Team", "Selvbetjening", "Modtaget", heading[4]]
    assert [row[0] for row in rows] == [row["month"] for row in shown["rows"]]
    assert [int(row[3]) for row in rows] == [row["received"] for row in shown["rows"]]
    assert {row[1] for row in rows} == {"Byggeri & Natur"}

    english = system.get("lis", f"/statistics.csv?{query}", headers={"Accept-Language": "en"})
    heading, *rows = lines(english, ",")
    assert heading[:3] == ["Month", "Team", "Service"]
    assert {row[1] for row in rows} == {"Building & Nature"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_a_formula(start: str) -> None:
    body = csv_file(["h"], [[f"{start}HYPERLINK(1)"]], Language.ENGLISH).decode()
    (_, (cell,)) = csv.reader(io.StringIO(body, newline=""))
    assert cell == f"'{start}HYPERLINK(1)"


def test_fields_are_quoted_where_they_must_and_numbers_are_the_readers() -> None:
    row: list[Cell] = ['Å "b"', "c;d", "e,f", "g\nh", 2.5, 3.0, None, 7]
    danish = csv_file(["æ"], [row], Language.DANISH).decode()
    assert danish == 'æ\r\n"Å ""b""";"c;d";e,f;"g\nh";2,5;3;;7\r\n'
    english = csv_file(["æ"], [row], Language.ENGLISH).decode()
    assert english == 'æ\r\n"Å ""b""",c;d,"e,f","g\nh",2.5,3,,7\r\n'


@pytest.mark.parametrize(
    ("accept", "wants"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("text/*", True),
        ("TEXT/CSV; charset=utf-8", True),
        ("text/csv, */*;q=0.1", True),
        ("text/csv;q=0.5, application/json", False),
        ("application/json;q=0.2, text/csv;q=0.3", True),
        ("text/csv;q=0", False),
        ("text/html, application/xhtml+xml, */*;q=0.8", False),
    ],
)
def test_a_file_is_sent_to_whoever_likes_it_better(accept: str, *, wants: bool) -> None:
    assert prefers(accept, "text/csv", "application/json") is wants
