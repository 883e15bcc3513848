"""Addresses while one types, and the property of a case, over HTTP."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from services.config import ROOT
from services.core import Core, open_core
from services.privacy.opening import reading_connection
from services.registers.demo import demo_registers
from services.registers.finding import Finder
from tests.gateway.running import System, code, fields, key, without_registers
from tests.keys import RING
from tests.shipped import HJORRING

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
    nothing = {"property": None, "source": None, "is_verified": False, "unclear": None}
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
        "is_verified": True,
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
    words = {"text": "Bispensgade"}
    assert fields(system.post("karen", path, words)) == {"text": "input-several-in-register"}
    words = {"text": "Findesikke 4"}
    assert fields(system.post("karen", path, words)) == {"text": "input-not-in-register"}
    for body in ({}, {"bfe": 900000002, "address": ALGADE}, words | {"bfe": 900000002}):
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
        # Of an address by its id alone nobody could read which it is.
        refused = away.post("karen", f"/cases/{case}/property", {"address": ALGADE})
        assert (refused.status_code, code(refused)) == (503, "register-unavailable")
        joining = {"party": "company:99999991", "role": "owner"}
        assert away.post("karen", f"/cases/{case}/parties", joining).status_code == 204
    parties = system.get("karen", f"/cases/{case}/parties").json()["parties"]
    assert [row["protected"] for row in parties] == [True, False]


@dataclass(frozen=True, slots=True)
class Finding:
    """What waits for a register is looked up, as the worker does it, and the register answers."""

    core: Core
    finder: Finder

    def look(self) -> dict[str, str]:
        """The header that has a view wait for what was found."""
        core = self.core
        with reading_connection(core.conninfo, core.name, core.keys) as db:
            asyncio.run(self.finder.round(db))
        return {"Julelys-Position": str(self.core.store.safe_position())}


@pytest.fixture
def finding(postgres: str) -> Iterator[Finding]:
    organisation = HJORRING
    with open_core(postgres, organisation, RING) as core:
        registers = demo_registers(ROOT / "organisations")
        yield Finding(core, Finder(organisation, core.store, core.desk, registers))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"bfe": 900000003}, "BFE 900000003"),
        ({"address": ALGADE, "text": "Algade 1, Hjørring"}, "Algade 1, Hjørring"),
        ({"text": "Algade 1"}, "Algade 1"),
    ],
)
def test_what_is_said_while_the_register_is_away_is_kept_and_verified_later(
    system: System, finding: Finding, said: dict[str, object], shown: str
) -> None:
    path = f"/cases/{system.case('anna')}/property"
    system.post("karen", path, {"bfe": 900000002})
    with without_registers(system) as away:
        stated = away.post("karen", path, said)
    assert stated.status_code == 204
    page = system.get("anna", path, after=stated).json()
    assert (page["property"]["text"], page["source"], page["is_verified"]) == (shown, None, False)
    timeline = path.replace("property", "timeline")
    told = system.get("anna", timeline, after=stated).json()["entries"]
    assert told[-1]["text"].startswith(f"Sagen handler om ejendommen {shown}. Registret har ikke")

    found = finding.look()

    told = system.get("karen", timeline, headers=found).json()["entries"]
    page = system.get("anna", path, headers=found).json()
    assert (page["property"]["bfe"], page["source"], page["is_verified"]) == (
        *(900000003, "demo", True),
    )
    assert re.search(r"\bBFE 900000003\)?\.$", told[-1]["text"])
