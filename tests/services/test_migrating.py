"""Starting and migrating: by many at once, forwards only, and not past a difference."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from services import embedded
from services.config import ROOT
from services.database import BadSchemaName, connect, schema_name
from services.migrating import (
    FOLDER,
    DatabaseNewer,
    MigrationChanged,
    MigrationsMissing,
    migrate,
    require_current,
)
from tests.postgres import drop

PROCESSES = 8
ORGANISATIONS = ("hjorring", "vejle", "sikkerhedsstyrelsen")
NUMBERS = [int(path.name[:4]) for path in sorted(FOLDER.glob("*.sql"))]

STARTER = f"""
import sys
from pathlib import Path
from services import embedded
from services.eventstore.store import PostgresEventStore
from services.migrating import migrate, require_current
from tests.keys import RING
from tests.services.writes import cancelled, command, to

with embedded.running(Path(sys.argv[1])) as conninfo:
    for organisation in {ORGANISATIONS!r}:
        migrate(conninfo, organisation)
        require_current(conninfo, organisation)
        with PostgresEventStore(conninfo, organisation, RING) as store:
            print(store.append([command(to(f"case-{{sys.argv[2]}}", 0, cancelled()))]))
"""

HOLDER = """
import sys, time
from pathlib import Path
from services import embedded

with embedded.running(Path(sys.argv[1])):
    print("running", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # our own code
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="julelys-") as folder:
        yield Path(folder) / "data"


def test_eight_processes_start_and_migrate_an_empty_folder_at_once(data: Path) -> None:
    processes = [start(STARTER, str(data), str(number)) for number in range(PROCESSES)]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        assert output.count("Written(") == len(ORGANISATIONS), output

    with pytest.raises(embedded.ServerNotRunning):
        embedded.address(data)
    with embedded.running(data) as conninfo:
        for organisation in ORGANISATIONS:
            assert migrate(conninfo, organisation) == []
            with connect(conninfo, organisation) as db:
                assert db.execute("SELECT count(*) FROM events").fetchall() == [(PROCESSES,)]
        with psycopg.connect(conninfo) as shared:
            slots = shared.execute("SELECT slot FROM julelys.organisation ORDER BY slot").fetchall()
    assert slots == [(1,), (2,), (3,)]


def test_a_killed_user_does_not_keep_the_server_running(data: Path) -> None:
    holder = start(HOLDER, str(data))
    assert holder.stdout is not None
    assert any("running" in line for line in holder.stdout)
    with embedded.running(data) as conninfo:
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=10)
        holder.stdout.close()
        with psycopg.connect(conninfo) as db:
            [(connections,)] = db.execute("SHOW max_connections").fetchall()
            assert int(connections) >= 200

    with pytest.raises(embedded.ServerNotRunning):
        embedded.address(data)


def test_a_server_killed_with_its_machine_is_started_again(data: Path) -> None:
    with embedded.running(data) as conninfo:
        migrate(conninfo, "hjorring")
        info = (data / "postgres" / "postmaster.pid").read_text()
    # After a reboot the file is still there and its number is some other process's.
    (data / "postgres" / "postmaster.pid").write_text("1\n" + info.split("\n", 1)[1])

    with embedded.running(data) as conninfo:
        assert migrate(conninfo, "hjorring") == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE {schema}.one (n int);")
    return tmp_path


@pytest.fixture
def name(postgres: str) -> Iterator[str]:
    yield "migrating-test"
    drop(postgres, "migrating-test")


def test_each_file_is_applied_once(postgres: str, name: str, folder: Path) -> None:
    assert migrate(postgres, name, folder=folder) == [1]
    (folder / "0002_two.sql").write_text("CREATE TABLE {schema}.two AS SELECT {slot} AS slot;")
    assert migrate(postgres, name, folder=folder) == [2]
    assert migrate(postgres, name, folder=folder) == []
    with connect(postgres, name) as db:
        applied = db.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
        slots = db.execute(
            "SELECT two.slot = o.slot FROM two, julelys.organisation o WHERE organisation = %s",
            [name],
        )
        assert slots.fetchall() == [(True,)]
    assert applied == [(1, "0001_one"), (2, "0002_two")]


def test_a_file_that_fails_leaves_nothing_of_itself(postgres: str, name: str, folder: Path) -> None:
    (folder / "0002_two.sql").write_text("CREATE TABLE {schema}.two (n int); SELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(postgres, name, folder=folder)

    with connect(postgres, name) as db:
        assert db.execute("SELECT to_regclass('two'), to_regclass('one') IS NULL").fetchall() == [
            (None, False)
        ]
    with pytest.raises(MigrationsMissing, match=r"0002_two.*python -m gateway migrate"):
        require_current(postgres, name, folder=folder)


def test_an_edited_file_is_refused(postgres: str, name: str, folder: Path) -> None:
    migrate(postgres, name, folder=folder)
    (folder / "0001_one.sql").write_text("CREATE TABLE {schema}.one (n bigint);")

    with pytest.raises(MigrationChanged, match="0001_one"):
        migrate(postgres, name, folder=folder)
    with pytest.raises(MigrationChanged, match="new migration"):
        require_current(postgres, name, folder=folder)


def test_a_database_newer_than_the_code_is_refused(postgres: str, name: str, folder: Path) -> None:
    (folder / "0002_two.sql").write_text("SELECT 1;")
    migrate(postgres, name, folder=folder)
    (folder / "0002_two.sql").unlink()

    with pytest.raises(DatabaseNewer, match="0002_two"):
        migrate(postgres, name, folder=folder)
    with pytest.raises(DatabaseNewer, match="Deploy"):
        require_current(postgres, name, folder=folder)


def test_what_was_never_migrated_is_not_current(postgres: str, name: str) -> None:
    with pytest.raises(MigrationsMissing, match=r"'migrating-test' lacks .*gateway migrate$"):
        require_current(postgres, name)
    assert migrate(postgres, name) == NUMBERS
    require_current(postgres, name)


def test_one_organisation_does_not_see_another(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db, psycopg.connect(postgres) as plain:
        assert db.execute("SHOW search_path").fetchall() == [(f'"{organisation}"',)]
        assert db.execute("SHOW TimeZone").fetchall() == [("UTC",)]
        with pytest.raises(psycopg.errors.UndefinedTable):
            plain.execute(SQL("SELECT * FROM {}").format(Identifier("events")))


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "Vejle",
        "public",
        "julelys",
        "pg_x",
        "a b",
        "a;b",
        '"',
        "1a",
        "a" * 41,
        "information_schema",
    ],
)
def test_names_that_a_schema_cannot_have_are_refused(bad: str) -> None:
    with pytest.raises(BadSchemaName):
        schema_name(bad)
