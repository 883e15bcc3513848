"""Receipts and decision letters over HTTP: who gets which, and that they say what was decided."""

from io import BytesIO

import httpx
from pypdf import PdfReader

from tests.gateway.deciding import REFUSAL, Deciding, done, no
from tests.gateway.running import System, code, saved_as


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(page.extract_text() for page in pages).replace("\n", " ")


def test_whoever_submits_can_fetch_the_receipt(system: System) -> None:
    sent = system.respond("anna", system.open_hearing()).json()
    answer = system.get("anna", f"/cases/{sent['case']}/receipt.pdf")
    told = text_of(answer)
    assert sent["reference"] in told
    assert "Næste skridt" in told
    assert "Anna Andersen" in told
    assert saved_as(answer) == f"indsendelse-{sent['reference'].lower()}.pdf"
    assert text_of(system.get("karen", f"/cases/{sent['case']}/receipt.pdf")) == told


def test_the_receipt_is_nobody_elses(system: System) -> None:
    case = system.case("anna")
    assert code(system.get("bo", f"/cases/{case}/receipt.pdf")) == "case-not-found"
    joined = {"party": "person:bo", "role": "neighbour"}
    assert system.post("karen", f"/cases/{case}/parties", joined).status_code == 204
    refused = system.get("bo", f"/cases/{case}/receipt.pdf")
    assert (refused.status_code, code(refused)) == (404, "case-letter-not-found")


def test_a_decision_is_a_letter_once_it_was_sent(town: Deciding) -> None:
    case = town.case("carport-permit")
    done(town.karen(case, "complete"), 204)
    decision = town.refused(case)
    path = f"/cases/{case}/decision/{decision}/letter.pdf"
    assert no(town.system.get("anna", path)) == "case-letter-not-found"
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "self-service"}), 200)
    letter = town.system.get("anna", path)
    reference = str(town.page(case)["reference"]).lower()
    assert saved_as(letter).startswith("afgoerelse-")
    assert reference in saved_as(letter)
    assert saved_as(letter).endswith(".pdf")
    told = text_of(letter)
    assert str(REFUSAL["grounds"]) in told
    assert "Byggeklageenheden" in told

    correction = {"correction": "Matriklen er 11bb.", "restarts_appeal": False}
    done(town.karen(case, f"decision/{decision}/correct", correction), 204)
    assert "Matriklen" not in text_of(town.system.get("anna", path))
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "self-service"}), 200)
    assert "Matriklen er 11bb." in text_of(town.system.get("anna", path))
    unknown = f"/cases/{case}/decision/{case}/letter.pdf"
    assert no(town.system.get("anna", unknown)) == "case-letter-not-found"
