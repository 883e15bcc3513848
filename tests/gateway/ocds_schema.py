"""The release schema of OCDS 1.1, as the standard's own package for merging carries it.

It lies among that package's tests, which no wheel brings; so its source is had from the registry,
by its hash, and kept for the next run.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

import pytest

from services.config import ROOT

SOURCE: Final = "ocdsmerge-0.8.0"
SHA256: Final = "a9f6d8f1e854b79d07d378f3effaaefcc2687efd52e9edacd89b6b4a79538160"
WITHIN: Final = f"{SOURCE}/tests/fixtures/release-schema-1__1__4.json"
KEPT: Final = ROOT / ".assets" / "ocds"


def release_schema() -> dict[str, object]:
    """Skips where it cannot be had."""
    archive = KEPT / f"{SOURCE}.tar.gz"
    if not archive.exists():
        _download(archive.parent)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        pytest.fail(f"{archive.name} is not what it was.")
    with tarfile.open(archive) as source:
        found = source.extractfile(WITHIN)
        assert found is not None
        schema: dict[str, object] = json.load(found)
    return schema


def _download(folder: Path) -> None:
    name, _, version = SOURCE.rpartition("-")
    wanted = ["--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"{name}=={version}"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip(f"No schema of OCDS 1.1: pip cannot get {SOURCE}.")
