"""Redacted copies: who put them there and why, and who gets the copy instead of the original."""

from tests.files import PDF, pdf
from tests.gateway.running import System, code

REDACTED = pdf("(uden navne)")
COPY = {"reason": "Naboens navn er udeladt."}


def with_neighbour(system: System) -> str:
    """Anna's case, which the carpenters, whose address anybody may know, have joined."""
    case = system.case("anna")
    for path, more in (("", {"role": "neighbour"}), ("/protection", {"protected": False})):
        body = {"party": "company:99999991", **more}
        assert system.post("karen", f"/cases/{case}/parties{path}", body).status_code == 204
    shown = {"party": "person:anna", "protected": False}
    assert system.post("karen", f"/cases/{case}/parties/protection", shown).status_code == 204
    return case


def sent(system: System, case: str, person: str, name: str = "Indsigelse.pdf") -> str:
    document = system.upload(person, name, PDF)
    added = system.post(person, f"/cases/{case}/documents", {"documents": [document]})
    assert added.status_code == 201, added.text
    return document


def test_the_copy_stands_beside_its_original_with_who_when_and_why(system: System) -> None:
    case = with_neighbour(system)
    original = sent(system, case, "tomrer")
    copy = system.upload("karen", "uden navne.pdf", REDACTED)
    done = system.post(
        "karen", f"/cases/{case}/documents/{original}/redacted", COPY | {"document": copy}
    )
    assert done.status_code == 201, done.text
    assert done.json()["id"] == copy
    first, second = system.get("karen", f"/cases/{case}", after=done).json()["documents"]
    assert (first["id"], first["redacts"]) == (original, None)
    assert second["redacts"] == {
        "document": original,
        "by": "Karen Kristensen",
        "at": second["redacts"]["at"],
        "reason": "Naboens navn er udeladt.",
    }
    for person, names in {
        "karen": ["Indsigelse.pdf", "uden navne.pdf"],
        "tomrer": ["Indsigelse.pdf", "uden navne.pdf"],
        "anna": ["uden navne.pdf"],
    }.items():
        found = system.get(person, f"/cases/{case}", after=done).json()["documents"]
        assert [each["name"] for each in found] == names
        told = system.get(person, f"/cases/{case}/timeline", after=done)
        assert ("Indsigelse.pdf" in told.text) is (len(names) == 2)
        answer = system.get(person, f"/cases/{case}/documents/{original}", after=done)
        assert answer.status_code == (200 if len(names) == 2 else 404)
        redacted = system.get(person, f"/cases/{case}/documents/{copy}", after=done)
        assert redacted.content == REDACTED


def test_what_the_authority_sent_stays_with_the_one_whose_matter_it_is(system: System) -> None:
    case = with_neighbour(system)
    original = sent(system, case, "karen", "Udtalelse.pdf")
    body = COPY | {"document": system.upload("karen", "uden navne.pdf", REDACTED)}
    done = system.post("karen", f"/cases/{case}/documents/{original}/redacted", body)
    path = f"/cases/{case}/documents/{original}"
    assert system.get("anna", path, after=done).status_code == 200
    assert code(system.get("tomrer", path, after=done)) == "document-not-found"


def test_a_copy_has_a_reason_and_an_original_on_the_case(system: System) -> None:
    case = system.case("anna")
    original = sent(system, case, "anna")
    body = COPY | {"document": system.upload("karen", "uden navne.pdf", REDACTED)}
    path = f"/cases/{case}/documents/{original}/redacted"
    assert code(system.post("karen", path, body | {"reason": " "})) == "reason-missing"
    assert code(system.post("anna", path, body)) == "not-allowed"
    elsewhere = path.replace(original, case)
    assert code(system.post("karen", elsewhere, body)) == "document-not-on-case"
    assert code(system.post("karen", path, body | {"document": original})) == "document-unknown"
    assert system.post("karen", path, body).status_code == 201
    assert code(system.post("karen", path, body)) == "document-already-added"
