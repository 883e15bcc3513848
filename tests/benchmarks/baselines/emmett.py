"""Emmett's PostgreSQL store, on Node: fetched by npm once, and one process for each writer."""

import shutil
import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from tests.benchmarks.messages import EVENTS_PER_STREAM, TEXT

HERE: Final = Path(__file__).parent
MANIFEST: Final = HERE.parent / "package.json"


class NodeMissing(Exception):
    """Node, npm or the packages cannot be had on this machine; says which."""


def packages(folder: Path) -> Path:
    """Have the npm packages of package.json below `folder`; give the folder they are in.

    Raises:
        NodeMissing: what stands in the way.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NodeMissing("node and npm are not on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    if not _is_current(folder):
        shutil.copy(MANIFEST, folder / MANIFEST.name)
        done = subprocess.run(
            [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            (folder / MANIFEST.name).unlink()
            raise NodeMissing(f"npm install failed: {done.stderr.strip()[-300:]}")
    # Node looks for packages beside the script, not beside whoever runs it.
    shutil.copy(HERE / "emmett.mjs", folder / "emmett.mjs")
    return folder


def install(node: Path, conninfo: str) -> None:
    """Create the store's schema by its own migration."""
    command = [*_command(node, conninfo), "install"]
    subprocess.run(command, check=True, capture_output=True)


def writers(node: Path, conninfo: str, count: int) -> list[list[str]]:
    return [_command(node, conninfo) for _ in range(count)]


def _is_current(folder: Path) -> bool:
    installed = folder / MANIFEST.name
    return (
        installed.exists()
        and installed.read_text() == MANIFEST.read_text()
        and (folder / "node_modules" / "@event-driven-io").is_dir()
    )


def _command(node: Path, conninfo: str) -> list[str]:
    given = conninfo_to_dict(conninfo)
    # The host in the query, because a URL's own host cannot be the folder of a Unix socket.
    url = (
        f"postgresql://{given['user']}:none@localhost/{given['dbname']}"
        f"?host={quote(str(given['host']), safe='')}&port={given['port']}"
    )
    return ["node", str(node / "emmett.mjs"), url, TEXT, str(EVENTS_PER_STREAM)]
