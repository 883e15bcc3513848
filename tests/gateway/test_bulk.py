"""One action on many cases: every row has an answer of its own, and the same one when repeated."""

from uuid import UUID

import httpx
import pytest

from tests.gateway.running import System, fields, key

QUEUE = "/queues/byggeri-natur"
NOWHERE = str(UUID(int=7))


def ask(
    system: System, person: str, action: str, cases: list[str], sent: str = "", **more: str
) -> httpx.Response:
    body = {"action": action, "cases": cases, **more}
    return system.post(person, f"{QUEUE}/bulk", body, headers={"Idempotency-Key": sent or key()})


def told(answer: httpx.Response) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["outcome"], row["code"]) for row in answer.json()["rows"]]


def test_each_row_is_done_or_refused_by_itself_and_told_the_same_again(system: System) -> None:
    free, theirs, moved = (system.case("anna") for _ in range(3))
    system.post("niels", f"/cases/{theirs}/claim")
    system.post(
        "niels", f"/cases/{moved}/transfer", {"team": "ejendomsdata", "reason": "BBR-rettelse"}
    )
    sent = key()
    cases = [free, theirs, moved, NOWHERE]
    first = ask(system, "karen", "claim", cases, sent)
    assert [row["case"] for row in first.json()["rows"]] == cases
    assert told(first) == [
        ("done", None),
        ("refused", "case-assigned-to-another"),
        ("refused", "not-allowed"),
        ("refused", "case-not-found"),
    ]
    assert "staff:niels" in first.json()["rows"][1]["detail"]

    # What stood in the way is gone, yet what was answered stays answered.
    system.post("niels", f"/cases/{theirs}/release")
    again = ask(system, "karen", "claim", cases, sent)
    assert again.json() == first.json()
    assert again.headers["Julelys-Position"] == first.headers["Julelys-Position"]
    assert told(ask(system, "karen", "claim", [theirs]))[0] == ("done", None)


def test_many_cases_are_assigned_released_and_transferred(system: System) -> None:
    cases = [system.case("anna") for _ in range(3)]
    done = [("done", None)] * 3
    assert told(ask(system, "lis", "assign", cases, to="staff:karen")) == done
    assert told(ask(system, "karen", "release", cases)) == done
    sent = key()
    more = {"team": "ejendomsdata", "reason": "Det er BBR-rettelser."}
    moved = ask(system, "karen", "transfer", cases, sent, **more)
    assert told(moved) == done
    # Karen may not touch them any more, but is told what she did.
    assert ask(system, "karen", "transfer", cases, sent, **more).json() == moved.json()
    assert told(ask(system, "karen", "claim", cases)) == [("refused", "not-allowed")] * 3
    # Lis leads both teams; the cases are in the other one's queue.
    assert told(ask(system, "lis", "claim", cases)) == [("refused", "case-in-another-team")] * 3
    answer = system.get("erik", "/queues/ejendomsdata?limit=200", after=moved)
    assert set(cases) <= {row["case"] for row in answer.json()["rows"]}


def test_closing_many_says_which_may_not_be_closed(system: System) -> None:
    cases = [system.case("anna") for _ in range(2)]
    assert told(ask(system, "karen", "close", cases)) == [("refused", "response-not-answered")] * 2


def test_a_key_is_of_one_request(system: System) -> None:
    first, second = system.case("anna"), system.case("anna")
    sent = key()
    assert told(ask(system, "karen", "claim", [first], sent)) == [("done", None)]
    other = ask(system, "karen", "claim", [first, second], sent)
    assert told(other)[0] == ("refused", "idempotency-key-reused")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"action": "assign"}, {"to": "input-missing"}),
        ({"action": "transfer"}, {"reason": "input-missing", "team": "input-missing"}),
        ({"action": "claim", "to": "staff:karen"}, {"to": "input-unknown-field"}),
        ({"action": "assign", "to": "staff:erik"}, {"to": "input-not-a-colleague"}),
        ({"action": "transfer", "team": "x", "reason": "y"}, {"team": "input-not-a-team"}),
        ({"action": "claim", "cases": []}, {"cases": "input-empty"}),
        ({"action": "claim", "cases": [NOWHERE, NOWHERE]}, {"cases": "input-repeated"}),
        ({"action": "claim", "cases": [NOWHERE] * 201}, {"cases": "input-too-many"}),
        ({"action": "burn"}, {"action": "input-not-an-option"}),
    ],
)
def test_what_makes_no_sense_is_told_by_field(
    system: System, body: dict[str, object], expected: dict[str, str]
) -> None:
    answer = system.post("karen", f"{QUEUE}/bulk", {"cases": [NOWHERE], **body})
    assert fields(answer) == expected


def test_more_cases_than_the_desk_gathers_are_one_request_and_its_commands_say_so(
    system: System,
) -> None:
    hearing = system.open_hearing()
    cases = [str(system.respond("anna", hearing).json()["case"]) for _ in range(70)]
    sent = key()
    assert told(ask(system, "karen", "claim", cases, sent)) == [("done", None)] * 70
    (*_, claimed) = system.get("rikke", f"/audit/cases/{cases[-1]}/events").json()["events"]
    assert (claimed["envelope"]["actor"], claimed["envelope"]["correlation_id"]) == (
        "staff:karen",
        sent,
    )
    assert claimed["envelope"]["command_id"] != sent
