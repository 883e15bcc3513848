"""The rule of internal notes: they say something. They may be written at any time."""

from dataclasses import dataclass, replace

from aggregates.decider import Decider
from commands.note import NoteCommand
from commands.refusal import Refused
from events.ids import NoteId
from events.note import NoteEvent, NoteWritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    written: frozenset[NoteId] = frozenset()


def decide(command: NoteCommand, notes: Notes) -> list[NoteEvent]:
    if command.note in notes.written:
        return []
    if not command.text.strip():
        raise Refused("note-empty", "A note must say something.")
    return [NoteWritten(case_id=command.case_id, note=command.note, text=command.text)]


def evolve(notes: Notes, event: NoteEvent) -> Notes:
    return replace(notes, written=notes.written | {event.note})


decider = Decider(initial=Notes(), decide=decide, evolve=evolve)
