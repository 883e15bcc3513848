"""How an upload stands: let through, or held until a scanner or a person has looked at it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from events.document import Document
from events.ids import DocumentId
from services.documents.suspicion import Suspicion
from services.refusals import DocumentRefused

WAITING: Final = "document-waiting"
REMOVED: Final = "document-removed"


class State(StrEnum):
    """`waiting` for the scanner, `quarantined` for a person; only `ready` may be referred to."""

    READY = "ready"
    WAITING = "waiting"
    QUARANTINED = "quarantined"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a document is held: a permanent code, and what was found, for staff."""

    state: State
    code: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """`code` says why it is held or removed; None when it is ready. Otherwise as `Document`."""

    document_id: DocumentId
    sha256: str
    name: str
    media_type: str
    size: int
    state: str
    code: str | None

    def document(self) -> Document:
        return Document(
            document_id=self.document_id,
            sha256=self.sha256,
            name=self.name,
            media_type=self.media_type,
            size=self.size,
        )


def worst(suspicions: Collection[Suspicion], scanned: Hold | None) -> Hold | None:
    """The one reason that its sender is told; what the scanner found comes before all else."""
    if scanned is not None and scanned.state is State.QUARANTINED:
        return scanned
    if suspicions:
        found = ", ".join(sorted(suspicions))
        return Hold(State.QUARANTINED, min(suspicions, key=_ORDER.index), found)
    return scanned


def unusable(wanted: Sequence[DocumentId], known: Mapping[DocumentId, Upload]) -> DocumentRefused:
    """Why the first of the documents that cannot be referred to cannot."""
    for each in wanted:
        upload = known.get(each)
        if upload is None:
            return DocumentRefused("document-unknown", document=str(each))
        if upload.code is not None:
            return DocumentRefused(upload.code, document=str(each))
    raise AssertionError("All of them can be referred to.")


_ORDER: Final = tuple(Suspicion)
