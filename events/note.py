"""What can happen to the internal notes of a case. They lie in a stream that no party is shown."""

from dataclasses import dataclass
from typing import TypeAlias

from events.ids import CaseId, NoteId
from events.personal import PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    case_id: CaseId
    note: NoteId
    text: PersonalText


NoteEvent: TypeAlias = NoteWritten
