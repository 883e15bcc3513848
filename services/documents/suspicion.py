"""What an inspection found: a kind, and what is set aside until a person has decided."""

from dataclasses import dataclass
from enum import StrEnum


class Suspicion(StrEnum):
    """Why a document is kept aside; permanent codes, told to its sender.

    Honest senders have such documents too and often cannot change them, so they are not refused.
    """

    ACTIVE_CONTENT = "document-active-content"
    """Scripts, programs to start, forms that send themselves, templates from elsewhere."""

    EMBEDDED_FILE = "document-embedded-file"
    """Another file inside that is more than a picture or plain text."""

    VIRUS_FOUND = "document-virus-found"
    """The scanner knows it. Kept, for a scanner errs."""

    NOT_INSPECTED = "document-not-inspected"
    """Too large or too intricate to be looked into within our limits."""


@dataclass(frozen=True, slots=True)
class Inspected:
    media_type: str
    suspicions: frozenset[Suspicion]
