"""Organisations that are not shipped: like one that is, under another name."""

import shutil
from pathlib import Path

LIKE = "vejle"


def newcomer(folder: Path, name: str, prefix: str) -> Path:
    """Write the folder of one more organisation, and give it; `prefix` begins its references.

    It files in the records system of the one that it is like, whose stand-in knows no other.
    """
    home = folder / name
    shutil.copytree(folder / LIKE, home)
    described = home / "organisation.yaml"
    text = described.read_text(encoding="utf-8")
    text = text.replace(f"id: {LIKE}\n", f"id: {name}\n")
    text = text.replace("reference_prefix: VEJ\n", f"reference_prefix: {prefix}\n")
    described.write_text(text, encoding="utf-8")
    return home
