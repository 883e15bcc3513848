"""Where files lie under an organisation's folder, and how they get there whole.

`incoming/` while they are sent, `quarantine/` by document while they are set aside, and by their
hash once they are let through: nothing outside `path_of` is ever sent to anybody.
"""

import os
from pathlib import Path

from events.ids import DocumentId


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:]


def incoming(folder: Path) -> Path:
    return folder / "incoming"


def quarantine(folder: Path) -> Path:
    return folder / "quarantine"


def quarantine_path(folder: Path, document: DocumentId) -> Path:
    return quarantine(folder) / str(document)


def make_private(folder: Path) -> Path:
    """The folder, there from now on and closed to other users of the machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def move(temporary: Path, final: Path) -> None:
    """Put a file under its name for good: whole or not at all, also after a power cut."""
    make_private(final.parent)
    temporary.replace(final)
    _folder_to_disk(final.parent)


def let_through(held: Path, final: Path) -> None:
    """Give a held file its name in the store too; the old one is to be taken away after that.

    Raises:
        FileNotFoundError: it is not held.
    """
    make_private(final.parent)
    try:
        # A link appears whole or not at all.
        os.link(held, final)
    except FileExistsError:
        # The same content, as its name is its hash.
        return
    _folder_to_disk(final.parent)


def _folder_to_disk(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
