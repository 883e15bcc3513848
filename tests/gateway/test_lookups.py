"""Each look of staff is written down, told to the citizen, and asked for where it is not due."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias
from uuid import UUID

import httpx
import psycopg
import pytest

from gateway.language import Language
from gateway.wording import lookup_texts
from services.clock import COPENHAGEN
from services.database import pinned
from services.lookups.lookup import Purpose, Shown
from services.lookups.retention import forget_old
from tests.gateway.running import START, TEAM, System, code, running, wait_until
from tests.postgres import own_database

READS = 1_000
REASON = {"purpose": "covering", "reason": "Karen er syg, og ansøgeren ringer."}

Row: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Who was shown what of which cases."""


@pytest.fixture(scope="module")
def alone(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Of its own, for it counts what all others would add to."""
    with (
        own_database(postgres) as conninfo,
        running(conninfo, tmp_path_factory.mktemp("data")) as system,
    ):
        yield system


@pytest.fixture
def here(alone: System) -> System:
    alone.clock.set(START)
    return alone


def connected(system: System) -> psycopg.Connection[tuple[object, ...]]:
    assert system.config.database_url is not None
    return psycopg.connect(pinned(system.config.database_url, "hjorring"), autocommit=True)


def rows(system: System, after: int = 0) -> list[Row]:
    with connected(system) as db:
        found = db.execute(
            "SELECT person, shown, cases::text[] FROM lookup WHERE id > %s ORDER BY id", (after,)
        ).fetchall()
    return [(str(person), str(shown), tuple(map(str, cases))) for person, shown, cases in found]  # type: ignore[call-overload]


def last(system: System) -> int:
    with connected(system) as db:
        found = db.execute("SELECT coalesce(max(id), 0) FROM lookup").fetchone()
    assert found is not None
    return int(str(found[0]))


def case_of(system: System, person: str) -> str:
    """A case that the views show: a look that is answered with »come back« is noted as well."""
    case = system.case(person)
    wait_until(lambda: system.get(person, f"/cases/{case}").status_code == 200)
    return case


def explain(system: System, person: str, case: str, body: object = REASON) -> httpx.Response:
    url = system.url(f"/cases/{case}/lookup-reason")
    return system.client.put(url, json=body, headers=system.headers(person))


def test_reads_are_rows_of_the_log_exactly(here: System) -> None:
    """A thousand, by everybody, of all there is to look at; a citizen's own are no looks."""
    chance = Random(5)
    cases = [case_of(here, person) for person in ("anna", "bo", "tomrer", "anna")]
    for case in cases:
        assert explain(here, "erik", case).status_code == 200
    begun, expected = last(here), Counter[Row]()
    for _ in range(READS):
        case, person = (
            chance.choice(cases),
            chance.choice(("karen", "lis", "erik", "anna", "rikke")),
        )
        path, shown = chance.choice(LOOKS[person])
        answer = here.get(person, path.format(case=case))
        if answer.status_code == 200 and shown is not None:
            listed = (
                tuple(row["case"] for row in answer.json()["rows"]) if LIST in path else (case,)
            )
            expected[f"staff:{person}", shown, listed] += 1
    assert Counter(rows(here, begun)) == expected
    assert expected.total() > READS / 2


LIST = "limit="
OF_A_CASE = [
    ("/cases/{case}", Shown.CASE),
    ("/cases/{case}/timeline", Shown.TIMELINE),
    ("/cases/{case}/parties", Shown.PARTIES),
    ("/cases/{case}/property", Shown.PROPERTY),
    ("/cases/{case}/receipt.pdf", Shown.LETTER),
]
OF_A_TEAM = [
    *OF_A_CASE,
    ("/cases/{case}/notes", Shown.NOTES),
    (f"/queues/{TEAM}?limit=200&q=Lokalplan", Shown.QUEUE),
    (f"/queues/{TEAM}?limit=1", Shown.QUEUE),
]
LOOKS: dict[str, list[tuple[str, Shown | None]]] = {
    "karen": [*OF_A_TEAM],
    "lis": [*OF_A_TEAM],
    "erik": [*OF_A_CASE],
    "anna": [(path, None) for path, _ in OF_A_CASE],
    "rikke": [("/audit/cases/{case}/events", Shown.EVENTS), ("/audit/cases/{case}", Shown.EVENTS)],
}


def test_another_teams_case_is_opened_by_saying_why(here: System) -> None:
    case = case_of(here, "anna")
    begun, path = last(here), f"/cases/{case}"
    refused = here.get("erik", path)
    assert (refused.status_code, code(refused)) == (403, "lookup-reason-missing")
    assert rows(here, begun) == []
    until = explain(here, "erik", case).json()["ends_at"]
    assert datetime.fromisoformat(until) == START + timedelta(hours=1)
    assert here.get("erik", path).status_code == 200
    (found,) = here.get("rikke", f"/audit/reads?case={case}&outside=true").json()["rows"]
    told = {name: found[name] for name in ("person", "purpose", "reason", "shown", "is_outside")}
    assert told == REASON | {"person": "staff:erik", "shown": "case", "is_outside": True}
    here.clock.set(START + timedelta(hours=1))
    assert code(here.get("erik", path)) == "lookup-reason-missing"


def test_a_reason_opens_that_case_to_that_person_and_nothing_else(here: System) -> None:
    case, other = case_of(here, "anna"), case_of(here, "anna")
    explain(here, "erik", case)
    assert code(here.get("erik", f"/cases/{other}")) == "lookup-reason-missing"
    assert code(here.get("erik", f"/cases/{case}/notes")) == "not-allowed"
    assert code(here.post("erik", f"/cases/{case}/messages", {"text": "Hej"})) == "not-allowed"
    assert code(explain(here, "rikke", case)) == "not-allowed"
    assert code(explain(here, "anna", case)) == "not-allowed"


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "casework", "reason": "Bare fordi"},
        {"purpose": "audit", "reason": "Bare fordi"},
        {"purpose": "emergency", "reason": ""},
        {"purpose": "emergency"},
    ],
)
def test_a_purpose_is_one_of_those_and_a_reason_is_given(here: System, body: object) -> None:
    case = case_of(here, "anna")
    assert code(explain(here, "erik", case, body)) == "invalid-input"
    assert code(here.get("erik", f"/cases/{case}")) == "lookup-reason-missing"


def test_opening_another_teams_case_is_counted_as_an_alarm(here: System) -> None:
    def alarms() -> float:
        text = here.client.get(f"{here.address}/metrics").text
        counted = 'julelys_cases_opened_outside_total{organisation="hjorring",purpose="covering"} '
        found = [line for line in text.splitlines() if line.startswith(counted)]
        return sum(float(line.removeprefix(counted)) for line in found)

    case, before = case_of(here, "anna"), alarms()
    explain(here, "karen", case)
    assert alarms() == before
    explain(here, "erik", case)
    assert alarms() == before + 1


def test_a_citizen_is_told_who_looked_and_why_but_not_a_name(here: System) -> None:
    case = case_of(here, "anna")
    here.get("karen", f"/cases/{case}")
    here.get("lis", f"/cases/{case}")
    explain(here, "erik", case)
    here.get("erik", f"/cases/{case}/timeline")
    here.get("rikke", f"/audit/cases/{case}/events")
    answer = here.get("anna", f"/cases/{case}/reads")
    told = [each["text"] for each in answer.json()["reads"]]
    assert Counter(told) == Counter(
        [
            "Byggeri & Natur så sagen 2 gange for at behandle sagen.",
            "Ejendomsdata så sagens tidslinje for at hjælpe eller vikariere for en kollega.",
            "Revisionen så sagens forløb for at kontrollere, at alt er gået rigtigt til.",
        ]
    )
    for secret in ("karen", "erik", "rikke", "syg"):
        assert secret not in answer.text
    english = here.get("anna", f"/cases/{case}/reads", headers={"Accept-Language": "en"})
    assert " looked at the case 2 times to deal with the case." in english.text
    assert code(here.get("bo", f"/cases/{case}/reads")) == "case-not-found"


def test_a_search_is_kept_with_what_was_searched_for(here: System) -> None:
    case = case_of(here, "bo")
    begun = last(here)
    here.get("karen", f"/queues/{TEAM}?q=Lokalplan&limit=200&overdue=false")
    here.get("karen", f"/queues/{TEAM}?q=findes-ikke")
    found = here.get("rikke", "/audit/reads?person=staff:karen").json()["rows"]
    of_nothing, of_plan = [row for row in found if row["id"] > begun]
    assert of_plan["criteria"] == {"q": "Lokalplan", "limit": 200, "overdue": False}
    assert case in of_plan["cases"] or here.get("bo", f"/cases/{case}").status_code == 200
    assert (of_nothing["criteria"]["q"], of_nothing["cases"]) == ("findes-ikke", [])


def test_an_auditors_search_is_kept_as_well(here: System) -> None:
    here.get("rikke", "/audit/reads?person=staff:lis&outside=true")
    here.get("rikke", "/audit/reads/spot-check?month=2026-11")
    check, search, *_ = here.get("rikke", "/audit/reads?person=staff:rikke").json()["rows"][1:]
    assert search["criteria"] == {"person": "staff:lis", "outside": True, "limit": 50}
    assert (check["criteria"]["month"], check["shown"]) == ("2026-11", "lookups")


def test_the_log_of_looks_is_read_page_by_page(here: System) -> None:
    case = case_of(here, "anna")
    for _ in range(5):
        here.get("karen", f"/cases/{case}")
    path = f"/audit/reads?case={case}&person=staff:karen&limit=2"
    pages = [here.get("rikke", path).json()]
    while pages[-1]["after"] is not None:
        pages.append(here.get("rikke", f"{path}&after={pages[-1]['after']}").json())
    seen = [row["id"] for page in pages for row in page["rows"]]
    assert (len(seen), len(pages), sorted(seen, reverse=True)) == (5, 3, seen)


def test_a_spot_check_counts_a_month_and_draws_the_same_lot(here: System) -> None:
    here.clock.set(datetime(2027, 3, 31, 23, 59, tzinfo=COPENHAGEN))
    case = case_of(here, "anna")
    for _ in range(20):
        here.get("karen", f"/cases/{case}")
    explain(here, "erik", case)
    for _ in range(3):
        here.get("erik", f"/cases/{case}")
    here.clock.set(datetime(2027, 4, 1, 0, 0, tzinfo=COPENHAGEN))
    here.get("karen", f"/cases/{case}")
    path = "/audit/reads/spot-check?month=2027-03&size=8"
    check = here.get("rikke", path).json()
    assert (check["total"], len(check["sample"])) == (23, 8)
    assert [each["is_outside"] for each in check["sample"]].count(True) == 3
    shares = {(each["team"], each["times"], each["persons"]) for each in check["shares"]}
    assert shares == {(TEAM, 20, 1), ("ejendomsdata", 3, 1)}
    assert here.get("rikke", path).json() == check


def test_what_cannot_be_written_down_is_not_shown(here: System) -> None:
    case = case_of(here, "anna")
    with connected(here) as db:
        db.execute("ALTER TABLE lookup ADD CONSTRAINT no_room CHECK (false) NOT VALID")
        try:
            for path in (f"/cases/{case}", f"/queues/{TEAM}", f"/cases/{case}/timeline/stream"):
                answer = here.get("karen", path)
                assert (answer.status_code, "Lokalplan" in answer.text) == (500, False)
            assert here.get("anna", f"/cases/{case}").status_code == 200
        finally:
            db.execute("ALTER TABLE lookup DROP CONSTRAINT no_room")
    assert here.get("karen", f"/cases/{case}").status_code == 200


def test_looks_are_forgotten_when_their_time_is_up(here: System) -> None:
    case = UUID(case_of(here, "anna"))
    explain(here, "erik", str(case))
    for day in (START, START + timedelta(days=1)):
        here.clock.set(day)
        here.get("karen", f"/cases/{case}")

    def left() -> int:
        return sum(str(case) in cases for _, _, cases in rows(here))

    with connected(here) as db:
        for now, remaining in (
            (datetime(2027, 11, 2, 23, 59, tzinfo=COPENHAGEN), 2),
            (datetime(2027, 11, 3, 0, 0, tzinfo=COPENHAGEN), 1),
            (datetime(2027, 11, 4, 0, 0, tzinfo=COPENHAGEN), 0),
        ):
            while forget_old(db, 12, now):
                pass
            assert left() == remaining, now
        kept = db.execute("SELECT count(*) FROM lookup_reason WHERE case_id = %s", (case,))
        assert kept.fetchone() == (0,)


@pytest.mark.parametrize("language", Language)
def test_there_are_words_for_all_that_is_shown_and_for_every_purpose(language: Language) -> None:
    wanted = {f"shown-{each}" for each in Shown} | {f"purpose-{each}" for each in Purpose}
    assert set(lookup_texts(language)) == wanted | {"once", "times", "auditors"}
