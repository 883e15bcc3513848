"""Addresses while one types, and the property of a case, over HTTP."""

from tests.gateway.running import System, code, fields, key, without_registers

ALGADE = "00000000-0000-4000-8000-000000000004"


def test_addresses_are_suggested_to_whoever_has_logged_in(system: System) -> None:
    answer = system.get("anna", "/addresses?q=bispensgade 12")
    assert answer.json() == {
        "suggestions": [
            {
                "address": "00000000-0000-4000-8000-000000000002",
                "text": "Bispensgade 12, 1. th, 9800 Hjørring",
            },
            {
                "address": "00000000-0000-4000-8000-000000000003",
                "text": "Bispensgade 12, 1. tv, 9800 Hjørring",
            },
        ],
        "is_answered": True,
    }
    assert fields(system.get("anna", "/addresses")) == {"q": "input-missing"}
    assert fields(system.get("anna", f"/addresses?q={'a' * 201}")) == {"q": "input-too-long"}


def test_a_caseworker_says_which_property_a_case_is_about(system: System) -> None:
    case = system.case("anna")
    path = f"/cases/{case}/property"
    nothing = {"property": None, "source": None, "unclear": None}
    assert system.get("anna", path).json() == nothing
    first = system.post("karen", path, {"bfe": 900000002})
    assert first.status_code == 204
    later = system.post("karen", path, {"address": ALGADE})
    shown = system.get("anna", path, after=later).json()
    assert shown == {
        "property": {
            "text": "Algade 1, 9800 Hjørring",
            "bfe": 900000003,
            "parcels": [{"district": 9990002, "number": "4a"}],
            "address": ALGADE,
            "municipality": "0860",
        },
        "source": "demo",
        "unclear": None,
    }
    told = system.get("anna", f"/cases/{case}/timeline", after=later).json()["entries"]
    assert told[-1]["text"].endswith("Algade 1, 9800 Hjørring (BFE 900000003).")


def test_a_repeat_is_answered_as_before_whatever_the_register_says_now(system: System) -> None:
    path, same = f"/cases/{system.case('anna')}/property", {"Idempotency-Key": key()}
    first = system.post("karen", path, {"bfe": 900000002}, headers=same)
    with without_registers(system) as away:
        again = away.post("karen", path, {"bfe": 900000002}, headers=same)
    assert (again.status_code, again.headers["etag"]) == (204, first.headers["etag"])


def test_a_property_that_is_none_is_told_by_its_field(system: System) -> None:
    path = f"/cases/{system.case('anna')}/property"
    unknown = "00000000-0000-4000-8000-00000000000f"
    assert fields(system.post("karen", path, {"bfe": 7})) == {"bfe": "input-not-in-register"}
    found = system.post("karen", path, {"address": unknown})
    assert fields(found) == {"address": "input-not-in-register"}
    for body in ({}, {"bfe": 900000002, "address": ALGADE}):
        assert fields(system.post("karen", path, body)) == {"address": "input-address-or-bfe"}


def test_what_is_about_a_hidden_first_party_is_not_shown_to_others(system: System) -> None:
    case = system.case("bo")
    system.post("karen", f"/cases/{case}/property", {"bfe": 900000002})
    joined = system.post(
        "karen", f"/cases/{case}/parties", {"party": "person:anna", "role": "owner"}
    )
    path = f"/cases/{case}/property"
    assert system.get("bo", path, after=joined).json()["property"]["bfe"] == 900000002
    assert system.get("anna", path, after=joined).json()["property"] is None


def test_a_register_that_is_away_holds_up_nobody_who_submits(system: System) -> None:
    case = system.case("anna")
    with without_registers(system) as away:
        answer = away.get("anna", "/addresses?q=Algade")
        assert answer.json() == {"suggestions": [], "is_answered": False}
        slot = away.publish_day(slots=1)[0]
        assert away.book("anna", slot).status_code == 201
        refused = away.post("karen", f"/cases/{case}/property", {"bfe": 900000002})
        assert (refused.status_code, code(refused)) == (503, "register-unavailable")
        joining = {"party": "company:99999991", "role": "owner"}
        assert away.post("karen", f"/cases/{case}/parties", joining).status_code == 204
    parties = system.get("karen", f"/cases/{case}/parties").json()["parties"]
    assert [row["protected"] for row in parties] == [True, False]
