"""Several parties on one case, and who acts for them: what each may see and do over HTTP."""

import asyncio
import json

import httpx
import pytest

from tests.files import PDF
from tests.gateway.running import System, code, fields, wait_until
from tests.gateway.test_live import Listener

ANNA, BO, COMPANY = "person:anna", "person:bo", "company:99999991"


def joined(system: System) -> tuple[str, httpx.Response]:
    """Anna's case, which Bo, whose name and address are protected, has joined as a neighbour."""
    case = system.case("anna")
    answer = system.post("karen", f"/cases/{case}/parties", {"party": BO, "role": "neighbour"})
    assert answer.status_code == 204, answer.text
    return case, answer


def texts(system: System, person: str, case: str, after: httpx.Response) -> list[str]:
    answer = system.get(person, f"/cases/{case}/timeline", after=after)
    assert answer.status_code == 200, answer.text
    return [entry["text"] for entry in answer.json()["entries"]]


def listed(system: System, person: str, after: httpx.Response | None = None) -> set[str]:
    rows = system.get(person, "/cases", after=after).json()["cases"]
    return {row["case"] for row in rows}


def test_a_party_who_joins_finds_the_case_and_writes_on_it(system: System) -> None:
    case, answer = joined(system)
    assert case in listed(system, "bo", answer)
    assert system.get("bo", f"/cases/{case}", after=answer).status_code == 200
    said = system.post("bo", f"/cases/{case}/messages", {"text": "Jeg bor Hemmeligvej 7."})
    assert said.status_code == 201
    assert "Jeg bor Hemmeligvej 7." in texts(system, "bo", case, said)
    assert "Jeg bor Hemmeligvej 7." in texts(system, "karen", case, said)
    shown = json.dumps(system.get("anna", f"/cases/{case}/timeline").json(), ensure_ascii=False)
    assert "Hemmeligvej" not in shown
    assert "Bo Bertelsen" not in shown
    assert "navn og adresse er beskyttet" in shown


def test_the_matter_stays_that_of_the_one_who_raised_it(system: System) -> None:
    case, _ = joined(system)
    for path in ("withdraw", "reschedule"):
        body = {"slot": "byggeri-natur.2026-12-24.0900-1"} if path == "reschedule" else {}
        assert code(system.post("bo", f"/cases/{case}/{path}", body)) == "case-not-found"
    refused = system.post("karen", f"/cases/{case}/parties/remove", {"party": ANNA})
    assert code(refused) == "party-is-first"


def test_whoever_is_removed_sees_nothing_from_then_on(system: System) -> None:
    case, answer = joined(system)
    assert case in listed(system, "bo", answer)
    gone = system.post("karen", f"/cases/{case}/parties/remove", {"party": BO})
    assert gone.status_code == 204
    # Whatever the views know of it yet.
    assert case not in listed(system, "bo")
    for path in ("", "/timeline", "/parties", "/timeline/stream"):
        found = system.get("bo", f"/cases/{case}{path}")
        assert (found.status_code, code(found)) == (404, "case-not-found")
    assert code(system.post("bo", f"/cases/{case}/messages", {"text": "Hej"})) == "case-not-found"


def test_documents_of_a_protected_party_are_not_there_for_the_others(system: System) -> None:
    case, _ = joined(system)
    document = system.upload("bo", "Hemmeligvej 7.pdf", PDF)
    sent = system.post("bo", f"/cases/{case}/documents", {"documents": [document]})
    assert sent.status_code == 201
    path = f"/cases/{case}/documents/{document}"
    for person, status in (("bo", 200), ("karen", 200), ("anna", 404)):
        shown = system.get(person, f"/cases/{case}", after=sent).json()["documents"]
        assert bool(shown) is (status == 200)
        assert system.get(person, path, after=sent).status_code == status
    open_now = system.post(
        "karen", f"/cases/{case}/parties/protection", {"party": BO, "protected": False}
    )
    assert system.get("anna", path, after=open_now).content == PDF


def test_the_first_party_is_hidden_from_others_when_protected(system: System) -> None:
    answer = system.book("bo", system.publish_day(slots=1)[0])
    case = answer.json()["case"]
    joining = {"party": ANNA, "role": "neighbour"}
    done = system.post("karen", f"/cases/{case}/parties", joining)
    assert done.status_code == 204
    for path in (f"/cases/{case}", f"/cases/{case}/timeline", f"/cases/{case}/parties", "/cases"):
        shown = system.get("anna", path, after=done)
        assert shown.status_code == 200, shown.text
        assert case in shown.text or path.endswith(("/timeline", "/parties"))
        text = shown.text
        if path == "/cases":
            # Her own cases may well be about the same address.
            text = str([row for row in shown.json()["cases"] if row["case"] == case])
        for marker in (BO, "Bo Bertelsen", "Bispensgade"):
            assert marker not in text, path
    assert "Bispensgade" in system.get("bo", f"/cases/{case}", after=done).text
    assert code(system.get("anna", f"/cases/{case}/meeting.ics", after=done)) == "meeting-not-found"


def test_a_power_of_attorney_is_proposed_confirmed_and_taken_back(system: System) -> None:
    case, _ = joined(system)
    paper = system.upload("bo", "Fuldmagt.pdf", PDF)
    proposal = {"representative": COMPANY, "basis": "power-of-attorney", "document": paper}
    proposed = system.post("bo", f"/cases/{case}/representatives", proposal)
    assert proposed.status_code == 204, proposed.text
    assert code(system.get("tomrer", f"/cases/{case}")) == "case-not-found"
    assert case not in listed(system, "tomrer", proposed)

    between = {"party": BO, "representative": COMPANY}
    appointed = system.post(
        "karen",
        f"/cases/{case}/representatives/appoint",
        between | {"basis": "power-of-attorney"},
    )
    assert appointed.status_code == 204, appointed.text
    assert case in listed(system, "tomrer", appointed)
    said = system.post("tomrer", f"/cases/{case}/messages", {"text": "På Bos vegne."})
    assert said.status_code == 201
    assert "På Bos vegne." in texts(system, "bo", case, said)
    assert "På Bos vegne." not in texts(system, "anna", case, said)
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    wrote = [each for each in events if each["name"].startswith("case.party-wrote")][-1]
    assert wrote["envelope"]["actor"] == "person:tomrer"
    assert wrote["envelope"]["on_behalf_of"] == BO
    # Nobody passes on what was entrusted to them, and the paper is between Bo and the authority.
    handed_on = system.post("tomrer", f"/cases/{case}/representatives", proposal)
    assert code(handed_on) == "case-not-found"
    assert system.get("anna", f"/cases/{case}/documents/{paper}", after=said).status_code == 404

    assert code(system.post("anna", f"/cases/{case}/representatives/end", between)) == "not-allowed"
    ended = system.post("bo", f"/cases/{case}/representatives/end", between)
    assert ended.status_code == 204
    assert code(system.get("tomrer", f"/cases/{case}")) == "case-not-found"


def test_the_list_of_parties_shows_each_what_it_may_know(system: System) -> None:
    case, _ = joined(system)
    proposal = {"representative": COMPANY, "basis": "guardianship"}
    assert system.post("bo", f"/cases/{case}/representatives", proposal).status_code == 204
    found = {
        person: system.get(person, f"/cases/{case}/parties").json()["parties"]
        for person in ("karen", "bo", "anna")
    }
    assert [row["party"] for row in found["karen"]] == [ANNA, BO]
    assert [row["protected"] for row in found["karen"]] == [False, True]
    assert found["karen"][1]["representatives"][0]["state"] == "proposed"
    assert found["bo"][1]["representatives"][0]["representative"] == COMPANY
    assert found["bo"][1]["protected"] is None
    assert [(row["party"], row["name"]) for row in found["anna"]] == [
        (ANNA, "Anna Andersen"),
        ("hidden:party", "En anden part"),
    ]
    assert found["anna"][1]["representatives"] == []


def test_a_stream_ends_when_the_right_to_it_does(system: System) -> None:
    case, answer = joined(system)
    known = len(texts(system, "bo", case, answer))
    listener = Listener(system, "bo", case)

    async def run() -> None:
        listening = asyncio.create_task(listener.listen(seconds=20))
        await asyncio.to_thread(wait_until, lambda: len(listener.texts) == known)
        body = {"party": BO}
        await asyncio.to_thread(system.post, "karen", f"/cases/{case}/parties/remove", body)
        said = await asyncio.to_thread(
            system.post, "anna", f"/cases/{case}/messages", {"text": "Nu er vi alene."}
        )
        await asyncio.to_thread(texts, system, "anna", case, said)
        # It ends by itself: nothing of what came after was sent.
        await listening

    asyncio.run(run())
    assert "Nu er vi alene." not in listener.texts
    assert len(listener.texts) == known


def test_a_stream_withholds_from_the_moment_it_is_told_to(system: System) -> None:
    case, answer = joined(system)
    shown = system.post(
        "karen", f"/cases/{case}/parties/protection", {"party": BO, "protected": False}
    )
    known = len(texts(system, "anna", case, shown))
    listener = Listener(system, "anna", case)

    async def run() -> None:
        listening = asyncio.create_task(listener.listen(entries=known + 2, seconds=20))
        for text, protected in (("Åbent", None), ("Lukket", True)):
            if protected is not None:
                # What is told while it may still be known is told as it is.
                async with asyncio.timeout(20):
                    while "Åbent" not in listener.texts:  # noqa: ASYNC110 - it tells nobody
                        await asyncio.sleep(0.02)
                body = {"party": BO, "protected": protected}
                path = f"/cases/{case}/parties/protection"
                await asyncio.to_thread(system.post, "karen", path, body)
            await asyncio.to_thread(system.post, "bo", f"/cases/{case}/messages", {"text": text})
        await listening

    asyncio.run(run())
    assert answer.status_code == 204
    assert listener.texts[-2] == "Åbent"
    assert "Lukket" not in listener.texts[-1]
    assert "beskyttet" in listener.texts[-1]


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("parties", {"party": "bo", "role": "neighbour"}, {"party": "input-wrong-type"}),
        ("parties", {"party": BO, "role": "friend"}, {"role": "input-not-an-option"}),
        (
            "representatives/appoint",
            {"party": BO},
            {"representative": "input-missing", "basis": "input-missing"},
        ),
    ],
)
def test_a_bad_field_is_named(
    system: System, path: str, body: dict[str, object], problem: dict[str, str]
) -> None:
    case = system.case("anna")
    assert fields(system.post("karen", f"/cases/{case}/{path}", body)) == problem
