"""A case reads and goes on under the version that it began under, whatever has come since."""

from datetime import date
from pathlib import Path
from uuid import UUID

from events.case import CaseOpened
from events.ids import CaseId
from services.catalogue import promises
from services.catalogue.loading import load
from services.deadlines import WorkCalendar
from services.eventstore.store import PostgresEventStore
from services.journal.letter import Table
from services.journal.submission_letter import submission
from services.streams import case_stream
from tests.gateway.running import System, fields
from tests.gateway.towns import Town, town
from tests.keys import RING

FIRST = """\
id: paint
version: 1
kind: application
team: byggeri-natur
title: {da: Mal din facade, en: Paint your front}
description: {da: Søg om en farve., en: Apply for a colour.}
login_level: low
who: [citizen]
kle: {subject: "02.34.00", facet: "G01"}
subject: "Facade: {colour}"
form:
  sections:
    - title: {da: Facaden, en: The front}
      fields:
        - id: colour
          type: choice
          required: true
          label: {da: "Hvilken farve?", en: "Which colour?"}
          options:
            - {value: red, label: {da: Svensk rød, en: Swedish red}}
            - {value: white, label: {da: Hvid, en: White}}
bring:
  - what: {da: En farveprøve, en: A sample}
    why: {da: Lokalplanen nævner farver., en: The local plan names colours.}
receipt:
  da: "Modtaget under de første vilkår, {reference}."
  en: "Received on the first terms, {reference}."
next_steps:
  - text: {da: Vi ser på farven., en: We look at the colour.}
    by: {days: 3, unit: working-days}
deadlines:
  - deadline: first-reply
    period: {days: 3, unit: working-days}
  - deadline: processing
    period: {days: 10, unit: working-days, after: complete}
retention: {years: 5, basis: Prøve}
esdh: {rule: new-case, template: "1737"}
"""
SHADE = """\
        - id: shade
          type: text
          required: true
          label: {da: "Hvilken nuance?", en: "Which shade?"}
"""


def versions() -> list[str]:
    """Three changes, each to the one before: other words, other days, another form and team."""
    words = FIRST.replace("version: 1", "version: 2").replace("Svensk rød", "Engelsk rød")
    words = words.replace("Vi ser på farven.", "Vi ser på farven og taget.")
    days = words.replace("version: 2", "version: 3").replace("days: 3", "days: 30")
    days = days.replace("days: 10", "days: 100").replace("under de første vilkår", "på nye vilkår")
    begins, ends = days.index("        - id: colour"), days.index("bring:")
    form = days[:begins] + SHADE + days[days.index("receipt:") :]
    form = form.replace("version: 3", "version: 4").replace("{colour}", "{shade}")
    form = form.replace("team: byggeri-natur", "team: ejendomsdata")
    assert begins < ends
    return [words, days, form]


def test_a_case_keeps_its_version_after_three_changes_of_the_service(
    tmp_path: Path, database: str
) -> None:
    own = town(tmp_path, database)
    own.write("paint", 1, FIRST)
    with own.running() as system:
        case = begun(system)
        before = seen(system, case)
    for number, text in enumerate(versions(), 2):
        own.write("paint", number, text)
    with own.running() as system:
        assert seen(system, case) == before
        begins_anew_under_the_newest(system)
        goes_on(system, case)
    reads_under_its_own_version(own, case)


def begun(system: System) -> str:
    body = {"answers": {"colour": "red"}}
    answer = system.post("anna", "/services/paint/submissions", body)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["receipt"].startswith("Modtaget under de første vilkår")
    assert [thing["what"] for thing in told["bring"]] == ["En farveprøve"]
    case = str(told["case"])
    system.get("anna", f"/cases/{case}", after=answer)
    return case


def seen(system: System, case: str) -> dict[str, object]:
    """What the party sees of the case, with all that it was promised."""
    told = system.get("anna", f"/cases/{case}").json()
    timeline = system.get("anna", f"/cases/{case}/timeline").json()["entries"]
    assert told["service_version"] == 1
    assert told["team"] == "byggeri-natur"
    assert told["subject"] == "Facade: Svensk rød"
    assert [(step["text"], step["by"]) for step in told["next_steps"]] == [
        ("Vi ser på farven.", "2026-11-05"),
    ]
    assert [(each["deadline"], each["due_on"]) for each in told["deadlines"]] == [
        ("first-reply", "2026-11-05"),
    ]
    return {"case": told, "entries": [(entry["kind"], entry["text"]) for entry in timeline]}


def begins_anew_under_the_newest(system: System) -> None:
    old = {"answers": {"colour": "red"}}
    assert fields(system.post("bo", "/services/paint/submissions", old)) == {
        "answers.shade": "answer-missing",
        "answers.colour": "answer-unknown-field",
    }
    answer = system.post("bo", "/services/paint/submissions", {"answers": {"shade": "Okker"}})
    assert answer.json()["receipt"].startswith("Modtaget på nye vilkår")
    told = system.get("bo", f"/cases/{answer.json()['case']}", after=answer).json()
    assert (told["service_version"], told["team"]) == (4, "ejendomsdata")
    assert told["subject"] == "Facade: Okker"


def goes_on(system: System, case: str) -> None:
    """Worked on by the team that it began with, within the days that were promised then."""
    written = system.post("anna", f"/cases/{case}/messages", {"text": "Hvad med døren?"})
    assert written.status_code < 300, written.text
    foreign = system.post("erik", f"/cases/{case}/messages", {"text": "Det er min."})
    assert foreign.status_code == 403
    replied = system.post("karen", f"/cases/{case}/messages", {"text": "Den må være hvid."})
    assert replied.status_code < 300, replied.text
    told = system.get("anna", f"/cases/{case}", after=replied).json()
    assert [(each["deadline"], each["state"]) for each in told["deadlines"]] == [
        ("first-reply", "met"),
    ]
    assert told["service_version"] == 1


def reads_under_its_own_version(own: Town, case: str) -> None:
    organisation = load(own.folder).organisations["hjorring"]
    with PostgresEventStore(own.conninfo, "hjorring", RING) as store:
        records = list(store.read_recorded(case_stream(CaseId(UUID(case)))))
    fact, opened = next((f, f.event) for f in records if isinstance(f.event, CaseOpened))
    service = organisation.version(opened.service, opened.service_version)
    # Ten working days, as it was promised, and not a hundred.
    complete = promises.deadlines_from_completion(
        service, opened, date(2026, 11, 9), WorkCalendar()
    )
    assert [deadline.due_on for deadline in complete] == [date(2026, 11, 23)]
    letter = submission((fact, opened), records, organisation, name="Anna", hearing_title=None)
    rows = [
        row
        for section in letter.sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
    ]
    assert ("Hvilken farve?", "Svensk rød") in rows
