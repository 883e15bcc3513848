"""The command line for those who describe services."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli_catalogue import app
from services.config import ROOT
from tests.services.test_catalogue_mistakes import SERVICE, put

SHIPPED = ROOT / "organisations"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, env={"JULELYS_ORGANISATIONS": str(folder)})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def draft(folder: Path, version: int = 3, old: str = "", new: str = "") -> Path:
    path = folder / "testby" / "services" / f"visit.v{version}.yaml"
    service = SERVICE.replace("version: 2", f"version: {version}").replace(old, new)
    path.write_text(service, encoding="utf-8")
    return path


def test_two_versions_are_compared_by_name_and_by_file(tmp_path: Path) -> None:
    put(tmp_path)
    path = draft(tmp_path, 3, "login_level: low", "login_level: high")
    for new in ("visit.v3", "visit", str(path)):
        code, told = run(tmp_path, "diff", "visit.v2", new, "--organisation", "testby")
        assert code == 0
        assert told == (
            "login_level\n  ~ login_level: low → high\n"
            "Cases that began under version 2 keep its form, texts and deadlines.\n"
        )
    code, told = run(tmp_path, "diff", "visit.v2", "visit.v2", "--organisation", "testby")
    assert (code, told) == (0, "They say the same.\n")


def test_a_draft_is_checked_previewed_published_and_then_kept(tmp_path: Path) -> None:
    put(tmp_path)
    path = draft(tmp_path)
    whose = ("--organisation", "testby")
    code, told = run(tmp_path, "check")
    assert code == 0
    assert "testby: visit.v3 is a draft" in told
    code, told = run(tmp_path, "preview", "visit", *whose, "--on", "2026-11-26")
    assert code == 0
    assert "(visit.v3)" in told
    assert run(tmp_path, "publish", "visit", *whose) == (0, "testby: visit.v3 is published.\n")
    assert run(tmp_path, "check") == (0, "2 services of 1 organisations: no mistakes\n")
    path.write_text(path.read_text(encoding="utf-8").replace("Besøg", "Visit"), encoding="utf-8")
    code, told = run(tmp_path, "check")
    assert code == 1
    assert "write version 4 in visit.v4.yaml" in told


def test_answers_of_ones_own_are_judged_and_shown(tmp_path: Path) -> None:
    put(tmp_path)
    own = tmp_path / "answers.json"
    preview = ("preview", "visit", "--organisation", "testby", "--answers", str(own))
    own.write_text(json.dumps({"reason": "look", "persons": 4}), encoding="utf-8")
    code, told = run(tmp_path, *preview, "--language", "en", "--on", "2026-11-26")
    assert code == 0
    assert "Why *  [one option]: Look" in told
    assert "- Map (The way)" in told
    own.write_text(json.dumps({"reason": "sing", "persons": 40}), encoding="utf-8")
    code, told = run(tmp_path, *preview)
    assert code == 1
    assert told == (
        "reason: Vælg blandt disse: talk, look.\npersons: Tallet er for stort: højst 9.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("preview", "vist", "--organisation", "testby"), "no service 'vist'. There are: visit."),
        (("preview", "visit", "--organisation", "nowhere"), "There are: testby."),
        (("preview", "visit.v9.yaml"), "There is no file 'visit.v9.yaml'."),
        (("diff", "visit.v2", "visit.v3", "--organisation", "testby"), "no service 'visit.v3'"),
        (("publish", "visit", "--organisation", "testby"), "is published already"),
        (("preview", "visit", "--organisation", "testby", "--answers", "none.json"), "as JSON"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    code, told = run(put(tmp_path), *arguments)
    assert code == 1
    assert reason in told


def test_a_draft_with_mistakes_is_not_previewed(tmp_path: Path) -> None:
    put(tmp_path)
    draft(tmp_path, 3, "{reason}", "{raeson}")
    code, told = run(tmp_path, "preview", "visit", "--organisation", "testby")
    assert code == 1
    assert "visit.v3.yaml:10: subject: Nothing fills '{raeson}'" in told
