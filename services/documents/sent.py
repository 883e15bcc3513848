"""What is known of a file before anybody has looked into it."""

from dataclasses import dataclass

from events.document import Document
from events.ids import DocumentId
from services.documents import kinds
from services.documents.spooling import Spooled


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What its sender says of a file, and what it is: `size` in bytes."""

    name: str
    declared: str | None = None
    charset: str | None = None
    size: int
    sha256: str

    def unknown(self, document_id: DocumentId) -> Document:
        """As a document of which nothing is known but its bytes."""
        return Document(
            document_id=document_id,
            sha256=self.sha256,
            name=kinds.clean_name(self.name) or str(document_id),
            media_type="application/octet-stream",
            size=self.size,
        )


def sent_as(spooled: Spooled) -> Sent:
    segment = spooled.segment
    return Sent(
        name=segment.filename or "",
        declared=segment.content_type,
        charset=segment.charset,
        size=spooled.size,
        sha256=spooled.sha256,
    )
