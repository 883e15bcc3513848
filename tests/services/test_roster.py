"""A process takes up what was added and it has the files of; a mistake harms its owner only."""

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.adding import add, to_migrate
from services.catalogue.mistakes import CatalogueInvalid
from services.config import ROOT, from_environment, secrets_now
from services.migrating import MigrationsMissing, migrate
from services.preparing import prepare
from services.roster import LOOK_SECONDS, Roster
from tests.newcomers import newcomer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hjørring and Vejle, and room for more."""
    organisations = tmp_path / "organisations"
    shutil.copytree(ROOT / "organisations", organisations)
    return organisations


def test_who_was_added_is_taken_up_once_and_whoever_was_not_is_not(
    database: str, folder: Path
) -> None:
    with Roster(database, folder) as roster:
        with pytest.raises(MigrationsMissing, match="gateway migrate"):
            roster.first()
        add(database, folder, "vejle")
        migrate(database, "hjorring")  # as an `add` that was interrupted leaves it
        assert [each.id for each in roster.first()] == ["vejle"]
        assert roster.arrivals() == []

        assert add(database, folder, "hjorring") == []
        prepare(database, "elsewhere")  # a neighbour whose files are on another machine
        assert [each.id for each in roster.arrivals()] == ["hjorring"]
        assert roster.arrivals() == []

        newcomer(folder, "viborg", "VIB")
        assert roster.arrivals() == []
        add(database, folder, "viborg")
        add(database, folder, "viborg")
        assert [each.id for each in roster.arrivals()] == ["viborg"]


def test_mistakes_are_told_by_file_and_line_and_leave_only_their_owner_out(
    database: str, folder: Path
) -> None:
    described = newcomer(folder, "aarhus", "VEJ") / "organisation.yaml"
    with pytest.raises(CatalogueInvalid, match=r"organisation.yaml:\d+: reference_prefix: .*vejle"):
        add(database, folder, "aarhus")
    time = 0.0
    prepare(database, "vejle")
    others = sorted(path.name for path in folder.glob("*/") if path.name != "aarhus")
    assert to_migrate(database, folder)[0] == others
    prepare(database, "aarhus")
    with Roster(database, folder, now=lambda: time) as roster, capture_logs() as said:
        assert [each.id for each in roster.first()] == ["vejle"]
        time += LOOK_SECONDS
        assert roster.arrivals() == []
        assert roster.left_out == {"aarhus": "CatalogueInvalid"}
        # Told once for as long as it is the same mistake.
        told = [line for line in said if line["event"] == "organisation_left_out"]
        assert [line["organisation"] for line in told] == ["aarhus"]
        assert "Choose another." in str(told[0]["mistakes"])

        text = described.read_text(encoding="utf-8").replace("fix: VEJ", "fix: AAR")
        described.write_text(text, encoding="utf-8")
        assert roster.arrivals() == []
        time += 2 * LOOK_SECONDS
        assert [each.id for each in roster.arrivals()] == ["aarhus"]
        roster.taken_up("aarhus")
        assert roster.left_out == {}


@pytest.mark.parametrize("name", ["pg_catalog", "public", "../vejle", "nowhere"])
def test_what_is_no_organisation_is_not_added(database: str, folder: Path, name: str) -> None:
    with pytest.raises(CatalogueInvalid, match=r"schema|Write one"):
        add(database, folder, name)
    with pytest.raises(MigrationsMissing), Roster(database, folder) as roster:
        roster.first()


def test_a_secret_may_come_after_the_start(tmp_path: Path) -> None:
    config = from_environment({"JULELYS_SECRETS": str(tmp_path), "JULELYS_A": "first"})
    assert secrets_now(config)["JULELYS_A"] == "first"
    (tmp_path / "JULELYS_VIBORG_KEY").write_text("later\n")
    assert secrets_now(config)["JULELYS_VIBORG_KEY"] == "later"
