"""What a queue is asked for, at once and by a filter that is saved."""

import pytest

from tests.gateway.running import System, code, fields

QUEUE = "/queues/byggeri-natur"


def cases(system: System, asked: str) -> set[str]:
    answer = system.get("karen", f"{QUEUE}?limit=200&{asked}")
    assert answer.status_code == 200, answer.text
    return {row["case"] for row in answer.json()["rows"]}


def put(system: System, person: str, name: str, body: object) -> str | dict[str, object]:
    answer = system.client.put(
        system.url(f"/me/filters/{name}"), json=body, headers=system.headers(person)
    )
    return code(answer) if answer.is_error else dict(answer.json())


def test_a_queue_is_asked_by_service_status_and_whose_turn_it_is(system: System) -> None:
    case = system.case("anna")
    told = system.post("karen", f"/cases/{case}/messages", {"text": "Hvad mener du?"})
    system.get("karen", QUEUE, after=told)
    assert case in cases(system, "service=hearing-response&waiting_for=party&status=open")
    assert case in cases(system, "overdue=false")
    for asked in (
        "service=building-meeting",
        "waiting_for=caseworker",
        "status=closed",
        "overdue=true",
    ):
        assert case not in cases(system, asked)
    gone = system.post("anna", f"/cases/{case}/withdraw")
    system.get("karen", QUEUE, after=gone)
    assert case in cases(system, "status=withdrawn")
    assert case not in cases(system, "")


@pytest.mark.parametrize(
    ("person", "name"), [("anna", "Anna Andersen"), ("tomrer", "Vendsyssel Tømrerforretning ApS")]
)
def test_a_row_says_what_to_call_its_party(system: System, person: str, name: str) -> None:
    answer = system.respond(person, system.open_hearing())
    case = answer.json()["case"]
    queue = system.get("karen", f"{QUEUE}?limit=200", after=answer).json()["rows"]
    own = system.get(person, "/cases", after=answer).json()["cases"]
    assert [row["party_name"] for row in (*queue, *own) if row["case"] == case] == [name, name]


def test_a_queue_is_asked_by_property_which_a_caseworker_may_correct(system: System) -> None:
    # Other tests of the same system have cases there too.
    before = cases(system, "property=900000001") | cases(system, "property=900000004")
    one, other = system.case("anna"), system.case("bo")
    for bfe, case in ((900000001, one), (900000001, other), (900000004, other)):
        told = system.post("karen", f"/cases/{case}/property", {"bfe": bfe})
        system.get("karen", QUEUE, after=told)
    assert cases(system, "property=900000001") - before == {one}
    assert cases(system, "property=900000004&status=open") - before == {other}
    query = {"property": 900000004}
    saved = put(system, "karen", "Marken", {"team": "byggeri-natur", "query": query})
    assert isinstance(saved, dict)
    assert (saved["query"], saved["path"]) == (query, f"/api/v1/hjorring{QUEUE}?property=900000004")


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ("property=Algade", "property", "input-wrong-type"),
        ("status=gone", "status", "input-not-an-option"),
        ("waiting_for=godot", "waiting_for", "input-not-an-option"),
        ("overdue=perhaps", "overdue", "input-wrong-type"),
        ("colour=red", "colour", "input-unknown-field"),
    ],
)
def test_a_saved_filter_is_checked_as_the_queue_is(
    system: System, asked: str, field: str, told: str
) -> None:
    assert fields(system.get("karen", f"{QUEUE}?{asked}")) == {field: told}
    name, _, value = asked.partition("=")
    answer = system.client.put(
        system.url("/me/filters/x"),
        json={"team": "byggeri-natur", "query": {name: value}},
        headers=system.headers("karen"),
    )
    assert fields(answer) == {f"query.{field}": told}


def test_a_saved_filter_leads_to_the_queue_so_asked_for(system: System) -> None:
    query = {"assigned": "me", "overdue": False, "q": "Østervrå & Omegn"}
    body = {"team": "byggeri-natur", "query": query}
    saved = put(system, "karen", "Mine egne", body)
    assert isinstance(saved, dict)
    assert (saved["name"], saved["query"]) == ("Mine egne", query)
    assert system.get("karen", "/me/filters/Mine%20egne").json() == saved
    found = system.client.get(f"{system.address}{saved['path']}", headers=system.headers("karen"))
    assert found.status_code == 200
    # Saved again, it is another; somebody else's of that name is theirs.
    put(system, "karen", "Mine egne", body | {"query": {"status": "closed"}})
    assert system.get("karen", "/me/filters/Mine%20egne").json()["query"] == {"status": "closed"}
    assert code(system.get("niels", "/me/filters/Mine%20egne")) == "filter-not-found"


def test_filters_are_listed_by_name_and_forgotten(system: System) -> None:
    body = {"team": "byggeri-natur", "query": {}}
    for name in ("b", "a"):
        put(system, "niels", name, body)
    listed = system.get("niels", "/me/filters").json()["filters"]
    assert [each["name"] for each in listed] == ["a", "b"]
    for expected in (204, 404):
        answer = system.client.delete(system.url("/me/filters/a"), headers=system.headers("niels"))
        assert answer.status_code == expected
    listed = system.get("niels", "/me/filters").json()["filters"]
    assert [each["name"] for each in listed] == ["b"]


def test_filters_have_a_limit_a_name_and_a_team_of_ones_own(system: System) -> None:
    body = {"team": "ejendomsdata", "query": {}}
    for number in range(50):
        assert isinstance(put(system, "erik", f"n{number}", body), dict)
    assert put(system, "erik", "one more", body) == "filters-too-many"
    assert isinstance(put(system, "erik", "n0", body), dict)
    assert put(system, "erik", "n%00", body) == "filter-name-invalid"
    assert put(system, "erik", "n" * 61, body) == "filter-name-invalid"
    assert put(system, "erik", "n0", body | {"team": "byggeri-natur"}) == "not-allowed"
    assert put(system, "erik", "n0", body | {"team": "nowhere"}) == "team-not-found"
