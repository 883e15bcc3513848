"""A letter as PDF, as an answer that is saved and never shown within our pages."""

import asyncio

from starlette.responses import Response

from gateway.documents import SAVED, disposition
from services.catalogue.organisation import Organisation
from services.documents.kinds import PDF
from services.journal.letter import Letter
from services.journal.letterhead import letterhead_of
from services.journal.typesetting import pdf_of


def saved_letter(content: bytes, file_name: str) -> Response:
    headers = {
        **SAVED,
        "Content-Type": PDF.media_type,
        "Content-Disposition": disposition(file_name),
    }
    return Response(content, headers=headers)


async def typeset(letter: Letter, organisation: Organisation) -> Response:
    """Off the loop, for it takes its time."""
    content = await asyncio.to_thread(pdf_of, letter, letterhead_of(organisation))
    return saved_letter(content, letter.file_name)
