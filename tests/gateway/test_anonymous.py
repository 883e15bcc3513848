"""Responding to a hearing without saying who one is."""

import base64
import io

import httpx
import pytest
from pypdf import PdfReader

from tests.files import PDF
from tests.gateway.deciding import part, parts
from tests.gateway.running import RESPONSE_ANSWERS, Json, System, code, fields, key

RESPONSES = "/services/hearing-response/submissions"


def body(hearing: str, **more: object) -> Json:
    return {"answers": dict(RESPONSE_ANSWERS), "about": hearing, **more}


@pytest.fixture(scope="module")
def hearing(whole_system: System) -> str:
    return whole_system.open_hearing()


@pytest.fixture(scope="module")
def answer(whole_system: System, hearing: str) -> httpx.Response:
    answer = whole_system.post(None, RESPONSES, body(hearing))
    assert answer.status_code == 201, answer.text
    return answer


@pytest.fixture
def case(answer: httpx.Response) -> str:
    return str(answer.json()["case"])


def events(system: System, case: str) -> list[Json]:
    return parts(system.get("rikke", f"/audit/cases/{case}/events").json(), "events")


def text_of(told: Json) -> str:
    file = io.BytesIO(base64.b64decode(str(told["content"]), validate=True))
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


def test_nobody_known_has_responded(system: System, answer: httpx.Response, case: str) -> None:
    nobody = f"anonymous:{case}"
    opened, *_ = recorded = events(system, case)
    assert {part(each, "envelope")["actor"] for each in recorded} == {nobody}
    assert {part(each, "envelope")["on_behalf_of"] for each in recorded} == {None}
    assert part(opened, "payload")["party"] == nobody
    assert part(opened, "payload")["service_version"] == 2
    assert "Location" not in answer.headers


def test_the_answer_holds_all_there_is_of_a_receipt(answer: httpx.Response) -> None:
    told = answer.json()
    assert told["reference"].startswith("HJO-26-")
    assert any("anonymt svar" in step["text"] for step in told["next_steps"])
    text = text_of(told["receipt_pdf"])
    assert told["reference"] in text
    assert "Anonym" in text
    assert str(RESPONSE_ANSWERS["response"]) in text


def test_the_caseworker_sees_it_as_anonymous(
    system: System, answer: httpx.Response, case: str, hearing: str
) -> None:
    page = system.get("karen", f"/cases/{case}", after=answer).json()
    assert (page["party_name"], page["hearing"]) == ("Anonym", hearing)
    queue = system.get("karen", "/queues/byggeri-natur?limit=200", after=answer).json()
    assert {row["party_name"] for row in queue["rows"] if row["case"] == case} == {"Anonym"}
    english = {"Accept-Language": "en"}
    for headers, name in (({}, "Anonym"), (english, "Anonymous")):
        told = system.get("karen", f"/cases/{case}/timeline", after=answer, headers=headers)
        entries = told.json()["entries"]
        assert entries[0]["by"] == name
    assert system.get(None, f"/hearings/{hearing}", after=answer).json()["responses"] >= 1
    letter = system.get("karen", f"/cases/{case}/receipt.pdf")
    assert letter.status_code == 200


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (None, "login-required"),
        ("anna", "case-not-found"),
        ("tomrer", "case-not-found"),
        ("rikke", "not-allowed"),
        ("vera", "wrong-organisation"),
    ],
)
def test_nobody_else_opens_it(system: System, case: str, person: str | None, expected: str) -> None:
    for path in ("", "/timeline", "/timeline/stream", "/receipt.pdf", "/parties"):
        for posing in ({}, {"Julelys-On-Behalf-Of": f"anonymous:{case}"}):
            refused = system.get(person, f"/cases/{case}{path}", headers=posing)
            assert code(refused) == expected, (path, posing)
    said = system.post(person, f"/cases/{case}/messages", {"text": "Det var mig."})
    assert code(said) == expected
    naming = {"representative": "person:anna", "basis": "guardianship"}
    named = system.post(person, f"/cases/{case}/representatives", naming)
    assert code(named) == ("not-allowed" if expected == "not-allowed" else expected)


def test_it_is_in_nobodys_list(system: System, answer: httpx.Response, case: str) -> None:
    for person in ("anna", "bo", "tomrer"):
        told = system.get(person, "/cases", after=answer).json()
        assert case not in {row["case"] for row in told["cases"]}


def test_who_is_made_a_party_does_not_read_it(system: System, hearing: str) -> None:
    """What it says may tell who wrote it, and nobody can be asked whether they are protected."""
    case = system.respond(None, hearing).json()["case"]
    joined = system.post("karen", f"/cases/{case}/parties", {"party": "person:bo", "role": "owner"})
    assert joined.status_code == 204, joined.text
    page = system.get("bo", f"/cases/{case}", after=joined)
    assert page.json()["party_name"] == "En anden part"
    told = system.get("bo", f"/cases/{case}/timeline", after=joined)
    assert {entry["by"] for entry in told.json()["entries"]} <= {
        "En anden part",
        "Karen Kristensen",
    }
    parties = system.get("bo", f"/cases/{case}/parties")
    for answer in (page, told, parties):
        assert "anonymous:" not in answer.text
        assert str(RESPONSE_ANSWERS["response"]) not in answer.text
    assert code(system.get("bo", f"/cases/{case}/receipt.pdf")) == "case-letter-not-found"
    first, _ = system.get("karen", f"/cases/{case}/parties").json()["parties"]
    assert (first["name"], first["protected"]) == ("Anonym", True)


def test_nothing_is_asked_of_nobody(system: System, case: str) -> None:
    for what, asked in (
        ("messages", {"text": "Hvem er du?"}),
        ("information-requests", {"items": [{"text": "Navn"}], "due_on": "2026-12-24"}),
    ):
        refused = system.post("karen", f"/cases/{case}/{what}", asked)
        assert (refused.status_code, code(refused)) == (409, "party-anonymous")
    appointing = {
        "party": f"anonymous:{case}",
        "representative": "person:bo",
        "basis": "guardianship",
    }
    refused = system.post("karen", f"/cases/{case}/representatives/appoint", appointing)
    assert fields(refused) == {"party": "input-wrong-type"}


def test_who_has_not_logged_in_is_told_to_where_they_must_be_known(
    system: System, hearing: str
) -> None:
    for service in ("building-meeting", "access-request", "complaint-service"):
        refused = system.post(None, f"/services/{service}/submissions", {"answers": {}})
        assert (refused.status_code, code(refused)) == (401, "login-required")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="julelys"'
        assert refused.json()["detail"].startswith("Her skal vi vide, hvem du er. Log ind")
    for_anna = body(hearing, on_behalf_of={"party": "person:anna"})
    assert code(system.post(None, RESPONSES, for_anna)) == "login-required"
    ended = {"Authorization": "Bearer a.b.c"}
    assert code(system.post(None, RESPONSES, body(hearing), headers=ended)) == "token-invalid"
    assert code(system.post(None, "/services/none/submissions", {})) == "service-not-found"


def test_who_has_not_logged_in_sends_no_files(system: System, hearing: str) -> None:
    annas = system.upload("anna", "Skitse.pdf", PDF)
    refused = system.post(None, RESPONSES, body(hearing, documents=[annas]))
    assert fields(refused) == {"documents": "documents-need-login"}
    file = {"file": ("Skitse.pdf", PDF)}
    headers = {"Idempotency-Key": key()}
    unknown = system.client.post(system.url("/documents"), files=file, headers=headers)
    assert code(unknown) == "login-required"


def test_a_key_is_nobodys_alone(system: System, hearing: str) -> None:
    """The same request is the same answer; another's key, and another who is unknown with the same
    one, neither stop nor learn anything.
    """
    same = {"Idempotency-Key": key()}
    first = system.post(None, RESPONSES, body(hearing), headers=same)
    again = system.post(None, RESPONSES, body(hearing), headers=same)
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert again.headers["Julelys-Position"] == first.headers["Julelys-Position"]
    anna = system.post("anna", RESPONSES, body(hearing), headers=same)
    other = body(hearing, answers={**RESPONSE_ANSWERS, "response": "Godt forslag."})
    stranger = system.post(None, RESPONSES, other, headers=same)
    assert anna.status_code == stranger.status_code == 201
    assert len({each.json()["case"] for each in (first, anna, stranger)}) == 3
    assert anna.json()["receipt_pdf"] is None
    (opened, *_) = events(system, str(first.json()["case"]))
    assert same["Idempotency-Key"] not in str(opened["envelope"])


def test_a_mistake_is_told_as_to_anybody(system: System, hearing: str) -> None:
    assert fields(system.post(None, RESPONSES, {"answers": {}, "about": hearing}))
    assert code(system.post(None, RESPONSES, body(str(key())))) == "hearing-not-found"
    without = system.client.post(system.url(RESPONSES), json=body(hearing))
    assert code(without) == "idempotency-key-missing"


def test_the_document_says_that_one_need_not_log_in(system: System) -> None:
    told = system.client.get(f"{system.address}/openapi.json").json()
    path = "/api/v1/{organisation}/services/{service}/submissions"
    assert told["paths"][path]["post"]["security"] == [{}, {"bearer": []}, {"session": []}]
