"""A town that decides: applications, notices, complaints and access, and its clockwork by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from services.catalogue.loading import load
from services.clock import COPENHAGEN
from services.clockwork import CLOCK, CONCLUSIONS, carry_out, due_now
from services.core import Core, open_core
from services.database import connect
from tests.files import PDF
from tests.gateway.running import START, Json, System, code, wait_until
from tests.gateway.towns import Town, town
from tests.keys import RING

SERVICES: Mapping[str, str] = {
    "carport-permit": """
kind: application
deadlines:
  - {deadline: first-reply, period: {days: 10, unit: working-days}}
  - {deadline: processing, period: {days: 40, unit: calendar-days, after: complete}}
""",
    "soil-notice": """
kind: notice
deadlines:
  - {deadline: objection, period: {days: 28, unit: calendar-days}}
""",
    "appeal": """
kind: complaint
complaint_over: decision
deadlines:
  - {deadline: forwarding, period: {days: 21, unit: calendar-days}}
""",
    "service-complaint": """
kind: complaint
complaint_over: service
deadlines:
  - {deadline: first-reply, period: {days: 10, unit: working-days}}
""",
    "access": """
kind: access-request
deadlines:
  - {deadline: processing, period: {days: 7, unit: working-days}}
""",
}
_COMMON = """
id: {id}
version: 1
team: byggeri-natur
title: {{da: Prøve, en: A try}}
description: {{da: Til prøver., en: For tests.}}
login_level: low
who: [citizen, company]
kle: {{subject: "02.34.00", facet: "G01"}}
subject: "{id}"
form:
  sections:
    - title: {{da: Sagen, en: The matter}}
      fields:
        - {{id: what, type: long-text, required: true, label: {{da: Hvad, en: What}}}}
documents: {{at_most: 5, text: {{da: Bilag., en: Attachments.}}}}
receipt: {{da: "Modtaget: {{reference}}.", en: "Received: {{reference}}."}}
next_steps:
  - text: {{da: Vi ser på det., en: We look at it.}}
retention: {{years: 5, basis: KLE 02.34.00}}
esdh: {{rule: new-case, template: "1737"}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Anna's matters with Karen's team; what falls due does so when `tick` says so."""

    system: System
    core: Core

    def day(self, month: int, day: int, *, year: int = 2026) -> None:
        """Make it nine o'clock of that day."""
        self.system.clock.set(datetime(year, month, day, 9, tzinfo=COPENHAGEN))

    def tick(self) -> None:
        """Do what is due by now, all of it known."""
        target = self.core.store.safe_position()
        with connect(self.core.conninfo, self.core.name) as db:

            def has_come() -> bool:
                row = db.execute(
                    "SELECT position FROM projection WHERE name = 'deadlines' AND state = 'live'"
                ).fetchone()
                db.rollback()
                return row is not None and int(str(row[0])) >= target

            wait_until(has_come)
            due = due_now(db, self.system.clock, self.core.catalogue.calendar)
        carry_out(due, dict.fromkeys((CLOCK, CONCLUSIONS), self.core.desk), self.core.name)

    def submit(
        self, service: str, *, about: str | None = None, person: str = "anna"
    ) -> httpx.Response:
        body: Json = {"answers": {"what": "En carport."}}
        if about is not None:
            body["about"] = about
        return self.system.post(person, f"/services/{service}/submissions", body)

    def case(self, service: str, *, about: str | None = None) -> str:
        return str(done(self.submit(service, about=about), 201)["case"])

    def karen(self, case: str, what: str, body: object = None) -> httpx.Response:
        return self.system.post("karen", f"/cases/{case}/{what}", body)

    def anna(self, case: str, what: str, body: object = None) -> httpx.Response:
        return self.system.post("anna", f"/cases/{case}/{what}", body)

    def made(self, case: str, what: str, body: object) -> str:
        """The id of what Karen made."""
        (made,) = done(self.karen(case, what, body), 201).values()
        return str(made)

    def page(self, case: str, person: str = "karen") -> Json:
        """The case as it stands after all that has been done."""
        return done(self.system.get(person, f"/cases/{case}", headers=self.now()), 200)

    def kinds(self, case: str, person: str = "anna") -> list[str]:
        """The timeline's entries."""
        told = self.system.get(person, f"/cases/{case}/timeline", headers=self.now())
        return [str(entry["kind"]) for entry in parts(done(told, 200), "entries")]

    def now(self) -> dict[str, str]:
        """The header that has a view wait for all that was done."""
        return {"Julelys-Position": str(self.core.store.safe_position())}

    def deadlines(self, case: str) -> dict[str, tuple[str, str]]:
        """Day and state of each deadline."""
        rows = parts(self.page(case), "deadlines")
        return {str(row["deadline"]): (str(row["due_on"]), str(row["state"])) for row in rows}

    def document(self, case: str) -> str:
        """One that Anna has put on the case."""
        document = self.system.upload("anna", "Plan.pdf", PDF)
        done(self.anna(case, "documents", {"documents": [document]}), 201)
        return document

    def refused(self, case: str) -> str:
        """Decide against Anna, who was exempted from being heard."""
        done(self.karen(case, "party-hearing-exemption", EXEMPTION), 204)
        return self.made(case, "decision", REFUSAL)


EXEMPTION: Json = {"ground": "nothing-new", "reason": "Alt er ansøgerens egne oplysninger."}
REFUSAL: Json = {
    "outcome": "refused",
    "legal_basis": "BR18 § 177",
    "grounds": "Carporten står for tæt på skel.",
    "appeal": {"name": "byggeloven"},
}


def done(answer: httpx.Response, status: int) -> Json:
    """The body of an answer that must be good."""
    assert answer.status_code == status, answer.text
    return dict(answer.json()) if answer.content else {}


def no(answer: httpx.Response) -> str:
    """The code of an answer that must say no."""
    assert answer.is_error, answer.text
    return code(answer)


def part(page: Json, *names: str) -> Json:
    """What stands within a page, by the names that lead to it."""
    for name in names:
        inner = page[name]
        assert isinstance(inner, dict), (name, inner)
        page = inner
    return page


def parts(page: Json, name: str) -> list[Json]:
    found = page[name]
    assert isinstance(found, list)
    return found


def write_services(own: Town) -> None:
    for service, its_own in SERVICES.items():
        own.write(service, 1, _COMMON.format(id=service) + its_own)


@contextmanager
def deciding_town(folder: Path, conninfo: str) -> Iterator[Deciding]:
    own = town(folder, conninfo)
    write_services(own)
    with own.running() as system:
        described = load(own.folder).organisations["hjorring"]
        with open_core(conninfo, described, RING) as core:
            system.clock.set(START)
            yield Deciding(system=system, core=core)
