from dataclasses import replace

from aggregates.note import decider
from tests.procedure_examples import note_written, write_note
from tests.spec import Given

empty = Given(decider)


def test_a_note_says_something_once() -> None:
    empty.when(write_note).then(note_written)
    empty.given(note_written).when(write_note).then()
    empty.when(replace(write_note, text=" ")).refused("note-empty")
