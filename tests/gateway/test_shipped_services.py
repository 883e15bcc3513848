"""Every service that we ship, from a filled-in form to receipt, next steps and deadlines."""

from collections.abc import Mapping
from typing import Final

import httpx
import pytest

from events.case import CaseKind
from services.catalogue.sample import DOCUMENT, sample_answers
from services.catalogue.service import Audience, ComplaintOver, Service
from tests.files import PDF
from tests.gateway.deciding import EXEMPTION, REFUSAL, done, part, parts
from tests.gateway.running import START, System, fields
from tests.shipped import ORGANISATIONS

TODAY: Final = START.date()
SHIPPED: Final = {
    f"{organisation.id} {service.id}": service
    for organisation in ORGANISATIONS.values()
    for service in organisation.services.values()
    # What is about a hearing, a meeting or a decision has tests of its own.
    if service.kind not in {CaseKind.HEARING_RESPONSE, CaseKind.MEETING}
    and service.complaint_over is not ComplaintOver.DECISION
}


def person_for(service: Service) -> str:
    return "anna" if Audience.CITIZEN in service.who else "tomrer"


def good_answers(system: System, name: str) -> dict[str, object]:
    """Made up by the form; each document that it asks for is uploaded."""
    service, (organisation, _) = SHIPPED[name], name.split()
    answers = sample_answers(service.form, TODAY)
    for field, value in answers.items():
        if value == [DOCUMENT]:
            person = person_for(service)
            answers[field] = [system.upload(person, "Bilag.pdf", PDF, organisation=organisation)]
    return answers


def submit(
    system: System, name: str, answers: Mapping[str, object], **more: object
) -> httpx.Response:
    service, (organisation, _) = SHIPPED[name], name.split()
    path = f"/services/{service.id}/submissions"
    body = {"answers": dict(answers), **more}
    return system.post(person_for(service), path, body, organisation=organisation)


@pytest.mark.parametrize("name", SHIPPED)
def test_good_answers_are_received_with_a_receipt_and_what_comes_next(
    system: System, name: str
) -> None:
    service, (organisation, _) = SHIPPED[name], name.split()
    sent = submit(system, name, good_answers(system, name))

    told = done(sent, 201)
    prefix = ORGANISATIONS[organisation].reference_prefix
    assert str(told["reference"]).startswith(f"{prefix}-26-")
    assert str(told["reference"]) in str(told["receipt"])
    steps = parts(told, "next_steps")
    assert len(steps) == len(service.next_steps)
    days = [str(step["by"]) for step in steps if step["by"] is not None]
    assert days == sorted(days)
    assert all(day > TODAY.isoformat() for day in days)
    assert not any("{" in str(text) for text in (told["receipt"], *(s["text"] for s in steps)))

    path = f"/cases/{told['case']}"
    page = done(system.get(person_for(service), path, organisation=organisation, after=sent), 200)
    assert page["kind"] == service.kind
    due = {str(row["deadline"]): str(row["due_on"]) for row in parts(page, "deadlines")}
    if service.kind is CaseKind.ACCESS_REQUEST:
        # Monday and six working days more: nothing is closed on the way.
        assert due["processing"] == "2026-11-11"
    if service.kind is CaseKind.NOTICE:
        assert due["objection"] in {"2026-11-16", "2026-11-30"}


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_left_out_is_named_field_by_field(system: System, name: str) -> None:
    certain = [asked.field.id for asked in SHIPPED[name].form.questions() if asked.is_certain]
    missing = {f"answers.{field}": "answer-missing" for field in certain}
    assert fields(submit(system, name, {})) == missing


BROKEN: Final = [
    ("hjorring building-permit", "area", 0, "answer-too-small"),
    ("hjorring building-permit", "start", "2026-11-02", "answer-too-early"),
    ("hjorring building-permit", "description", "Carport", "answer-too-short"),
    ("hjorring road-use", "start", "2026-11-15", "answer-too-early"),
    ("hjorring road-use", "length", "6,5", "answer-bad-number"),
    ("hjorring temporary-event", "starts_on", "2026-11-29", "answer-too-early"),
    ("hjorring temporary-event", "days", 43, "answer-too-large"),
    ("hjorring temporary-event", "largest_tent", 50, "answer-too-small"),
    ("hjorring complaint-service", "happened_on", "2026-11-03", "answer-too-late"),
    ("hjorring soil-transport", "volume", "0.5", "answer-too-small"),
    ("hjorring soil-transport", "cadastre", "Hjørring", "answer-bad-cadastre"),
    ("hjorring soil-transport", "moved_on", "2026-10-01", "answer-too-early"),
    ("hjorring demolition", "start", "2026-11-10", "answer-too-early"),
    ("hjorring demolition", "protection", "pretty", "answer-not-an-option"),
    ("hjorring temporary-environmental-activity", "weeks", 200, "answer-too-large"),
    ("hjorring access-request", "description", "Alt", "answer-too-short"),
    ("hjorring party-access", "needed_by", "2026-11-01", "answer-too-early"),
    ("vejle fireworks-permit", "shown_on", "2026-11-15", "answer-too-early"),
    ("vejle fireworks-permit", "begins_at", "om aftenen", "answer-bad-form"),
    ("vejle building-waste", "tonnes", "1,5", "answer-bad-number"),
    ("vejle access-request", "request", "x", "answer-too-short"),
    ("sikkerhedsstyrelsen company-authorisation", "weekly_hours", 20, "answer-too-small"),
    ("sikkerhedsstyrelsen company-authorisation", "approved_on", "2025-10-01", "answer-too-early"),
    ("sikkerhedsstyrelsen temporary-services", "start", "2026-11-09", "answer-too-early"),
    ("sikkerhedsstyrelsen dangerous-product", "description", "Det er farligt", "answer-too-short"),
    ("sikkerhedsstyrelsen access-request", "since", "2026-11-03", "answer-too-late"),
]


@pytest.mark.parametrize(("name", "field", "answer", "code"), BROKEN)
def test_a_broken_answer_is_told_with_its_field_its_code_and_what_to_do(
    system: System, name: str, field: str, answer: object, code: str
) -> None:
    made_up = sample_answers(SHIPPED[name].form, TODAY)
    refused = submit(system, name, made_up | {field: answer})
    assert fields(refused) == {f"answers.{field}": code}
    (error,) = refused.json()["errors"]
    asked = next(each for each in SHIPPED[name].form.fields() if each.id == field)
    assert asked.remedy is None or asked.remedy.da in error["message"]


def test_documents_are_asked_for_by_what_was_answered(system: System) -> None:
    """Land that is mapped needs analyses, a building site its owner's consent; a road does not."""
    name = "hjorring soil-transport"
    answers = good_answers(system, name) | {"is_urgent": False}
    for made_up in ("moved_on", "urgency", "analyses", "has_soil_plan"):
        del answers[made_up]
    road = answers | {"origin": "public-road", "start": "2026-11-02"}
    done(submit(system, name, road), 201)
    mapped = answers | {"origin": "mapped", "has_soil_plan": False, "destination": "reuse"}
    assert fields(submit(system, name, mapped | {"start": "2026-11-03"})) == {
        "answers.analyses": "answer-missing",
        "answers.recipient_consent": "answer-missing",
        "answers.start_after_four_weeks": "answer-missing",
        "answers.start": "answer-not-shown",
    }


def test_copies_on_paper_cost_what_the_law_says(system: System) -> None:
    name = "hjorring access-request"
    answers = good_answers(system, name)
    assert parts(done(submit(system, name, answers), 201), "fees") == []
    paper = answers | {"delivery": "paper", "postal_address": "Algade 1, 9800 Hjørring"}
    first, others = parts(done(submit(system, name, paper), 201), "fees")
    assert (part(first, "amount")["amount"], part(others, "amount")["amount"]) == ("10.00", "1.00")


def test_a_display_is_refused_in_vejle_and_the_decision_complained_of(system: System) -> None:
    """By Vejle's own guidance, its own teams and its own three weeks to forward."""
    name = "vejle fireworks-permit"
    case = str(done(submit(system, name, good_answers(system, name)), 201)["case"])

    def viggo(what: str, body: object, status: int) -> dict[str, object]:
        answer = system.post("viggo", f"/cases/{case}/{what}", body, organisation="vejle")
        return done(answer, status)

    viggo("party-hearing-exemption", EXEMPTION, 204)
    refusal = REFUSAL | {
        "legal_basis": "Fyrværkeribekendtgørelsens § 41",
        "grounds": "Der går heste 60 meter fra pladsen.",
        "appeal": {"name": "fyrvaerkeriloven"},
    }
    decision = viggo("decision", refusal, 201)["decision"]
    viggo(f"decision/{decision}/dispatch", {"channel": "digital-post"}, 200)

    answers = sample_answers(ORGANISATIONS["vejle"].services["decision-complaint"].form, TODAY)
    body = {"about": case, "answers": answers}
    path = "/services/decision-complaint/submissions"
    sent = system.post("tomrer", path, body, organisation="vejle")
    assert sent.status_code == 404, "whose decision it is nobody else may know"
    sent = system.post("anna", path, body, organisation="vejle")
    assert "klage" in str(done(sent, 201)["receipt"])
    page = system.get("anna", f"/cases/{sent.json()['case']}", organisation="vejle", after=sent)
    due = {row["deadline"]: row["due_on"] for row in parts(done(page, 200), "deadlines")}
    assert due["forwarding"] == "2026-11-23"


def test_the_agency_prohibits_what_was_declared_and_names_its_own_ministry(system: System) -> None:
    name = "sikkerhedsstyrelsen temporary-services"
    case = str(done(submit(system, name, good_answers(system, name)), 201)["case"])

    def signe(what: str, body: object) -> httpx.Response:
        url = f"/cases/{case}/{what}"
        return system.post("signe", url, body, organisation="sikkerhedsstyrelsen")

    done(signe("party-hearing-exemption", EXEMPTION), 204)
    prohibition = REFUSAL | {
        "outcome": "prohibited",
        "legal_basis": "Direktiv 2005/36/EF, artikel 7, stk. 4",
        "appeal": {"name": "autorisationsloven"},
    }
    decision = done(signe("decision", prohibition), 201)["decision"]
    sent = signe(f"decision/{decision}/dispatch", {"channel": "self-service"})
    assert done(sent, 200)["appeal_until"] is None
    page = system.get("anna", f"/cases/{case}", organisation="sikkerhedsstyrelsen", after=sent)
    shown = part(done(page, 200), "decision")
    assert (shown["outcome"], part(shown, "appeal")["body"]) == (
        *("prohibited", "Erhvervsministeriet"),
    )
