"""The command line for what is set aside, as staff use it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from gateway import cli_documents
from services.config import ROOT
from services.documents.clamd import Clamd, ClamdAddress
from services.preparing import prepare
from tests.files import PDF, pdf
from tests.services.uploading import Uploads, body
from tests.services.virus_scanner import EICAR, SIGNATURE, a_port, small_clamd

SCRIPT = pdf(catalog="/OpenAction<</S/JavaScript/JS(a)>>")
FORM, VIRUS = str(UUID(int=1)), str(UUID(int=2))
WHY = ("--by", "Karen Kristensen", "--reason", "Kommunens egen formular")


class Desk:
    """Somebody at the command line of Hjørring, where two uploads are set aside."""

    def __init__(self, uploads: Uploads) -> None:
        self.uploads = uploads

    def does(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli_documents.app, ["quarantine", *arguments])

    def state(self, number: int) -> str:
        found = self.uploads.find(number)
        assert found is not None
        return found.state


@pytest.fixture
def address() -> ClamdAddress:
    return a_port()


@pytest.fixture
def desk(
    database: str, tmp_path: Path, address: ClamdAddress, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("JULELYS_DATA", str(tmp_path))
    monkeypatch.setenv("JULELYS_DATABASE_URL", database)
    monkeypatch.setenv("JULELYS_ORGANISATIONS", str(ROOT / "organisations"))
    monkeypatch.setenv("JULELYS_CLAMAV", f"{address.host}:{address.port}")
    monkeypatch.setattr(cli_documents.console, "width", 250)
    prepare(database, "hjorring")
    folder = tmp_path / "documents" / "hjorring"
    uploads = Uploads(database, "hjorring", folder, Clamd(address))
    with small_clamd(address):
        uploads.receive(body(SCRIPT, "Formular.pdf"))
        uploads.receive(body(EICAR, "Plan.txt"), number=2)
        yield Desk(uploads)


def test_staff_list_release_and_remove_and_say_who_and_why(desk: Desk) -> None:
    shown = desk.does("list")
    assert shown.exit_code == 0
    for told in (FORM, "Formular.pdf", "document-active-content", VIRUS, SIGNATURE, "2 documents"):
        assert told in shown.output
    assert desk.does("release", FORM).exit_code == 2
    assert desk.does("release", FORM, "--by", "Karen").exit_code == 2
    assert desk.does("remove", FORM, "--by", " ", "--reason", "a").exit_code == 1
    assert desk.state(1) == "quarantined"
    assert desk.does("release", FORM, *WHY).exit_code == 0
    assert desk.state(1) == "ready"
    refused = desk.does("release", VIRUS, *WHY)
    assert (refused.exit_code, SIGNATURE in refused.output) == (1, True)
    assert desk.state(2) == "quarantined"
    assert desk.does("remove", VIRUS, *WHY).exit_code == 0
    assert desk.state(2) == "removed"
    assert "0 documents" in desk.does("list").output


def test_a_false_alarm_is_let_through_by_who_says_so(desk: Desk) -> None:
    assert desk.does("release", VIRUS, *WHY, "--even-if-infected").exit_code == 0
    assert desk.state(2) == "ready"


def test_what_cannot_be_done_is_said_in_a_line(
    desk: Desk, address: ClamdAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = str(UUID(int=9))
    for wrong, said in {
        ("release", nothing, *WHY): "holds no document",
        ("remove", nothing, *WHY): "holds no document",
        ("list", "--organisation", "atlantis"): "no organisation",
    }.items():
        answer = desk.does(*wrong)
        assert (answer.exit_code, said in answer.output) == (1, True), answer.output
    monkeypatch.setenv("JULELYS_CLAMAV", f"{address.host}:{a_port().port}")
    away = desk.does("release", FORM, *WHY)
    assert (away.exit_code, "does not answer" in away.output) == (1, True)
    for setting in ("nonsense", ""):
        monkeypatch.setenv("JULELYS_CLAMAV", setting)
        assert "JULELYS_CLAMAV" in desk.does("scan").output
    assert desk.state(1) == "quarantined"


def test_what_waits_is_scanned_on_demand(desk: Desk) -> None:
    """It came while the scanner was away."""
    there = desk.uploads
    away = Uploads(there.conninfo, "hjorring", there.folder, Clamd(a_port(), seconds=1.0))
    assert away.receive(body(PDF, "Kort.pdf"), number=3).state == "waiting"
    assert "1 documents scanned" in desk.does("scan").output
    assert desk.state(3) == "ready"
