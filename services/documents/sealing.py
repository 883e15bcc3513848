"""What a document is called, and why somebody decided about it, sealed by its sender's key."""

from psycopg import AsyncConnection, Connection

from events.document import Document
from events.ids import DocumentId
from services.database import Row
from services.privacy.person_keys import PersonKeys
from services.privacy.words import sealed_words


async def sealed_name(
    db: AsyncConnection[Row], keys: PersonKeys, document: Document, owner: str
) -> str:
    """The same for the same upload, so that a repeated one is known by it."""
    place = f"document_id={document.document_id}/name"
    return sealed_words(await keys.of_one(db, owner), owner, place, document.name)


def sealed_reason(
    db: Connection[Row], keys: PersonKeys, document: DocumentId, owner: str, reason: str
) -> str:
    place = f"document_id={document}/reason"
    return sealed_words(keys.prepare(db, [owner]), owner, place, reason)
