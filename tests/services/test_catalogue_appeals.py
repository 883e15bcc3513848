"""Appeal guidance by legal basis."""

from datetime import date
from pathlib import Path

import pytest

from services.catalogue.loading import check, load
from services.deadlines import WorkCalendar
from tests.services.test_catalogue_mistakes import SERVICE, line_of, only, put
from tests.shipped import HJORRING, ORGANISATIONS

GUIDANCE = """\
appeals:
  byggeloven:
    basis: Byggeloven
    body: {da: Nævnet, en: The board}
    deadline: {days: 28, unit: calendar-days, rolls: true}
    how: {da: Skriv., en: Write.}
    text: {da: "Senest {last_day}.", en: "By {last_day}."}
    source: Byggelovens § 23
"""


def test_the_last_day_rolls_past_days_off_and_stands_in_the_text() -> None:
    guidance = HJORRING.appeals["byggeloven"]
    # Four weeks from Thursday 26 November 2026 is Christmas Eve, on which this town is closed.
    calendar = WorkCalendar(closing_days=frozenset({"12-24"}))
    last_day = guidance.last_day(date(2026, 11, 26), calendar)
    assert last_day == date(2026, 12, 28)
    told = guidance.told(last_day)
    assert "senest 28. december 2026" in told.da
    assert "no later than 28 December 2026" in told.en


def test_some_laws_set_no_limit() -> None:
    guidance = ORGANISATIONS["vejle"].appeals["offentlighedsloven"]
    assert guidance.last_day(date(2026, 11, 26), WorkCalendar()) is None
    assert guidance.told(None).da == guidance.text.da


def test_services_name_guidance_of_their_own_organisation_or_of_all(tmp_path: Path) -> None:
    put(tmp_path, SERVICE + "appeals: [byggeloven, own]\n")
    (tmp_path / "appeals.yaml").write_text(GUIDANCE, encoding="utf-8")
    own = GUIDANCE.replace("byggeloven:", "own:")
    (tmp_path / "testby" / "appeals.yaml").write_text(own, encoding="utf-8")
    assert check(tmp_path) == []
    assert list(load(tmp_path).organisations["testby"].appeals) == ["byggeloven", "own"]


def test_a_service_that_names_unknown_guidance_is_a_mistake(tmp_path: Path) -> None:
    service = SERVICE + "appeals: [bygeloven]  # here\n"
    put(tmp_path, service)
    (tmp_path / "appeals.yaml").write_text(GUIDANCE, encoding="utf-8")
    mistake = only(check(tmp_path))
    assert (mistake.line, mistake.path) == (line_of(service), "appeals[0]")
    assert "Did you mean 'byggeloven'?" in mistake.remedy.en


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("Senest {last_day}.", "Snart.", "appeals.byggeloven.text.da", "does not name {last_day}"),
        ("By {last_day}.", "By {last_day} {x}.", "appeals.byggeloven.text.en", "curly bracket"),
        ("    deadline: {days", "    dedline: {days", "appeals.byggeloven.dedline", "Unknown key"),
        ("    source: Byggelovens § 23\n", "", "appeals.byggeloven.source", "'source' is missing"),
    ],
)
def test_a_mistake_in_guidance_is_told_once_for_all_who_share_it(
    tmp_path: Path, old: str, new: str, path: str, message: str
) -> None:
    put(tmp_path)
    (tmp_path / "appeals.yaml").write_text(GUIDANCE.replace(old, new), encoding="utf-8")
    mistake = only(check(tmp_path))
    assert mistake.path == path
    assert message in mistake.message.en


def test_an_organisation_does_not_change_what_all_share(tmp_path: Path) -> None:
    put(tmp_path)
    for home in (tmp_path, tmp_path / "testby"):
        (home / "appeals.yaml").write_text(GUIDANCE, encoding="utf-8")
    assert "have 'byggeloven' already" in only(check(tmp_path)).message.en


def test_a_representative_of_nobody_is_a_mistake(tmp_path: Path) -> None:
    put(tmp_path, SERVICE.replace("who: [citizen]", "who: [representative]"))
    assert only(check(tmp_path)).path == "who"
