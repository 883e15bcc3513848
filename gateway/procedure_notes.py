"""Routes for what colleagues write to each other on a case; no party gets past their door."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from commands.note import WriteNote
from events.ids import NoteId
from gateway.bodies import Body
from gateway.commanding import carry_out, naming
from gateway.door import OnCase, admit_to_case
from gateway.fields import LongText
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.routers import router_of
from gateway.sentences import name_of
from gateway.shapes import Shape, shaped
from projections import notes
from services.authorisation import Action
from services.ids import new_id
from services.lookups.lookup import Shown

router: Final = router_of("procedure", "/cases/{case_id}/notes")


class NoteBody(Body):
    text: LongText


class NoteMadeShape(Shape):
    note: UUID


class NoteShape(NoteMadeShape):
    text: str
    by: str
    written_at: datetime


class NotesShape(Shape):
    notes: list[NoteShape]


@router.get(
    "",
    summary="The internal notes of a case, for the team that has it",
    response_model=NotesShape,
    responses=problems_of("case-not-found"),
)
async def list_notes(
    on: Annotated[OnCase, Depends(admit_to_case(Action.READ_NOTES, "notes", shows=Shown.NOTES))],
) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await notes.of_case(db, on.case_id)
    shape = NotesShape(
        notes=[
            NoteShape(
                note=each.note,
                text=each.text,
                by=name_of(each.written_by, on.asked.language, on.asked.names),
                written_at=each.written_at,
            )
            for each in found
        ]
    )
    return shaped(shape)


@router.post(
    "",
    status_code=201,
    summary="Write an internal note, also on a closed case",
    response_model=NoteMadeShape,
    responses=problems_of("case-not-found", "note-empty"),
)
async def write_note(
    on: Annotated[OnCase, Depends(admit_to_case(Action.WRITE_NOTE, shows=None))],
    order: Making,
    body: NoteBody,
) -> Response:
    note = NoteId(new_id())
    command = WriteNote(case_id=on.case_id, note=note, text=body.text)
    return await carry_out(on.asked, order, command, render=naming("note", note))
