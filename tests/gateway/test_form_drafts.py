"""A form that was begun is found again by whoever typed it, by nobody else, and for thirty days."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from services.database import connect
from services.form_drafts import KEPT_FOR, sweep_drafts
from tests.gateway.running import START, System, code, fields

FORM = "/me/drafts/building-permit"
TYPED = {"step": 1, "inputs": [{"name": "a.address", "values": ["Algade 1, 'hjørnet' \u202e 👷"]}]}


@pytest.fixture(autouse=True)
def _none_kept(system: System) -> None:
    assert system.config.database_url is not None
    with connect(system.config.database_url, "hjorring") as db:
        db.execute("DELETE FROM draft")


def keep(
    system: System,
    person: str,
    path: str = FORM,
    body: object = None,
    organisation: str = "hjorring",
) -> httpx.Response:
    url, headers = system.url(path, organisation), system.headers(person)
    return system.client.put(url, json=TYPED if body is None else body, headers=headers)


def forget(system: System, person: str, path: str = FORM) -> httpx.Response:
    return system.client.delete(system.url(path), headers=system.headers(person))


def listed(system: System, person: str) -> list[tuple[str, str | None]]:
    rows = system.get(person, "/me/drafts").json()["drafts"]
    return [(row["service"], row["about"]) for row in rows]


def test_what_was_typed_is_there_again_for_whoever_typed_it(system: System) -> None:
    kept = keep(system, "anna").json()
    assert kept["title"] == "Byggetilladelse"
    url = system.address + kept["path"]
    found = system.client.get(url, headers=system.headers("anna")).json()
    for each in (kept, found):
        assert datetime.fromisoformat(each.pop("saved_at")) == START
        assert datetime.fromisoformat(each.pop("kept_until")) == START + KEPT_FOR
    assert found == kept | TYPED | {"documents": []}
    for other in ("bo", "tomrer"):
        assert code(system.get(other, FORM)) == "draft-not-found"
        assert code(forget(system, other)) == "draft-not-found"
        assert listed(system, other) == []
    assert code(system.get("anna", FORM, organisation="vejle")) == "draft-not-found"
    assert forget(system, "anna").status_code == 204
    assert code(system.get("anna", FORM)) == "draft-not-found"


def test_each_matter_has_a_draft_of_its_own_and_the_last_saved_comes_first(
    system: System,
) -> None:
    about = UUID(int=4)
    path = f"/me/drafts/complaint-decision?about={about}"
    keep(system, "anna")
    system.clock.set(START + timedelta(minutes=1))
    keep(system, "anna", path)
    keep(system, "anna", path, {"step": 0, "inputs": []})
    assert listed(system, "anna") == [("complaint-decision", str(about)), ("building-permit", None)]
    assert system.get("anna", path).json()["inputs"] == []
    assert code(system.get("anna", "/me/drafts/complaint-decision")) == "draft-not-found"
    for each in (FORM, path):
        forget(system, "anna", each)
    assert listed(system, "anna") == []


def test_after_thirty_days_it_is_not_shown_and_then_deleted(system: System) -> None:
    keep(system, "anna")
    system.clock.set(START + KEPT_FOR)
    assert code(system.get("anna", FORM)) == "draft-not-found"
    assert listed(system, "anna") == []
    assert system.config.database_url is not None
    with connect(system.config.database_url, "hjorring") as db:
        for day, left in ((START + KEPT_FOR - timedelta(seconds=1), 1), (START + KEPT_FOR, 0)):
            sweep_drafts(db, day)
            assert db.execute("SELECT count(*) FROM draft").fetchall() == [(left,)]


def test_its_documents_are_kept_as_long_as_it_is(system: System) -> None:
    mine, anothers = (system.upload(who, "Plan.txt", b"En plan.") for who in ("anna", "bo"))
    keep(system, "anna", body=TYPED | {"documents": [mine, anothers]})
    system.clock.set(START + timedelta(days=3))
    assert system.get("anna", f"/documents/{mine}").status_code == 200
    assert code(system.get("bo", f"/documents/{anothers}")) == "document-not-found"
    assert system.get("anna", FORM).json()["documents"] == [mine, anothers]
    forget(system, "anna")
    system.clock.set(START + timedelta(days=5))
    assert code(system.get("anna", f"/documents/{mine}")) == "document-not-found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"inputs": [{"name": "", "values": []}]}, "inputs.0.name"),
        ({"inputs": [{"name": "a", "values": ["x" * 20_001]}]}, "inputs.0.values.0"),
        ({"inputs": [], "documents": ["x"]}, "documents.0"),
        ({"inputs": [], "step": -1}, "step"),
        ({}, "inputs"),
    ],
)
def test_what_no_form_could_send_is_refused(system: System, body: object, field: str) -> None:
    assert list(fields(keep(system, "anna", body=body))) == [field]
    assert listed(system, "anna") == []


def test_there_is_a_limit_and_no_draft_of_what_is_not_offered(system: System) -> None:
    paths = [f"/me/drafts/complaint-decision?about={UUID(int=n)}" for n in range(1, 52)]
    answers = [keep(system, "bo", path, {"inputs": []}) for path in paths]
    assert [each.status_code for each in answers] == [200] * 50 + [409]
    assert code(answers[-1]) == "drafts-too-many"
    assert keep(system, "bo", paths[0]).status_code == 200
    for path in paths[:50]:
        assert forget(system, "bo", path).status_code == 204
    assert code(keep(system, "anna", "/me/drafts/none")) == "service-not-found"
