"""Every kind of mistake in a catalogue, each with the file and line where it stands.

A case replaces a piece of a sound file by one that says `# here` on the line to be named.
"""

import ast
from datetime import date
from pathlib import Path

import pytest

from services.catalogue.loading import check, load
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.published import LOCK, add_to_lock
from services.catalogue.yaml_file import read_yaml
from services.config import ROOT

ORGANISATION = """\
id: testby
name: {da: Testby, en: Testtown}
reference_prefix: TST
closing_days: ["12-24"]
contact: {email: a@testby.example, phone: "+45 00 00 00 00", website: https://testby.example}
teams:
  byggeri:
    name: {da: Byggeri, en: Building}
    opening_days: [monday]
    meeting_place: Rådhuset
"""

SERVICE = """\
id: visit
version: 2
kind: meeting
team: byggeri
title: {da: Besøg, en: Visit}
description: {da: Et besøg., en: A visit.}
login_level: low
who: [citizen]
kle: {subject: "02.34.00", facet: "G01"}
subject: "Besøg: {reason}"
form:
  sections:
    - title: {da: Om dig, en: About you}
      fields:
        - id: reason
          type: choice
          required: true
          label: {da: Hvorfor, en: Why}
          options:
            - {value: talk, label: {da: Tale, en: Talk}}
            - {value: look, label: {da: Se, en: Look}}
        - id: persons
          type: integer
          min: 1
          max: 9
          label: {da: Antal, en: Number}
        - id: note
          type: text
          label: {da: Note, en: Note}
          shown_when: {field: reason, is: [talk, look]}
bring:
  - what: {da: Kort, en: Map}
    why: {da: Vejen, en: The way}
    when:
      - {field: reason, is: look}
receipt: {da: "Nummer {reference}", en: "Number {reference}"}
next_steps:
  - text: {da: Mødet, en: The meeting}
    by: meeting
deadlines:
  - deadline: first-reply
    period: {days: 5, unit: working-days}
retention: {years: 5, basis: Prøve}
esdh: {rule: new-case, template: "1"}
"""


def put(folder: Path, service: str = SERVICE, organisation: str = ORGANISATION) -> Path:
    home = folder / "testby"
    (home / "services").mkdir(parents=True)
    (home / "organisation.yaml").write_text(organisation, encoding="utf-8")
    path = home / "services" / "visit.v2.yaml"
    path.write_text(service, encoding="utf-8")
    add_to_lock(home, ("visit", 2), read_yaml(path), date(2026, 12, 1))
    return folder


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if "# here" in line)


def only(found: list[Mistake]) -> Mistake:
    assert len(found) == 1, [str(mistake) for mistake in found]
    return found[0]


def test_the_sound_file_has_no_mistakes(tmp_path: Path) -> None:
    assert check(put(tmp_path)) == []


WRONG = [
    ("kind: meeting", "kind: meeting: a  # here", "", "This is not YAML", "indentation"),
    ("kind: meeting", "kind: &k meeting\ngone: *k  # here", "", "aliases are not used", ""),
    ("kind: meeting", "kind: meeting\nkind: meeting  # here", "kind", "stands twice", "line 3"),
    ("kind: meeting", "kind: meetnig  # here", "kind", "'meetnig' is not known", "'meeting'"),
    ("login_level: low", "login_level: none  # here", "login_level", "not known", "substantial"),
    ("who: [citizen]", "who: []  # here", "who", "at least 1 item", ""),
    ("who: [citizen]", "who: [anonymous]  # here", "who", "nobody knows who is", "Take out"),
    ("who: [citizen]", "hwo: [citizen]  # here", "hwo", "Unknown key", "Did you mean 'who'?"),
    ("version: 2", "version: two  # here", "version", "not a whole number", ""),
    ("{da: Besøg, en: Visit}", "{da: Besøg}  # here", "title.en", "English text is missing", ""),
    ("{da: Besøg, en: Visit}", '{da: "", en: Visit}  # here', "title.da", "'' is not", "Danish"),
    (
        "{da: Besøg, en: Visit}",
        "{da: Besøg, en: no}  # here",
        "title.en",
        "'no' is not text",
        "quo",
    ),
    ("{da: Besøg, en: Visit}", "Besøg  # here", "title", "is not a mapping of keys", ""),
    ('"02.34.00"', "2.34  # here\n ", "kle.subject", "not written as", "NN.NN.NN"),
    ('"G01"', "G1  # here\n ", "kle.facet", "not written as", '"G01"'),
    (
        "type: integer",
        "type: number  # here",
        "form.sections[0].fields[1].type",
        "'number' is not known",
        "integer",
    ),
    (
        "type: integer\n",
        "\n",
        "form.sections[0].fields[1].type",
        "'type' is missing",
        "Add 'type:'",
    ),
    (
        "          max: 9",
        "          maks: 9  # here",
        "form.sections[0].fields[1].maks",
        "Unknown key 'maks'",
        "'max'",
    ),
    (
        "min: 1",
        "min: 10  # here",
        "form.sections[0].fields[1].min",
        "at least 10 and at most 9",
        "",
    ),
    (
        "id: note",
        "id: reason  # here",
        "form.sections[0].fields[2].id",
        "The name 'reason' is taken",
        "",
    ),
    (
        "id: note",
        "id: team  # here",
        "form.sections[0].fields[2].id",
        "The name 'team' is taken",
        "texts fill in",
    ),
    (
        "        - id: persons",
        "            - {value: talk, label: {da: Mer, en: More}}  # here\n        - id: persons",
        "form.sections[0].fields[0].options[2].value",
        "Another option has the value 'talk'",
        "",
    ),
    (
        "shown_when: {field: reason,",
        "shown_when: {field: raeson,  # here\n ",
        "form.sections[0].fields[2].shown_when.field",
        "No field is called 'raeson'",
        "Did you mean 'reason'?",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {field: note, is: talk}  # here",
        "form.sections[0].fields[2].shown_when.field",
        "'note' is asked later",
        "move",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {field: persons, is: talk}  # here",
        "form.sections[0].fields[2].shown_when.field",
        "'persons' has no fixed answers",
        "choice",
    ),
    (
        "is: [talk, look]",
        "is: [talk, lok]  # here\n ",
        "form.sections[0].fields[2].shown_when.is",
        "'lok' is no answer to 'reason'",
        "Did you mean 'look'?",
    ),
    (
        "- {field: reason, is: look}",
        "- {field: reason, is: yes}  # here",
        "bring[0].when[0].is",
        "'yes' is no answer",
        "Use talk, look.",
    ),
    (
        "- {field: reason, is: look}",
        "- {field: purpose, is: look}  # here",
        "bring[0].when[0].field",
        "No field is called 'purpose'",
        "",
    ),
    (
        'subject: "Besøg: {reason}"',
        'subject: "Besøg: {persons}"  # here',
        "subject",
        "Nothing fills '{persons}'",
        "reason",
    ),
    (
        'en: "Number {reference}"}',
        'en: "Number {refrence}"}  # here',
        "receipt.en",
        "Nothing fills '{refrence}'",
        "Did you mean 'reference'?",
    ),
    (
        "{da: Kort, en: Map}",
        '{da: Kort, en: "Map of {address}"}  # here',
        "bring[0].what.en",
        "Nothing fills '{address}'",
        "takes none",
    ),
    (
        'da: "Nummer {reference}"',
        'da: "Nummer {{reference}"  # here\n ',
        "receipt.da",
        "A curly bracket stands alone",
        "",
    ),
    ("by: meeting", "by: hearing-closes  # here", "next_steps[0].by", "never sees", ""),
    (
        "unit: working-days}",
        "unit: working-days, after: hearing-closes}  # here",
        "deadlines[0].period.after",
        "never sees the day 'hearing-closes'",
        "",
    ),
    (
        "unit: working-days",
        "unit: days  # here\n ",
        "deadlines[0].period.unit",
        "not known",
        "work",
    ),
    (
        "days: 5,",
        "days: 0,  # here\n ",
        "deadlines[0].period.days",
        "greater than or equal to 1",
        "",
    ),
    (
        "retention:",
        "  - deadline: first-reply  # here\n    period: {days: 1, unit: working-days}\nretention:",
        "deadlines[1].deadline",
        "This 'first-reply' is never promised",
        "remove it",
    ),
    (
        "    period: {days: 5",
        "    when: [{field: reason, is: look}]  # here\n    period: {days: 5",
        "deadlines[0].when",
        "With other answers no 'first-reply' is promised",
        "no 'when'",
    ),
    (
        "    period: {days: 5",
        (
            "    when: [{field: raeson, is: look}]  # here\n"
            "    period: {days: 5, unit: working-days}\n"
            "  - deadline: first-reply\n    period: {days: 5"
        ),
        "deadlines[0].when[0].field",
        "No field is called 'raeson'",
        "Did you mean 'reason'?",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {all: [{field: persons, at_least: 2}, {field: raeson, is: talk}]}  # here",
        "form.sections[0].fields[2].shown_when.all[1].field",
        "No field is called 'raeson'",
        "Did you mean 'reason'?",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {not: {field: reason, at_least: 2}}  # here",
        "form.sections[0].fields[2].shown_when.not.field",
        "'reason' is no number and no day",
        "at_least",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {field: persons, at_least: 2.5}  # here",
        "form.sections[0].fields[2].shown_when.at_least",
        "'2.5' is no whole number",
        "",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {field: persons, at_least: many}  # here",
        "form.sections[0].fields[2].shown_when.at_least",
        "'many' is no limit",
        "days_from_today",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {field: persons, at_least: 3, at_most: 2}  # here",
        "form.sections[0].fields[2].shown_when.at_least",
        "at once so large and so small",
        "",
    ),
    (
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {any: [{field: reason, iss: talk}]}  # here",
        "form.sections[0].fields[2].shown_when.any[0].iss",
        "Unknown key 'iss'",
        "Did you mean 'is'?",
    ),
    (
        "type: integer\n          min: 1\n          max: 9",
        "type: date\n          min: 2026-02-30  # here",
        "form.sections[0].fields[1].min",
        "There is no day '2026-02-30'",
        "",
    ),
    (
        "type: integer\n          min: 1\n          max: 9",
        "type: amount\n          min: 2026-02-20  # here\n          max: 9",
        "form.sections[0].fields[1].min",
        "'2026-02-20' is no limit",
        "Write a number",
    ),
    (
        "type: integer\n          min: 1\n          max: 9",
        "type: decimal\n          min: 9.5  # here\n          max: 9.25",
        "form.sections[0].fields[1].min",
        "at least 9.5 and at most 9.25",
        "",
    ),
    (
        "type: text\n",
        "type: text\n          min_length: 300  # here\n",
        "form.sections[0].fields[2].min_length",
        "No text has 300 to 200 characters",
        "",
    ),
    (
        "type: text\n",
        'type: text\n          pattern: "[0-9]+"  # here\n          remedy: {da: Tal, en: Nil}\n',
        "form.sections[0].fields[2].pattern",
        "'+' cannot be used here",
        "Patterns",
    ),
    (
        "        - id: note\n          type: text\n",
        '        - id: note  # here\n          type: text\n          pattern: "[0-9]{4}"\n',
        "form.sections[0].fields[2].remedy",
        "is not told how",
        "remedy",
    ),
    (
        "kind: meeting",
        "kind: meeting\ncomplaint_over: decision  # here",
        "complaint_over",
        "is no complaint",
        "Remove it",
    ),
    (
        "unit: working-days}",
        "unit: working-days, after: complete}  # here",
        "deadlines[0].period.after",
        "never sees the day 'complete'",
        "",
    ),
    (
        "esdh: {rule: new-case",
        "esdh: {rule: complained-of-case  # here\n ",
        "esdh.rule",
        "Only a complaint over a decision",
        "Use 'new-case'",
    ),
    ("id: visit", "id: vist  # here", "id", "stands in a file called 'visit.v2.yaml'", ""),
    ("version: 2", "version: 3  # here", "version", "Version 3 stands in a file called", ""),
    ("team: byggeri", "team: bygeri  # here", "team", "has no team 'bygeri'", "'byggeri'"),
]


@pytest.mark.parametrize(("old", "new", "path", "message", "remedy"), WRONG)
def test_a_mistake_in_a_service_is_shown_where_it_stands(
    tmp_path: Path, old: str, new: str, path: str, message: str, remedy: str
) -> None:
    service = SERVICE.replace(old, new, 1)
    if "# here" not in service:
        service = service.replace("- id: persons", "- id: persons  # here")

    mistake = only(check(put(tmp_path, service)))

    assert mistake.file == tmp_path / "testby" / "services" / "visit.v2.yaml"
    assert (mistake.line, mistake.path) == (line_of(service), path)
    assert message in mistake.message.en
    assert remedy in mistake.remedy.en
    for text in (mistake.message, mistake.remedy):
        assert text.da.strip()
        assert text.da != text.en


DANISH = [
    ("kind: meeting", "kind: meetnig", "'meetnig' kendes ikke her.", "Mente du 'meeting'?"),
    ("who: [citizen]", "who: []", "Der skal være mindst 1.", "Se docs/catalogue.md."),
    ("days: 5,", "days: 0,", "Tallet skal være mindst 1.", "Se docs/catalogue.md."),
    ("days: 5,", "days: 9999,", "Tallet må højst være 3650.", "Se docs/catalogue.md."),
    ("Prøve", "x" * 2001, "Teksten må højst have 2000 tegn.", "Se docs/catalogue.md."),
    ("version: 2", "version: two", "'two' er ikke et helt tal.", "Se docs/catalogue.md."),
    ("title: {da: Besøg, en: Visit}", "title: {da: Besøg}", "Den engelske tekst mangler.", "'en:'"),
    ("kind: meeting", "kind: a: b", "Det er ikke YAML: Her kan ikke stå et kolon.", "indrykning"),
    ("kind: meeting", "kind:\n\t- a", "Det er ikke YAML: En tabulator kan ikke stå her.", ""),
    ("kind: meeting", 'kind: "meeting', "Det er ikke YAML.", "anførselstegn"),
    (
        "type: text\n",
        'type: text\n          pattern: "(a"\n          remedy: {da: Tal, en: Nil}\n',
        "Mønsteret kan ikke bruges: En parentes er ikke lukket.",
        "docs/catalogue.md",
    ),
]


@pytest.mark.parametrize(("old", "new", "message", "remedy"), DANISH)
def test_a_mistake_is_told_in_danish_too(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
) -> None:
    mistake = only(check(put(tmp_path, SERVICE.replace(old, new, 1))))
    assert message in mistake.message.da
    assert remedy in mistake.remedy.da


def written_texts() -> list[ast.Call]:
    """Every `Text(da=…, en=…)` of the code, where it is written out."""
    files = [*(ROOT / "services").rglob("*.py")]
    calls = (each for path in files for each in ast.walk(ast.parse(path.read_text("utf-8"))))
    return [
        each
        for each in calls
        if isinstance(each, ast.Call)
        and ast.unparse(each.func) == "Text"
        and any(isinstance(part.value, ast.Constant | ast.JoinedStr) for part in each.keywords)
    ]


def test_no_text_says_the_same_in_both_languages() -> None:
    found = [
        {str(part.arg): ast.unparse(part.value) for part in each.keywords}
        for each in written_texts()
    ]
    assert len(found) > 150
    assert [each for each in found if each["da"] == each["en"]] == []


def test_a_sections_condition_looks_back_too(tmp_path: Path) -> None:
    title = "- title: {da: Om dig, en: About you}"
    condition = "\n      shown_when: {field: persons, at_least: 2}  # here"
    service = SERVICE.replace(title, title + condition).replace("{reason}", "{reference}")
    mistake = only(check(put(tmp_path, service)))
    assert (mistake.line, mistake.path) == (line_of(service), "form.sections[0].shown_when.field")
    assert "'persons' is asked later" in mistake.message.en


ANONYMOUS = (
    SERVICE.replace("kind: meeting", "kind: complaint\ncomplaint_over: service")
    .replace("who: [citizen]", "who: [citizen, anonymous]")
    .replace("    by: meeting\n", "")
    .replace("          type: text\n", "          type: documents\n")
)


def test_who_is_anonymous_is_asked_for_no_document(tmp_path: Path) -> None:
    assert check(put(tmp_path / "sound", ANONYMOUS)) == []
    note = "          type: documents\n"
    demanding = ANONYMOUS.replace(note, note + "          required: true  # here\n")
    mistake = only(check(put(tmp_path / "demanding", demanding)))
    assert (mistake.line, mistake.path) == (
        line_of(demanding),
        "form.sections[0].fields[2].required",
    )
    assert "cannot upload" in mistake.message.en
    assert mistake.remedy.en == "Leave out 'required', or take 'anonymous' out of 'who'."
    known = demanding.replace("[citizen, anonymous]", "[citizen]")
    assert check(put(tmp_path / "known", known)) == []


@pytest.mark.parametrize("over", ["decision", "service"])
def test_who_is_anonymous_complains_of_service_only(tmp_path: Path, over: str) -> None:
    service = ANONYMOUS.replace("complaint_over: service", f"complaint_over: {over}")
    found = [mistake.path for mistake in check(put(tmp_path, service))]
    assert ("who" in found) == (over == "decision")


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("id: testby", "id: testvig  # here", "id", "stands in the folder 'testby'"),
        ("[monday]", "[sunday]  # here", "teams.byggeri.opening_days[0]", "'sunday' is not known"),
        ('["12-24"]', '["24-12"]  # here', "closing_days[0]", "'24-12' is not written"),
        ("reference_prefix: TST", "reference_prefix: tst  # here", "reference_prefix", "'tst'"),
        (
            "reference_prefix: TST",
            "reference_prefix: TST\nmunicipality: 860  # here",
            "municipality",
            "text",
        ),
        ("contact:", "contatc:  # here\n ", "contatc", "Unknown key"),
        (
            "contact:",
            "situations:\n  - title: {da: Bo, en: Live}\n    services: [vist]  # here\ncontact:",
            "situations[0].services[0]",
            "no service 'vist'",
        ),
        *(
            (
                "contact:",
                f"embedding:\n  sites: ['{site}']  # here\ncontact:",
                "embedding.sites[0]",
                f"'{site}' is not written",
            )
            for site in (
                "http://testby.example",
                "https://testby.example/nyt",
                "https://*.example",
                "https://testby.example; script-src *",
            )
        ),
    ],
)
def test_a_mistake_in_an_organisation_is_shown_where_it_stands(
    tmp_path: Path, old: str, new: str, path: str, message: str
) -> None:
    organisation = ORGANISATION.replace(old, new, 1)

    mistake = check(put(tmp_path, organisation=organisation))[-1]

    assert mistake.file == tmp_path / "testby" / "organisation.yaml"
    assert (mistake.line, mistake.path) == (line_of(organisation), path)
    assert message in mistake.message.en


def test_all_mistakes_are_found_at_once_across_kinds_and_files(tmp_path: Path) -> None:
    service = (
        SERVICE.replace("team: byggeri", "team: bygeri")
        .replace("who:", "hwo:")
        .replace("min: 1", "min: 10")
        .replace("is: look}", "is: lok}")
        .replace("by: meeting", "by: hearing-closes")
        .replace("{reason}", "{raeson}")
    )
    found = check(put(tmp_path, service, ORGANISATION.replace("TST", "tst")))

    assert {mistake.path for mistake in found} == {
        "reference_prefix",
        "team",
        "hwo",
        "subject",
        "form.sections[0].fields[1].min",
        "bring[0].when[0].is",
        "next_steps[0].by",
    }
    with pytest.raises(CatalogueInvalid) as invalid:
        load(tmp_path)
    assert invalid.value.mistakes == tuple(found)


def test_a_mistake_reads_as_one_line_with_file_and_line(tmp_path: Path) -> None:
    mistake = only(check(put(tmp_path, SERVICE.replace("team: byggeri", "team: bygeri"))))
    place = tmp_path / "testby" / "services" / "visit.v2.yaml"
    assert str(mistake) == (
        f"{place}:4: team: The organisation has no team 'bygeri'. Did you mean 'byggeri'?"
    )


@pytest.mark.parametrize("name", ["visit.yaml", "visit.v2.yml", "Visit.v1.yaml", "visit.v0.yaml"])
def test_a_file_that_would_not_be_read_is_a_mistake(tmp_path: Path, name: str) -> None:
    put(tmp_path)
    (tmp_path / "testby" / "services" / name).write_text(SERVICE, encoding="utf-8")
    mistake = only(check(tmp_path))
    assert (mistake.file.name, mistake.line) == (name, 1)
    assert "<service>.v<version>.yaml" in mistake.remedy.en


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"id: visit\ntitle: \xe6\xf8\n", 2, "not UTF-8"),
        (b"id: visit\ntitle: a\x00b\n", 2, "U+0000"),
        (b"# nothing\n", 1, "empty"),
        (b"- a\n- list\n", 1, "no mapping"),
    ],
)
def test_a_file_that_is_no_service_at_all(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    put(tmp_path)
    (tmp_path / "testby" / "services" / "visit.v2.yaml").write_bytes(content)
    (tmp_path / "testby" / LOCK).unlink()
    mistake = only(check(tmp_path))
    assert mistake.line == line
    assert message in mistake.message.en


def test_a_folder_without_an_organisation_and_an_empty_one_are_mistakes(tmp_path: Path) -> None:
    assert "no organisation" in only(check(tmp_path)).message.en
    (tmp_path / "nowhere").mkdir()
    mistake = only(check(tmp_path))
    assert mistake.file == tmp_path / "nowhere"
    assert "no organisation.yaml" in mistake.message.en


def test_two_organisations_do_not_share_a_prefix(tmp_path: Path) -> None:
    put(tmp_path)
    other = tmp_path / "zby"
    other.mkdir()
    described = ORGANISATION.replace("id: testby", "id: zby")
    (other / "organisation.yaml").write_text(described, encoding="utf-8")

    found = check(tmp_path)

    assert [(mistake.file.parent.name, mistake.line, mistake.path) for mistake in found] == [
        ("zby", 3, "reference_prefix"),
    ]
