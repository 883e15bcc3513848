"""Submitting for another, and acting for several parties of one case, over HTTP."""

from datetime import date

import httpx
import pytest

from services.catalogue.sample import sample_answers
from tests.files import PDF
from tests.gateway.running import System, code, fields, key
from tests.shipped import HJORRING

ANNA, BO, COMPANY = "person:anna", "person:bo", "company:99999991"
FORM = HJORRING.services["access-request"].form
SUBMISSIONS = "/services/access-request/submissions"


def body(represented: object = None) -> dict[str, object]:
    answers = sample_answers(FORM, date(2026, 11, 24))
    return {"answers": answers} | ({} if represented is None else {"on_behalf_of": represented})


def submitted(system: System, person: str, party: str) -> httpx.Response:
    paper = system.upload(person, "Fuldmagt.pdf", PDF)
    answer = system.post(person, SUBMISSIONS, body({"party": party, "document": paper}))
    assert answer.status_code == 201, answer.text
    return answer


def listed(system: System, person: str, after: httpx.Response) -> set[str]:
    rows = system.get(person, "/cases", after=after).json()["cases"]
    return {row["case"] for row in rows}


def envelopes(system: System, case: str) -> list[tuple[str, str | None]]:
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    return [(each["envelope"]["actor"], each["envelope"]["on_behalf_of"]) for each in events]


def test_a_case_that_was_submitted_for_somebody_is_theirs(system: System) -> None:
    answer = submitted(system, "tomrer", ANNA)
    case = answer.json()["case"]
    assert case in listed(system, "anna", answer)
    assert case in listed(system, "tomrer", answer)
    assert code(system.get("bo", f"/cases/{case}")) == "case-not-found"
    (party,) = system.get("karen", f"/cases/{case}/parties").json()["parties"]
    assert party["party"] == ANNA
    (named,) = party["representatives"]
    assert (named["representative"], named["state"]) == (COMPANY, "appointed")
    assert set(envelopes(system, case)) == {("person:tomrer", ANNA)}
    said = system.post("tomrer", f"/cases/{case}/messages", {"text": "Vi rykker for svar."})
    assert said.status_code == 201
    assert envelopes(system, case)[-1] == ("person:tomrer", ANNA)
    ending = {"party": ANNA, "representative": COMPANY}
    assert system.post("anna", f"/cases/{case}/representatives/end", ending).status_code == 204
    assert code(system.get("tomrer", f"/cases/{case}")) == "case-not-found"


def test_who_may_not_submit_for_another_is_told_why(system: System) -> None:
    paper = system.upload("tomrer", "Fuldmagt.pdf", PDF)
    without = system.post("tomrer", SUBMISSIONS, body({"party": ANNA}))
    assert (without.status_code, code(without)) == (409, "power-of-attorney-missing")
    oneself = {"party": COMPANY, "document": paper}
    refused = system.post("tomrer", SUBMISSIONS, body(oneself))
    assert (refused.status_code, code(refused)) == (409, "representative-is-party")
    another = system.upload("bo", "Bos.pdf", PDF)
    foreign = system.post("tomrer", SUBMISSIONS, body({"party": ANNA, "document": another}))
    assert code(foreign) == "document-unknown"
    assert fields(system.post("tomrer", SUBMISSIONS, body({"party": "Anna"}))) == {
        "on_behalf_of.party": "input-wrong-type"
    }


def test_a_service_says_whether_it_takes_representatives(system: System) -> None:
    paper = system.upload("bo", "Fuldmagt.pdf", PDF)
    asked = {"answers": {}, "on_behalf_of": {"party": ANNA, "document": paper}}
    refused = system.post("bo", "/services/building-meeting/submissions", asked)
    assert (refused.status_code, code(refused)) == (403, "representatives-not-accepted")


def test_a_repeat_for_another_party_is_another_request(system: System) -> None:
    paper, same = system.upload("tomrer", "Fuldmagt.pdf", PDF), {"Idempotency-Key": key()}
    first = body({"party": ANNA, "document": paper})
    answer = system.post("tomrer", SUBMISSIONS, first, headers=same)
    assert system.post("tomrer", SUBMISSIONS, first, headers=same).json() == answer.json()
    other = first | {"on_behalf_of": {"party": BO, "document": paper}}
    reused = system.post("tomrer", SUBMISSIONS, other, headers=same)
    assert code(reused) == "idempotency-key-reused"


@pytest.fixture
def shared(system: System) -> str:
    """Anna's case, on which the carpenter acts for Anna and for Bo."""
    case = str(submitted(system, "tomrer", ANNA).json()["case"])
    system.post("karen", f"/cases/{case}/parties", {"party": BO, "role": "owner"})
    appointing = {"party": BO, "representative": COMPANY, "basis": "guardianship"}
    answer = system.post("karen", f"/cases/{case}/representatives/appoint", appointing)
    assert answer.status_code == 204, answer.text
    return case


def test_who_acts_for_several_chooses_for_whom(system: System, shared: str) -> None:
    path, said = f"/cases/{shared}/messages", {"text": "Hej."}
    unclear = system.post("tomrer", path, said)
    assert (unclear.status_code, code(unclear)) == (400, "on-behalf-of-missing")
    for party in (BO, ANNA):
        answer = system.post("tomrer", path, said, headers={"Julelys-On-Behalf-Of": party})
        assert answer.status_code == 201, answer.text
        assert envelopes(system, shared)[-1] == ("person:tomrer", party)
        assert system.get("tomrer", f"/cases/{shared}", after=answer).status_code == 200


def test_nobody_acts_for_whom_they_do_not_represent(system: System, shared: str) -> None:
    path, said = f"/cases/{shared}/messages", {"text": "Hej."}
    for person, party, told in (
        ("tomrer", "person:nina", "not-represented"),
        ("bo", ANNA, "not-represented"),
        ("vera", ANNA, "wrong-organisation"),
    ):
        answer = system.post(person, path, said, headers={"Julelys-On-Behalf-Of": party})
        assert (answer.status_code, code(answer)) == (403, told)
    own = str(submitted(system, "anna", BO).json()["case"])
    hidden = system.post(
        "tomrer", f"/cases/{own}/messages", said, headers={"Julelys-On-Behalf-Of": BO}
    )
    assert (hidden.status_code, code(hidden)) == (404, "case-not-found")


def test_what_is_for_the_first_party_is_not_done_for_another(system: System, shared: str) -> None:
    path = f"/cases/{shared}/withdraw"
    for_bo = system.post("tomrer", path, {}, headers={"Julelys-On-Behalf-Of": BO})
    assert code(for_bo) == "case-not-found"
    for_anna = system.post("tomrer", path, {}, headers={"Julelys-On-Behalf-Of": ANNA})
    assert for_anna.status_code in (200, 204), for_anna.text


def test_the_same_key_for_another_party_is_another_request(system: System, shared: str) -> None:
    path, said, same = f"/cases/{shared}/messages", {"text": "Hej."}, key()
    answers = [
        system.post(
            "tomrer",
            path,
            said,
            headers={"Julelys-On-Behalf-Of": party, "Idempotency-Key": same},
        )
        for party in (ANNA, BO)
    ]
    assert answers[0].status_code == 201
    assert code(answers[1]) == "idempotency-key-reused"
