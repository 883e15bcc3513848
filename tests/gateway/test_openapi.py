"""The OpenAPI document is whole, and no answer is outside it, whatever is sent."""

import json
import re
from itertools import cycle, islice
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway import openapi
from gateway.asked import PREFIX
from services.config import own_environment
from tests.gateway.routes import APP, ROUTES
from tests.gateway.running import System, key
from tests.gateway.test_access import MATRIX, OPEN

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = {
    "nobody": None,
    "own-citizen": "anna",
    "own-company": "tomrer",
    "caseworker": "karen",
    "team-leader": "lis",
    "other-team": "erik",
    "auditor": "rikke",
    "committee-member": "ulla",
    "administrator": "admin",
    "other-organisation": "vera",
}
"""Who sends it, by the names of the access matrix."""

NO_ROUTE = dict.fromkeys(ROLES, "method-not-allowed")

EXAMPLES = int(own_environment().get("JULELYS_TEST_EXAMPLES", "1"))
"""Of each operation beside those that its description gives; `make fuzz` has more, and every case
that follows from a schema: missing, too long, of another kind, by another method."""
turns = cycle(ROLES)

config = schemathesis.Config.from_dict({"seed": 20261123})
config.projects.default.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
config.projects.default.phases.coverage.enabled = EXAMPLES > 1
document = APP.openapi()
schema = schemathesis.openapi.from_dict(document, config=config)
# A stream does not end, so it has tests of its own.
finite = schema.exclude(path_regex="/stream$").include(path_regex="^/api")


@pytest.fixture(scope="session")
def places(whole_system: System) -> dict[str, str]:
    """What there really is; made-up ids would be answered with 404 and nothing else."""
    hearing = whole_system.open_hearing()
    answer = whole_system.respond("anna", hearing)
    return {
        "service": "hearing-response",
        "hearing_id": hearing,
        "document_id": str(UUID(int=1)),
        "team": "byggeri-natur",
        "case_id": answer.json()["case"],
        "companys_case": whole_system.respond("tomrer", hearing).json()["case"],
        "person": "staff:karen",
    }


# Without a parameter of ours all operations would have the same id.
@finite.parametrize()
@pytest.mark.parametrize("people", [2], ids="{} people".format)
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_outside_the_document(
    case: Case,  # type: ignore[type-arg]  # which kind of operation, nothing here asks
    whole_system: System,
    places: dict[str, str],
    people: int,
) -> None:
    # By a method that there is not, too: nobody has a route of that.
    row = MATRIX.get(f"{case.method} {case.path.removeprefix(PREFIX)}", NO_ROUTE)
    for role in islice(turns, people):
        person = ROLES[role]
        own = places | ({"case_id": places["companys_case"]} if role == "own-company" else {})
        case.path_parameters["organisation"] = "hjorring"
        case.path_parameters.update(
            {name: place for name, place in own.items() if name in case.path_parameters}
        )
        headers = whole_system.headers(person) | {"Idempotency-Key": key()}
        if role != "auditor":
            # Each who asks for what no view has yet waits for it.
            case.headers.pop("Julelys-Position", None)
        answer = case.call(base_url=whole_system.address, headers=headers)
        case.validate_response(answer, checks=CHECKS)
        # Whatever else is in it; that may be told first, when it is what the door reads.
        may_be = {OPEN, "lookup-reason-missing"}  # As such a request, too, can say why.
        assert row[role] in may_be or 400 <= answer.status_code < 500, (role, answer.text)
        if row[role] == "login-required":
            assert answer.status_code == 401, (role, answer.text)


def test_every_route_documents_every_code_it_can_answer_with() -> None:
    for name, route in ROUTES.items():
        method, path = name.split(" ")
        operation = document["paths"][PREFIX + path][method.lower()]
        told = " ".join(answer["description"] for answer in operation["responses"].values())
        assert all(f"`{code}`" in told for code in openapi.codes_of(route))
        assert "application/json" not in operation["responses"].get("422", {}).get("content", {})


def test_operations_have_names_of_their_own() -> None:
    names = [
        operation["operationId"]
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if path.startswith("/api")
    ]
    assert len(names) == len(set(names)) == len(ROUTES)


def test_references_lead_somewhere() -> None:
    text = json.dumps(document)
    for name in re.findall(r'"#/components/schemas/(\w+)"', text):
        assert name in document["components"]["schemas"]
