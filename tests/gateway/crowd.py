"""Everybody that there is to be let in or turned away, and two cases for them to be about."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

import httpx
import yaml

from services.config import ROOT, Config
from services.identity import VALID_FOR_SECONDS
from tests.gateway.running import START, System, by_low_logins, key, serving, wait_until
from tests.gateway.tendering import published
from tests.keys import ENVIRONMENT

NOBODY_MADE = str(UUID(int=1))

NEWCOMERS = (
    {"key": "cecilie", "name": "Cecilie Carlsen", "actor": "person:cecilie", "roles": ["citizen"]},
    {"key": "ruth", "name": "Ruth Rasmussen", "actor": "person:ruth", "roles": ["citizen"]},
    {
        "key": "murer",
        "name": "Mona Murer, Murerfirmaet ApS",
        "actor": "person:murer",
        "party": "company:99999983",
        "roles": ["company-representative"],
    },
)
"""Beside those of the demo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Someone who asks of one of the cases; `person` is None for who does not say who they are."""

    person: str | None
    of_company: bool = False
    organisation: str = "hjorring"
    comes: Literal["well", "late", "forged", "unsure"] = "well"


ACTORS: Mapping[str, Member] = {
    "nobody": Member(person=None),
    "own-citizen": Member(person="anna"),
    "joined-party": Member(person="cecilie"),
    "representative": Member(person="ruth"),
    "other-citizen": Member(person="bo"),
    "own-company": Member(person="tomrer", of_company=True),
    "other-company": Member(person="murer", of_company=True),
    "caseworker": Member(person="karen"),
    "team-leader": Member(person="lis"),
    "other-team": Member(person="erik"),
    "other-team-with-reason": Member(person="mette"),
    "other-organisation": Member(person="vera"),
    "auditor": Member(person="rikke"),
    "other-organisations-auditor": Member(person="viola"),
    "committee-member": Member(person="ulla"),
    "administrator": Member(person="admin"),
    "expired": Member(person="anna", comes="late"),
    "forged": Member(person="anna", comes="forged"),
    "own-citizen-elsewhere": Member(person="anna", organisation="vejle"),
    "own-citizen-unsure": Member(person="anna", comes="unsure"),
    "caseworker-unsure": Member(person="karen", comes="unsure"),
    "auditor-unsure": Member(person="rikke", comes="unsure"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """`places` are what stands in the paths of routes, `companys_case` in the place of anna's."""

    system: System
    unsure: System
    expired: str
    places: Mapping[str, str]
    companys_case: str

    def headers(self, member: Member) -> dict[str, str]:
        match member.comes:
            case "late":
                return {"Authorization": f"Bearer {self.expired}"}
            case "forged":
                head, claims, signature = self.expired.split(".")
                return {"Authorization": f"Bearer {head}.{claims}.{signature[::-1]}"}
            case _:
                return self.system.headers(member.person)

    def case_of(self, member: Member) -> str:
        return self.companys_case if member.of_company else self.places["case_id"]

    def ask(self, actor: str, route: str, **kept: str) -> httpx.Response:
        """By a route without a body, which whoever gets past its door is told then."""
        member = ACTORS[actor]
        method, path = route.split(" ")
        places = {**self.places, "case_id": self.case_of(member), **kept}
        headers = self.headers(member) | {"Idempotency-Key": key()}
        if path.endswith("/stream"):
            # Someone let in would stay; a malformed resumption is turned away behind the door.
            headers["Last-Event-ID"] = "x"
        if method != "GET":
            # Where a body may be left out, too, nothing is to come of it.
            headers["Content-Type"] = "text/plain"
        system = self.unsure if member.comes == "unsure" else self.system
        url = system.url(path.format_map(places), member.organisation)
        return system.client.request(method, url, headers=headers)


@contextmanager
def gathered(conninfo: str) -> Iterator[Crowd]:
    """The crowd, in organisations of its own."""
    with tempfile.TemporaryDirectory(prefix="julelys-crowd-") as made:
        folder = Path(made)
        organisations = folder / "organisations"
        shutil.copytree(ROOT / "organisations", organisations)
        _introduce(organisations / "demo-persons.yaml")
        config = Config(
            data=folder / "data",
            database_url=conninfo,
            organisations=organisations,
            host="127.0.0.1",
            port=0,
            demo=True,
            limits="off",
            secrets=ENVIRONMENT,
        )
        with serving(config, conninfo) as system, by_low_logins(system) as unsure:
            wait_until(lambda: system.client.get(f"{unsure.address}/health/ready").is_success)
            yield _with_cases(system, unsure)


def _introduce(path: Path) -> None:
    persons = yaml.safe_load(path.read_text(encoding="utf-8"))
    for each in NEWCOMERS:
        persons.append({"party": each["actor"], **each})
    path.write_text(yaml.safe_dump(persons, allow_unicode=True), encoding="utf-8")


def _with_cases(system: System, unsure: System) -> Crowd:
    system.clock.set(START - timedelta(seconds=VALID_FOR_SECONDS + 1))
    expired = system.identity.token("anna")
    system.clock.set(START)
    hearing = system.open_hearing()
    case = str(system.respond("anna", hearing).json()["case"])
    joining = {"party": "person:cecilie", "role": "co-applicant"}
    appointing = {
        "party": "person:anna",
        "representative": "person:ruth",
        "basis": "guardianship",
    }
    for path, body in (("parties", joining), ("representatives/appoint", appointing)):
        answer = system.post("karen", f"/cases/{case}/{path}", body)
        assert answer.status_code == 204, answer.text
    why = {"purpose": "covering", "reason": "Karen er syg."}
    url = system.url(f"/cases/{case}/lookup-reason")
    assert system.client.put(url, json=why, headers=system.headers("mette")).status_code == 200
    companys = system.respond("tomrer", hearing)
    assert companys.status_code == 201, companys.text
    return Crowd(
        system=system,
        unsure=unsure,
        expired=expired,
        places=places_of(hearing, case, published(system).tender),
        companys_case=str(companys.json()["case"]),
    )


def places_of(hearing: str, case: str, tender: str = NOBODY_MADE) -> dict[str, str]:
    """What stands in the paths of routes: what there is, as far as there is any."""
    made = ("document_id", "notification", "absence_id", "session_id", "request_id", "round_id")
    of_tender = ("sitting_id", "replacement_id", "bid_id")
    return {
        "service": "hearing-response",
        "version": "2",
        "hearing_id": hearing,
        "tender_id": tender,
        "issuer": "mitid",
        "team": "byggeri-natur",
        "date": "2026-12-24",
        "case_id": case,
        "person": "staff:karen",
        "filter": "Mine",
        "deadline": "processing",
        **dict.fromkeys(
            (*made, *of_tender, "decision_id", "inspection_id", "message_id", "point_id"),
            NOBODY_MADE,
        ),
    }
