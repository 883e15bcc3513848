"""What is published never changes, and what is not is not offered."""

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from services.catalogue.loading import check, load, read_home
from services.catalogue.mistakes import CatalogueInvalid
from services.catalogue.published import LOCK
from services.catalogue.publishing import NothingToPublish, publish
from services.config import ROOT
from services.esdh.template_check import check_templates
from tests.services.test_catalogue_mistakes import SERVICE, only, put

TODAY: Final = date(2026, 12, 1)


def draft(folder: Path, version: int, service: str = SERVICE) -> Path:
    path = folder / "testby" / "services" / f"visit.v{version}.yaml"
    path.write_text(service.replace("version: 2", f"version: {version}"), encoding="utf-8")
    return path


def test_a_draft_is_offered_once_it_is_published(tmp_path: Path) -> None:
    put(tmp_path)
    draft(tmp_path, 3)
    assert load(tmp_path).organisations["testby"].services["visit"].version == 2
    assert publish(tmp_path / "testby", "visit", TODAY) == ("visit", 3)
    offered = load(tmp_path).organisations["testby"]
    assert offered.services["visit"].version == 3
    assert offered.published_on["visit", 3] == TODAY


def test_a_drafts_mistakes_are_told_and_stop_nothing_but_its_publication(tmp_path: Path) -> None:
    put(tmp_path)
    draft(tmp_path, 3, SERVICE.replace("team: byggeri", "team: bygeri"))
    assert only(check(tmp_path)).path == "team"
    assert load(tmp_path).organisations["testby"].services["visit"].version == 2
    with pytest.raises(CatalogueInvalid):
        publish(tmp_path / "testby", "visit", TODAY)
    assert "visit.v3" not in (tmp_path / "testby" / LOCK).read_text(encoding="utf-8")


def test_a_published_version_that_was_edited_is_a_mistake(tmp_path: Path) -> None:
    path = put(tmp_path) / "testby" / "services" / "visit.v2.yaml"
    path.write_text(SERVICE.replace("days: 5", "days: 50"), encoding="utf-8")
    mistake = only(check(tmp_path))
    assert (mistake.file, mistake.line) == (path, 1)
    assert "Version 2 is published" in mistake.message.en
    assert "write version 3 in visit.v3.yaml" in mistake.remedy.en
    with pytest.raises(CatalogueInvalid):
        load(tmp_path)


def test_comments_and_quotes_and_line_ends_say_nothing(tmp_path: Path) -> None:
    path = put(tmp_path) / "testby" / "services" / "visit.v2.yaml"
    same = "# A comment.\n" + SERVICE.replace("id: visit", 'id: "visit"').replace("\n", "\r\n")
    path.write_bytes(same.encode())
    assert check(tmp_path) == []


def test_a_published_version_whose_file_is_gone_is_a_mistake(tmp_path: Path) -> None:
    (put(tmp_path) / "testby" / "services" / "visit.v2.yaml").unlink()
    mistake = only(check(tmp_path))
    assert (mistake.file.name, mistake.line) == (LOCK, 2)
    assert "Restore services/visit.v2.yaml" in mistake.remedy.en


@pytest.mark.parametrize(
    "line",
    [
        "visit.v2",
        "visit.v3 0123",
        "visit 0123 2026-12-01",
        "visit.vx 0123 2026-12-01",
        "visit.v3 0123 yesterday",
        "visit.v2 0123 2026-12-01",
    ],
)
def test_a_lock_that_was_edited_is_a_mistake(tmp_path: Path, line: str) -> None:
    put(tmp_path)
    lock = tmp_path / "testby" / LOCK
    lock.write_text(lock.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    mistake = only(check(tmp_path))
    assert (mistake.file, mistake.line) == (lock, 3)


def test_there_is_nothing_to_publish_twice(tmp_path: Path) -> None:
    home = put(tmp_path) / "testby"
    with pytest.raises(NothingToPublish, match=r"copy its file to visit\.v3\.yaml"):
        publish(home, "visit", TODAY)
    with pytest.raises(NothingToPublish, match="has no file"):
        publish(home, "vist", TODAY)


def test_a_template_that_the_records_system_does_not_have_is_a_mistake(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "organisations" / "hjorring", tmp_path / "hjorring")
    esdh = tmp_path / "hjorring" / "esdh.yaml"
    esdh.write_text(esdh.read_text(encoding="utf-8").replace('"1737":', '"1738":'))
    found = list(check_templates(read_home(tmp_path / "hjorring")))
    assert {(each.file.name, each.path) for each in found} == {
        ("building-meeting.v1.yaml", "esdh.template"),
        ("building-meeting.v2.yaml", "esdh.template"),
    }
    assert found[0].remedy.en == "Did you mean '1738'?"
