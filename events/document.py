"""A document as facts refer to it; its bytes lie in the document store under their hash."""

from dataclasses import dataclass

from events.ids import DocumentId
from events.personal import PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`size` in bytes; `sha256` as 64 hexadecimal digits."""

    document_id: DocumentId
    sha256: str
    name: PersonalText
    media_type: str
    size: int
