"""What of others' we run: locked to its bytes, no more than is needed, and described.

Whether any of it has a known hole is asked of a database of such holes, which is not here: how and
how often, and how soon one is mended, stands in docs/components.md.
"""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.config import ROOT

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN: Final = {each.name: each for each in map(Requirement, PROJECT["dependencies"])}
WORK: Final = {
    each.name: each for each in map(Requirement, PROJECT["optional-dependencies"]["dev"])
}
PINNED: Final = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][a-z0-9.+]*)")
HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(path: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Version and hashes of each package; a line of any other kind is a mistake."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    text = re.sub(r"^ *#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    for line in filter(None, text.replace("\\\n", " ").splitlines()):
        pinned, *hashes = line.split()
        match = PINNED.fullmatch(pinned)
        assert match is not None, line
        assert hashes, line
        assert all(HASH.fullmatch(each) for each in hashes), line
        assert match["name"] not in found, line
        found[match["name"]] = (match["version"], frozenset(hashes))
    return found


WHOLE: Final = locked(ROOT / "requirements.txt")
IMAGE: Final = locked(ROOT / "requirements-image.txt")


def test_every_component_is_locked_to_its_bytes_and_comes_from_nowhere_by_name() -> None:
    assert len(WHOLE) > len(IMAGE) > len(RUN)


@pytest.mark.parametrize("name", [*RUN, *WORK])
def test_what_is_asked_for_is_locked_at_a_version_that_will_do(name: str) -> None:
    asked = RUN.get(name) or WORK[name]
    assert asked.url is None
    assert asked.specifier, "A floor, so that nobody gets an old one with known holes."
    assert asked.specifier.contains(WHOLE[canonicalize_name(name)][0])


def test_the_image_has_what_is_run_in_the_versions_that_were_tested() -> None:
    assert {name: WHOLE[name] for name in IMAGE} == IMAGE
    assert {canonicalize_name(name) for name in RUN} <= IMAGE.keys()
    # The embedded PostgreSQL brings psutil along.
    assert IMAGE.keys() & {canonicalize_name(name) for name in WORK} == {"psutil"}


@pytest.mark.parametrize("name", sorted(IMAGE))
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    assert version(name) == IMAGE[name][0]


def test_the_image_is_made_of_the_lock_and_our_folders_and_runs_as_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY")]
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert sorted(name for names in copied for name in names) == sorted(
        {*folders, "organisations", "requirements-image.txt"}
        | {"requirements-node.txt", "gateway/web", "--from=assets", "/app/.assets"}
    )
    assert not [line for line in lines if line.startswith("ADD")]
    for locked in ("requirements-image.txt", "requirements-node.txt"):
        assert any(f"--require-hashes --requirement {locked}" in line for line in lines)
    assert lines.index("USER julelys") > max(
        number for number, line in enumerate(lines) if line.startswith(("COPY", "RUN"))
    )
    assert {".git", ".venv", ".data", "tests"} <= {
        *(ROOT / ".dockerignore").read_text("utf-8").splitlines()
    }


def test_every_component_we_ask_for_is_described() -> None:
    table = (ROOT / "docs" / "components.md").read_text("utf-8")
    described = re.findall(r"^\| `([A-Za-z0-9-]+)` \|", table, re.MULTILINE)
    assert sorted(described) == sorted(RUN)
