"""What can be asked of a case's internal notes."""

from dataclasses import dataclass
from typing import TypeAlias

from events.ids import CaseId, NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    case_id: CaseId
    note: NoteId
    text: str


NoteCommand: TypeAlias = WriteNote
