"""What a service says of itself, and documents that its form asks for by name."""

from pathlib import Path

from tests.gateway.running import RESPONSE_ANSWERS, System, fields
from tests.gateway.towns import Town, town

PLAN = b"Skellet er to meter fra muren."
MORE = """
    - title: {da: Bilag, en: Attachments}
      fields:
        - id: has_plan
          type: yes-no
          required: true
          label: {da: "Har du en plan?", en: "Do you have a plan?"}
        - id: site_plan
          type: documents
          required: true
          at_most: 2
          label: {da: Situationsplan, en: Site plan}
          help: {da: Den viser skellet., en: It shows the boundary.}
          shown_when: {field: has_plan, is: yes}
        - id: case_number
          type: text
          pattern: "[A-Z]{2}-[0-9]{4}"
          remedy: {da: "Skriv det som AB-1234.", en: "Write it as AB-1234."}
          label: {da: Sagsnummer, en: Case number}
"""
FEES = """
who: [citizen, company, representative]
fees:
  - what: {da: Behandling, en: Handling}
    amount: 950
    per: {da: time, en: hour}
    basis: Byggelovens § 28
  - what: {da: Tilsyn, en: Inspection}
    amount: 120.50
    basis: Byggelovens § 28
    when: [{field: has_plan, is: yes}]
appeals: [byggeloven, offentlighedsloven]
"""


def write_service(own: Town) -> None:
    service = own.read("hearing-response", 2).replace("version: 2", "version: 3")
    begins = service.index("documents:\n")
    service = service[:begins].rstrip() + MORE + service[begins:]
    service = service.replace("who: [citizen, company, anonymous]\n", FEES.lstrip())
    own.write("hearing-response", 3, service)


def test_a_service_of_ones_own_asks_for_documents_and_shows_what_it_costs(
    tmp_path: Path, database: str
) -> None:
    own = town(tmp_path, database)
    write_service(own)
    with own.running() as system:
        shows_all_that_is_known_beforehand(system)
        asks_for_what_is_missing(system)
        takes_the_document_by_name(system)


def shows_all_that_is_known_beforehand(system: System) -> None:
    english = {"Accept-Language": "en"}
    told = system.get(None, "/services/hearing-response", headers=english).json()
    assert told["version"] == 3
    assert told["who"] == ["citizen", "company", "representative"]
    assert told["documents"]["asked_for"] == [
        {
            "field": "site_plan",
            "what": "Site plan",
            "why": "It shows the boundary.",
            "required": True,
            "at_most": 2,
            "depends_on_answers": True,
        }
    ]
    assert told["fees"] == [
        {
            "what": "Handling",
            "amount": {"amount": "950.00", "currency": "DKK"},
            "per": "hour",
            "basis": "Byggelovens § 28",
            "depends_on_answers": False,
        },
        {
            "what": "Inspection",
            "amount": {"amount": "120.50", "currency": "DKK"},
            "per": None,
            "basis": "Byggelovens § 28",
            "depends_on_answers": True,
        },
    ]
    target = told["processing_target"]
    assert (target["days"], target["unit"], target["counted_from"]) == (
        *(40, "working-days"),
        "hearing-closes",
    )
    building, access = told["appeals"]
    assert (building["body"], building["days"]) == ("The Building Appeals Unit, Nævnenes Hus", 28)
    assert (access["days"], access["unit"]) == (None, None)
    assert told["form"]["properties"]["site_plan"]["maxItems"] == 2


def asks_for_what_is_missing(system: System) -> None:
    body = {"answers": dict(RESPONSE_ANSWERS) | {"has_plan": True}, "about": system.open_hearing()}
    answer = system.post("anna", "/services/hearing-response/submissions", body)
    assert fields(answer) == {"answers.site_plan": "answer-missing"}
    body["answers"] = dict(RESPONSE_ANSWERS) | {"has_plan": True, "site_plan": ["../etc"]}
    answer = system.post("anna", "/services/hearing-response/submissions", body)
    assert fields(answer) == {"answers.site_plan": "answer-bad-document"}
    body["answers"] = dict(RESPONSE_ANSWERS) | {"has_plan": False, "case_number": "1234"}
    answer = system.post("anna", "/services/hearing-response/submissions", body)
    (error,) = answer.json()["errors"]
    assert error["code"] == "answer-bad-form"
    assert error["message"].endswith("Skriv det som AB-1234.")


def takes_the_document_by_name(system: System) -> None:
    plan, other = (system.upload("anna", f"{name}.txt", PLAN) for name in ("plan", "other"))
    answers = dict(RESPONSE_ANSWERS) | {"has_plan": True, "site_plan": [plan]}
    # The plan is sent along as well, as a client might; it is one document.
    body = {"answers": answers, "documents": [other, plan], "about": system.open_hearing()}
    answer = system.post("anna", "/services/hearing-response/submissions", body)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert [fee["amount"]["amount"] for fee in told["fees"]] == ["950.00", "120.50"]
    case = system.get("anna", f"/cases/{told['case']}", after=answer).json()
    assert [document["id"] for document in case["documents"]] == [plan, other]
