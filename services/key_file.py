"""A key that is made once and kept in a file: for the demo, which has nobody to choose one."""

import os
import secrets
from pathlib import Path
from typing import Final

KEY_BYTES: Final = 32


def key_in(path: Path) -> bytes:
    """The key, made by whichever process comes first and read by all others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        own = path.with_name(f"{path.stem}.{secrets.token_hex(8)}.tmp")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        try:
            # A link appears whole or not at all, and never replaces another's key.
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_bytes()
