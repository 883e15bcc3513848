"""What can be asked about papers and messages that a case already has."""

from dataclasses import dataclass
from typing import TypeAlias

from events.document import Document
from events.ids import CaseId, DocumentId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRedactedCopy:
    case_id: CaseId
    original: DocumentId
    document: Document
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """`by_party`: whether the party opens it, or the authority."""

    case_id: CaseId
    message: MessageId
    by_party: bool


PaperCommand: TypeAlias = AddRedactedCopy | ReadMessage
