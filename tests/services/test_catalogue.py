import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from events.case import CaseKind
from events.case_deadline import DeadlineKind
from events.day_unit import DayUnit
from events.ids import TeamId
from services.catalogue.loading import check, load
from services.catalogue.published_schema import PUBLISHED, file_schema
from services.catalogue.publishing import publish
from services.catalogue.service import CountedFrom
from services.catalogue.yaml_file import read_yaml
from services.config import ROOT
from services.deadlines import WorkCalendar
from services.identity import Role, demo_persons
from tests.services.test_catalogue_mistakes import SERVICE, put
from tests.shipped import CATALOGUE

FOLDER = Path(__file__).parents[2] / "organisations"


def test_what_we_ship_has_no_mistakes() -> None:
    assert check(FOLDER) == []


@pytest.mark.parametrize("organisation", ["hjorring", "vejle"])
def test_both_municipalities_hold_hearings_and_meetings(organisation: str) -> None:
    kinds = {
        name: each.kind for name, each in CATALOGUE.organisations[organisation].services.items()
    }
    assert kinds["building-meeting"] is CaseKind.MEETING
    assert kinds["hearing-response"] is CaseKind.HEARING_RESPONSE


def test_applications_aim_at_a_day_and_complaints_at_an_answer() -> None:
    """The service target runs from when all is there; a complaint has its own limits."""
    services = CATALOGUE.organisations["hjorring"].services
    told = {
        (name, each.deadline.value, each.period.days, each.period.unit.value, each.period.after)
        for name in ("building-permit", "complaint-decision", "complaint-service")
        for each in services[name].deadlines
        if each.deadline is not DeadlineKind.FIRST_REPLY or name == "complaint-service"
    }
    assert told == {
        *(
            ("building-permit", "processing", days, "calendar-days", CountedFrom.COMPLETE)
            for days in (40, 50, 55, 60, 90)
        ),
        ("complaint-decision", "forwarding", 21, "calendar-days", CountedFrom.RECEIVED),
        ("complaint-service", "first-reply", 10, "working-days", CountedFrom.RECEIVED),
    }


@pytest.mark.parametrize("organisation", CATALOGUE.organisations)
def test_whoever_is_asked_can_be_asked_for_access_and_notified(organisation: str) -> None:
    services = CATALOGUE.organisations[organisation].services.values()
    kinds = {service.kind for service in services}
    assert kinds >= {CaseKind.ACCESS_REQUEST, CaseKind.NOTICE}
    for service in services:
        promised = {each.deadline for each in service.deadlines}
        if service.kind is CaseKind.NOTICE:
            assert DeadlineKind.OBJECTION in promised, service.id
        if service.kind is CaseKind.ACCESS_REQUEST:
            (answer,) = (e for e in service.deadlines if e.deadline is DeadlineKind.PROCESSING)
            # Offentlighedslovens § 36, stk. 2, and forvaltningslovens § 16, stk. 2.
            assert (answer.period.days, answer.period.unit) == (7, DayUnit.WORKING_DAYS)


def test_no_two_organisations_say_the_same_of_a_service_of_one_name() -> None:
    """Each writes for its own people: none is a copy of another's."""
    texts = [
        (service.description.da, service.receipt.da)
        for organisation in CATALOGUE.organisations.values()
        for service in organisation.services.values()
    ]
    assert len({each for pair in texts for each in pair}) == 2 * len(texts)


def test_an_organisation_is_read_with_teams_and_closing_days() -> None:
    hjorring = CATALOGUE.organisations["hjorring"]
    assert (hjorring.id, hjorring.reference_prefix) == ("hjorring", "HJO")
    assert hjorring.teams[TeamId("byggeri-natur")].name.da == "Byggeri & Natur"
    assert hjorring.teams[TeamId("ejendomsdata")].opening_days == ("monday", "tuesday", "thursday")
    closing_days = frozenset({"06-05", "12-24", "12-31"})
    assert hjorring.calendar == WorkCalendar(closing_days=closing_days)


def test_the_newest_version_is_offered_and_older_ones_stay_readable(tmp_path: Path) -> None:
    services = put(tmp_path) / "testby" / "services"
    for version in (9, 10):
        newer = SERVICE.replace("version: 2", f"version: {version}")
        (services / f"visit.v{version}.yaml").write_text(newer, encoding="utf-8")
        publish(services.parent, "visit", date(2026, 12, 1))

    organisation = load(tmp_path).organisations["testby"]

    assert organisation.services["visit"].version == 10
    assert organisation.version("visit", 2).version == 2
    with pytest.raises(KeyError):
        organisation.version("visit", 3)


def test_dates_times_and_odd_numbers_stay_what_was_written(tmp_path: Path) -> None:
    """YAML 1.1 would read 010 as eight, 12:30 as 750 and 1e3 as a float."""
    for written in ("010", "12:30", "1.50", "2026-01-01", "0x1F"):
        folder = tmp_path / written.replace(":", "-")
        service = SERVICE.replace('template: "1"', f"template: {written}")
        found = load(put(folder, service)).organisations["testby"].services["visit"]
        assert found.esdh.template == written


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_schemas_are_those_of_the_models(name: str) -> None:
    """`python -m services.catalogue.published_schema organisations`"""
    assert (FOLDER / name).read_text(encoding="utf-8") == file_schema(name)
    assert json.loads(file_schema("service.schema.json"))["required"][:3] == [
        *("id", "version", "kind"),
    ]


def test_the_manual_tells_of_everything_that_may_stand_in_a_file() -> None:
    manual = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    code = re.findall(r"```(.+?)```|`([^`]+)`", manual, re.DOTALL)
    told = set(re.findall(r"[a-z][a-z0-9_-]*", " ".join(map(" ".join, code))))
    models = json.loads(file_schema("service.schema.json"))["$defs"]
    models["Service"] = json.loads(file_schema("service.schema.json"))
    models["Appeals"] = json.loads(file_schema("appeals.schema.json"))["$defs"]["AppealGuidance"]
    missing: set[str] = set()
    for name, model in models.items():
        known = {*model.get("properties", {}), *model.get("enum", ())}
        known |= {rule["const"] for rule in model.get("properties", {}).values() if "const" in rule}
        missing |= {f"{name}.{each}" for each in known - told}
    assert missing == set()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/services/*.yaml")), ids=str)
def test_what_we_ship_is_right_by_the_published_schema_too(path: Path) -> None:
    schema = json.loads(file_schema("service.schema.json"))
    assert Draft202012Validator(schema).is_valid(read_yaml(path).data)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.yaml")), ids=str)
def test_a_file_reads_the_same_where_libyaml_is_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = read_yaml(path)
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert read_yaml(path) == fast


def test_every_test_person_belongs_where_it_says() -> None:
    persons = demo_persons(FOLDER)
    assert len({person.id for person in persons.values()}) == len(persons)
    assert {role for person in persons.values() for role in person.roles} == set(Role)
    for person in persons.values():
        is_staff = person.id.startswith("staff:")
        assert is_staff == (person.organisation is not None) == (person.party is None)
        if person.organisation is not None:
            assert person.teams <= CATALOGUE.organisations[person.organisation].teams.keys()


@pytest.mark.parametrize("organisation", CATALOGUE.organisations)
def test_somebody_answers_for_each_team_of_the_demo(organisation: str) -> None:
    staff = [who for who in demo_persons(FOLDER).values() if who.organisation == organisation]
    handled = {team for who in staff if Role.CASEWORKER in who.roles for team in who.teams}
    assert handled >= {
        each.team for each in CATALOGUE.organisations[organisation].services.values()
    }
    assert {role for who in staff for role in who.roles} >= {Role.TEAM_LEADER, Role.AUDITOR}


def test_the_company_number_of_the_demo_belongs_to_nobody() -> None:
    """A real CVR number passes a check modulo 11; this one does not."""
    party = demo_persons(FOLDER)["tomrer"].party
    assert party is not None
    digits = [int(digit) for digit in party.removeprefix("company:")]
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    assert len(digits) == 8
    assert sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 != 0
