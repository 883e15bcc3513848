"""Plain text: UTF-8 throughout, and not a web page or program under another name."""

import codecs
import re
from pathlib import Path
from typing import Final

from services.refusals import DocumentRefused

_CHUNK: Final = 64 * 1024
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SNIFFED: Final = 4_096
"""Browsers look at fewer bytes than these when they guess (WHATWG MIME Sniffing § 5.2: 1,445)."""

_ACTIVE: Final = re.compile(
    r"\A\s*(?:<[!?a-z]|#!|\{\\rtf|%!PS|From .+\nReceived|MIME-Version:)"
    r"|<(?:script|html|body|iframe|svg|object|embed)[\s>/]|<!doctype|<\?(?:php|xml)",
    re.IGNORECASE,
)
_RUNS: Final = re.compile(r"\A#!|<(?:script|html|iframe|svg)[\s>/]|<!entity|<\?php", re.IGNORECASE)


def inspect(path: Path) -> None:
    """Raises DocumentRefused: `document-type-refused`, because it is something else."""
    head = _readable(path)
    if head is None or _ACTIVE.search(head):
        raise DocumentRefused("document-type-refused")


def is_harmless(content: bytes) -> bool:
    """Whether all of this is text, XML included and web pages not."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(written) and not _RUNS.search(written)


def _readable(path: Path) -> str | None:
    """The beginning, if the whole has no control signs but line ends, tabs and form feeds."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    head = ""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoded = decoder.decode(chunk)
                if _CONTROLS.search(decoded):
                    return None
                head += decoded[: max(_SNIFFED - len(head), 0)]
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return head
