"""What is in a file: which kind it is, what speaks against keeping it, what a person must see.

Runs in a process of its own (`services.documents.inspecting`), for the file may be made to harm
whoever reads it.
"""

from pathlib import Path
from typing import Final

from services.documents import kinds, polyglots
from services.documents.suspicion import Inspected, Suspicion
from services.refusals import DocumentRefused

HEAD_BYTES: Final = 4_096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")


def inspect(path: Path) -> Inspected:
    """Look into a file.

    Raises:
        DocumentRefused: it is of no kind we take, or not to be kept; see docs/documents.md.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if head.startswith(_OLE) and _contains(path, _LOCKED_OFFICE):
        # A password turns an office file into another format, whose contents nobody can check.
        raise DocumentRefused("document-encrypted")
    kind = kinds.by_signature(head)
    if kind is None:
        return _text(path)
    polyglots.refuse_second_format(path, kind)
    suspicions = _pdf(path) if kind is kinds.PDF else _picture(path)
    return Inspected(kind.media_type, suspicions)


# One process looks into one file: with what that needs, and nothing else, it starts in half the
# time.


def _office(path: Path) -> Inspected:
    from services.documents import office  # noqa: PLC0415 - see above

    return office.inspect(path)


def _text(path: Path) -> Inspected:
    from services.documents import text  # noqa: PLC0415 - see above

    text.inspect(path)
    return Inspected(kinds.TEXT.media_type, frozenset())


def _pdf(path: Path) -> frozenset[Suspicion]:
    from services.documents import pdf  # noqa: PLC0415 - see above

    return pdf.inspect(path)


def _picture(path: Path) -> frozenset[Suspicion]:
    from services.documents import pictures  # noqa: PLC0415 - see above

    return pictures.inspect(path)


def _contains(path: Path, wanted: bytes) -> bool:
    overlap = len(wanted) - 1
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            if wanted in before + chunk:
                return True
            before = chunk[-overlap:]
    return False
