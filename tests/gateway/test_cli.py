"""The command line as people use it: real processes against a real database."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from projections.catalogue import PROJECTIONS
from services.clock import SystemClock
from services.config import ROOT, own_environment
from services.core import open_core
from services.database import connect
from services.demo.bidders import Places
from services.demo.seeding import seed
from services.migrating import FOLDER
from services.preparing import prepare
from services.privacy.person_keys import PersonKeys
from services.projecting.standing import Standing, standings
from services.replay import cases
from tests.gateway.running import wait_until
from tests.keys import RING
from tests.shipped import ORGANISATIONS


class Shell:
    """Runs `python -m gateway` with its own data folder and database."""

    def __init__(self, data: Path, conninfo: str) -> None:
        self.data, self.conninfo = data, conninfo
        self.environment = own_environment(
            JULELYS_DATA=str(data), JULELYS_DATABASE_URL=conninfo, COLUMNS="200"
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gateway", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)


@pytest.fixture
def shell(tmp_path: Path, database: str) -> Shell:
    return Shell(tmp_path, database)


@pytest.fixture
def seeded(shell: Shell) -> Iterator[tuple[Shell, UUID]]:
    """Migrated and filled; with the id of a case of Hjørring."""
    organisations = ORGANISATIONS
    for name in organisations:
        prepare(shell.conninfo, name)
    with open_core(shell.conninfo, organisations["hjorring"], RING) as core:
        at = Places(
            documents=shell.data / "documents" / "hjorring",
            bids=shell.data / "bids" / "hjorring",
            keys=shell.data / "committee-keys",
        )
        seed(core, SystemClock().now(), at)
        first, _ = next(cases(core.store))
        yield shell, first


def test_migrating_twice_applies_everything_once(shell: Shell) -> None:
    first, again = shell.run("migrate"), shell.run("migrate")

    assert (first.returncode, again.returncode) == (0, 0)
    assert f"hjorring: {len(list(FOLDER.glob('*.sql')))} migrations applied" in first.stdout
    assert "hjorring: 0 migrations applied" in again.stdout


def test_a_process_says_that_the_database_is_not_migrated(shell: Shell) -> None:
    refused = shell.run("work")

    assert refused.returncode == 1
    assert "python -m gateway migrate" in refused.stdout
    assert "Traceback" not in refused.stderr


def test_a_token_is_made_in_demo_mode_only_and_for_known_persons(shell: Shell) -> None:
    assert shell.run("token", "anna").returncode == 1
    assert shell.run("token", "nobody", JULELYS_DEMO="1").returncode == 1

    made = shell.run("token", "anna", JULELYS_DEMO="1")

    assert made.returncode == 0
    assert made.stdout.count(".") == 2


def test_the_shipped_catalogue_has_no_mistakes(shell: Shell) -> None:
    checked = shell.run("catalogue", "check")

    assert checked.returncode == 0
    assert "no mistakes" in checked.stdout


def test_a_mistake_in_the_catalogue_is_shown_with_file_and_line(
    shell: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "wrong"
    (folder / "testby" / "services").mkdir(parents=True)
    (folder / "testby" / "organisation.yaml").write_text("id: testby\nnaem: {}\n")

    checked = shell.run("catalogue", "check", JULELYS_ORGANISATIONS=str(folder))

    assert checked.returncode == 1
    assert "organisation.yaml:2: naem:" in checked.stdout
    assert "Did you mean 'name'?" in checked.stdout


def test_a_case_is_replayed_now_and_as_it_was_before_it_began(
    seeded: tuple[Shell, UUID],
) -> None:
    shell, case = seeded
    now = shell.run("replay", str(case))
    before = shell.run("replay", str(case), "--as-of", "2020-01-01T00:00:00")
    everything = shell.run("replay")

    assert now.returncode == 0
    assert "case.opened.v1" in now.stdout
    assert before.returncode == 1
    assert "had no case" in before.stdout
    assert re.search(r"^[1-9][0-9]* cases replayed", everything.stdout, re.MULTILINE)


def standing(shell: Shell) -> list[Standing]:
    with connect(shell.conninfo, "hjorring") as db:
        return standings(db)


def test_views_are_built_listed_verified_and_found_out_when_they_lie(
    seeded: tuple[Shell, UUID],
) -> None:
    shell, _ = seeded
    worker = shell.start("work")
    try:
        wait_until(lambda: all(each.lag_facts == 0 for each in standing(shell)), seconds=60)
        listed = shell.run("projections", "list", "--organisation", "hjorring").stdout
        assert listed.count("0 facts") == len(PROJECTIONS)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0

    assert shell.run("projections", "rebuild", "timeline").returncode == 0
    restored = shell.run("projections", "restore", "timeline", "--organisation", "hjorring")
    assert "generation 1 is live" in restored.stdout
    assert shell.run("projections", "verify").returncode == 0
    assert shell.run("projections", "parked").returncode == 0
    assert shell.run("projections", "retry").returncode == 0
    with connect(shell.conninfo, "hjorring") as db:
        db.execute("UPDATE caseload SET subject = 'tampered'")
    lied = shell.run("projections", "verify", "caseload", "--organisation", "hjorring")
    assert lied.returncode == 1
    compared, differ = map(int, re.findall(r"(\d+) (?:rows compared|differ)", lied.stdout))
    # Each row as it is and as it should be.
    assert differ == 2 * compared > 0
    assert shell.run("projections", "rebuild", "no-such-view").returncode == 2


def test_the_journal_is_listed_and_what_is_not_refused_is_not_retried(
    seeded: tuple[Shell, UUID],
) -> None:
    shell, _ = seeded
    listed = shell.run("journal", "list")
    assert (listed.returncode, "0 entries" in listed.stdout) == (0, True), listed.stderr
    retried = shell.run("journal", "retry", str(UUID(int=7)))
    assert (retried.returncode, "has no entry" in retried.stdout) == (1, True)
    unknown = shell.run("journal", "list", "--organisation", "nowhere")
    assert (unknown.returncode, "There is no organisation" in unknown.stdout) == (1, True)


def test_a_records_system_that_does_not_answer_is_said_to_be_away(
    seeded: tuple[Shell, UUID], tmp_path: Path
) -> None:
    """The settings are the shipped ones, but for a port at which nobody answers."""
    shell, _ = seeded
    organisations = tmp_path / "organisations"
    shutil.copytree(ROOT / "organisations", organisations)
    file = organisations / "hjorring" / "esdh.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(":8801", ":9"), encoding="utf-8")
    asked = shell.run(
        "journal", "check", JULELYS_DEMO="1", JULELYS_ORGANISATIONS=str(organisations)
    )
    assert (asked.returncode, "does not answer" in asked.stdout) == (2, True), asked.stderr


def test_secrets_that_are_missing_are_named_with_the_line_that_wants_them(
    seeded: tuple[Shell, UUID],
) -> None:
    shell, _ = seeded
    asked = shell.run("journal", "check", JULELYS_DEMO="")
    assert asked.returncode == 1
    assert "esdh.yaml:" in asked.stdout
    assert "JULELYS_HJORRING_SBSYS_PASSWORD" in asked.stdout


def test_keys_are_listed_wrapped_anew_and_checked(shell: Shell) -> None:
    prepare(shell.conninfo, "hjorring")
    people = [f"person:{number}" for number in range(7)]
    with connect(shell.conninfo, "hjorring") as db:
        keys = PersonKeys("hjorring", RING)
        keys.prepare(db, people)
        keys.destroy(db, people[0])
    new = {"JULELYS_KEK_NEXT": "ab" * 32, "JULELYS_KEK_CURRENT": "next"}

    assert re.search(r"hjorring +│ test +│ yes +│ 6 +│ 1 ", shell.run("keys", "list").stdout)
    rotated = shell.run("keys", "rotate", **new)
    assert "6 keys are wrapped by 'next' now" in rotated.stdout, rotated.stderr
    assert re.search(r"hjorring +│ next +│ yes +│ 6 +│ 0 ", shell.run("keys", "list", **new).stdout)
    checked = shell.run("keys", "check", **new)
    assert (checked.returncode, "6 keys open, 1 are destroyed" in checked.stdout) == (0, True)
    without = shell.run("keys", "check")
    assert (without.returncode, "JULELYS_KEK_NEXT" in without.stdout) == (1, True)
    with connect(shell.conninfo, "hjorring") as db:
        db.execute("UPDATE person_key SET person = 'person:bo' WHERE person = %s", [people[1]])
    assert shell.run("keys", "check", **new).returncode == 1
    assert shell.run("keys", "list", "--organisation", "nowhere").returncode == 2


def test_no_process_begins_without_the_key_of_what_is_there(shell: Shell) -> None:
    prepare(shell.conninfo, "hjorring")
    with connect(shell.conninfo, "hjorring") as db:
        PersonKeys("hjorring", RING).prepare(db, ["person:anna"])
    none = {"JULELYS_KEK_TEST": ""}
    for command in ("serve", "work", "post"):
        refused = shell.run(command, **none)
        assert refused.returncode == 1, command
        assert "openssl rand -hex 32" in refused.stdout.replace("\n", " "), command


def test_the_published_schemas_are_those_of_the_events(shell: Shell) -> None:
    assert shell.run("asyncapi", "--check").returncode == 0
