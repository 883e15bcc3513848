"""A case in the hands of one colleague, of nobody, and of another team."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx

from events.ids import ActorId
from services.identity import Role
from services.people import Acquaintance, leave, note
from services.privacy.opening import reading_pool
from services.privacy.person_keys import PersonKeys
from tests.gateway.running import System, code, fields, key, wait_until
from tests.keys import RING

DAYS = {"first_day": "2027-02-01", "last_day": "2027-02-05"}
TO_PROPERTY_DATA = {"team": "ejendomsdata", "reason": "Det er en BBR-rettelse."}


def in_queue(system: System, person: str, team: str, asked: str, after: httpx.Response) -> set[str]:
    answer = system.get(person, f"/queues/{team}?limit=200&{asked}", after=after)
    return {row["case"] for row in answer.json()["rows"]}


def test_a_case_is_assigned_to_a_colleague_of_its_team(system: System) -> None:
    case = system.case("anna")
    for stranger in ("staff:erik", "staff:vera", "person:anna", "staff:nobody"):
        answer = system.post("karen", f"/cases/{case}/assign", {"to": stranger})
        assert fields(answer) == {"to": "input-not-a-colleague"}
    answer = system.post("karen", f"/cases/{case}/assign", {"to": "staff:niels"})
    assert answer.status_code == 200
    queue = system.get("niels", "/queues/byggeri-natur?assigned=me&limit=200", after=answer).json()
    assert case in {row["case"] for row in queue["rows"]}
    unassigned = system.get("niels", "/queues/byggeri-natur?assigned=nobody&limit=200").json()
    assert case not in {row["case"] for row in unassigned["rows"]}


def test_a_colleague_who_has_left_is_given_nothing_until_they_are_back(
    system: System, postgres: str
) -> None:
    case, niels = system.case("anna"), ActorId("staff:niels")
    keys = PersonKeys("hjorring", RING)
    told = Acquaintance(
        person=niels, name="Niels Nielsen", roles=(Role.CASEWORKER,), teams=("byggeri-natur",)
    )

    async def happens(*, logs_in: bool) -> None:
        async with reading_pool(postgres, "hjorring", keys) as pool, pool.connection() as db:
            await (note(db, keys, told) if logs_in else leave(db, niels))

    def assigned() -> httpx.Response:
        return system.post("karen", f"/cases/{case}/assign", {"to": niels})

    def offered() -> set[str]:
        found = system.get("karen", "/teams/byggeri-natur/colleagues").json()
        return {each["person"] for each in found["colleagues"]}

    asyncio.run(happens(logs_in=True))
    assert niels in offered()
    asyncio.run(happens(logs_in=False))
    try:
        wait_until(lambda: assigned().status_code != 200)
        assert fields(assigned()) == {"to": "input-not-a-colleague"}
        assert niels not in offered()
        away = system.post("lis", f"/colleagues/{niels}/absences", DAYS)
        assert code(away) == "colleague-not-found"
        away = system.post("karen", "/colleagues/me/absences", DAYS | {"substitute": niels})
        assert fields(away) == {"substitute": "input-not-a-colleague"}
    finally:
        asyncio.run(happens(logs_in=True))
    wait_until(lambda: assigned().status_code == 200)


def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(system: System) -> None:
    case = system.case("anna")
    with ThreadPoolExecutor(2) as both:
        answers = dict(
            zip(
                ("karen", "niels"),
                both.map(lambda who: system.post(who, f"/cases/{case}/claim"), ("karen", "niels")),
                strict=True,
            )
        )
    (winner,) = (who for who, answer in answers.items() if answer.status_code == 204)
    (loser,) = answers.keys() - {winner}
    assert code(answers[loser]) == "case-assigned-to-another"
    assert answers[loser].json()["assigned_to"] == f"staff:{winner}"
    assert system.post(winner, f"/cases/{case}/claim").status_code == 204


def test_a_released_case_is_for_anyone_in_the_team(system: System) -> None:
    case = system.case("anna")
    system.post("karen", f"/cases/{case}/claim")
    answer = system.post("karen", f"/cases/{case}/release")
    assert answer.status_code == 204
    assert case in in_queue(system, "niels", "byggeri-natur", "assigned=nobody", answer)
    assert system.post("niels", f"/cases/{case}/claim").status_code == 204


def test_a_transferred_case_is_the_new_teams_and_not_the_old_ones_any_more(system: System) -> None:
    case = system.case("anna")
    assert system.post("karen", f"/cases/{case}/claim").status_code == 204
    assert code(system.post("erik", f"/cases/{case}/claim")) == "not-allowed"
    answer = system.post("karen", f"/cases/{case}/transfer", TO_PROPERTY_DATA)
    assert answer.status_code == 204
    assert case in in_queue(system, "erik", "ejendomsdata", "assigned=nobody", answer)
    assert case not in in_queue(system, "karen", "byggeri-natur", "", answer)
    for path, body in (
        ("claim", None),
        ("assign", {"to": "staff:niels"}),
        ("release", None),
        ("close", None),
        ("messages", {"text": "Hej"}),
        ("transfer", TO_PROPERTY_DATA),
    ):
        assert code(system.post("karen", f"/cases/{case}/{path}", body)) == "not-allowed", path
    assert fields(system.post("erik", f"/cases/{case}/assign", {"to": "staff:karen"})) == {
        "to": "input-not-a-colleague"
    }
    assert system.post("erik", f"/cases/{case}/claim").status_code == 204
    assert system.post("erik", f"/cases/{case}/messages", {"text": "Hej"}).status_code == 201
    # Its party is the same wherever it lies, and so is whoever leads both teams.
    assert system.post("anna", f"/cases/{case}/messages", {"text": "Hej"}).status_code == 201
    assert system.post("lis", f"/cases/{case}/release").status_code == 204


def test_the_same_transfer_sent_again_is_answered_the_same(system: System) -> None:
    case = system.case("anna")
    sent = {"Idempotency-Key": key()}
    first = system.post("karen", f"/cases/{case}/transfer", TO_PROPERTY_DATA, headers=sent)
    again = system.post("karen", f"/cases/{case}/transfer", TO_PROPERTY_DATA, headers=sent)
    assert (first.status_code, first.headers["ETag"]) == (204, again.headers["ETag"])
    assert again.status_code == 204
    another = TO_PROPERTY_DATA | {"reason": "En anden."}
    answer = system.post("karen", f"/cases/{case}/transfer", another, headers=sent)
    assert code(answer) == "not-allowed"
    assert code(system.post("niels", f"/cases/{case}/transfer", headers=sent)) == "not-allowed"


def test_a_case_is_transferred_within_the_organisation_and_for_a_reason(system: System) -> None:
    case = system.case("anna")
    elsewhere = TO_PROPERTY_DATA | {"team": "byggeri"}
    answer = system.post("karen", f"/cases/{case}/transfer", elsewhere)
    assert fields(answer) == {"team": "input-not-a-team"}
    blank = TO_PROPERTY_DATA | {"reason": " "}
    answer = system.post("karen", f"/cases/{case}/transfer", blank)
    assert code(answer) == "transfer-reason-missing"


def test_the_party_is_told_which_team_and_colleagues_also_why(system: System) -> None:
    case = system.case("anna")
    answer = system.post("karen", f"/cases/{case}/transfer", TO_PROPERTY_DATA)

    def told(person: str) -> str:
        shown = system.get(person, f"/cases/{case}/timeline", after=answer).json()["entries"]
        return str(next(each["text"] for each in shown if each["kind"] == "transferred"))

    assert told("anna") == "Sagen behandles nu af Ejendomsdata."
    assert told("erik").endswith("Begrundelse: Det er en BBR-rettelse.")
