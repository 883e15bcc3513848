"""What somebody submitted can be read in the words of its form, by them and by staff alone."""

from tests.files import PDF
from tests.gateway.running import System, code

IN_ENGLISH = {"Accept-Language": "en"}


def test_answers_are_told_in_the_words_of_the_form(system: System) -> None:
    document = system.upload("anna", "Kort.pdf", PDF)
    answers = {
        "position": "against",
        "concerns": ["traffic", "nature"],
        "response": "Der kommer for mange biler.\nOg støj.",
        "represents": "myself",
    }
    body = {"answers": answers, "about": system.open_hearing(), "documents": [document]}
    made = system.post("anna", "/services/hearing-response/submissions", body)
    assert made.status_code == 201, made.text
    case = made.json()["case"]

    told = [
        answer
        for section in system.get("karen", f"/cases/{case}/answers").json()["sections"]
        for answer in section["answers"]
    ]
    by_field = {each["field"]: each for each in told}
    assert list(by_field) == ["position", "concerns", "response", "represents"]
    assert by_field["response"]["text"] == answers["response"]
    assert by_field["response"]["is_long"] is True
    english = system.get("anna", f"/cases/{case}/answers", headers=IN_ENGLISH).json()
    danish = system.get("anna", f"/cases/{case}/answers").json()
    assert english["sections"][0]["title"] != danish["sections"][0]["title"]


def test_who_joined_a_case_does_not_read_what_another_submitted(system: System) -> None:
    case = system.case("anna")
    joined = system.post(
        "karen", f"/cases/{case}/parties", {"party": "person:bo", "role": "neighbour"}
    )
    assert joined.status_code == 204, joined.text
    assert code(system.get("bo", f"/cases/{case}/answers")) == "case-letter-not-found"
