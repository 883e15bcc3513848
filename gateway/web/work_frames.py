"""What stands in a frame of a case's page: a document, or the letter of a decision to come."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.case_shapes import CaseShape
from gateway.headers import SAFE_HEADERS
from gateway.web.asking import File, NotDone, Told
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.work_acts import decision_of

PDF: Final = "application/pdf"
SHOWN_AT_MOST: Final = 20 * 1024 * 1024
"""Bytes of a document that is shown; a larger one is saved and opened."""

_WITHIN_OURS: Final = "default-src 'none'; frame-ancestors 'self'"
"""A PDF is shown by the browser's own viewer, which is no page of ours; should anything ever take
it for one, nothing in it runs.
"""


async def document(visit: Visit) -> Response:
    """A document of the case that is a PDF."""
    case, wanted = visit.asked("case"), visit.asked("document")
    on_case = (await visit.api.read(f"/cases/{case}", CaseShape)).documents
    found = next((each for each in on_case if str(each.id) == wanted), None)
    if found is None or found.media_type != PDF or found.size > SHOWN_AT_MOST:
        raise NoSuchPage
    return _shown(await visit.api.fetch(f"/cases/{case}/documents/{wanted}"))


async def draft(visit: Visit) -> Response:
    """The letter of what is typed in the editor of a decision."""
    form = await visit.form()
    path = f"/cases/{visit.asked('case')}/decision/draft"
    try:
        return _shown(await visit.api.make(path, decision_of(form), csrf=text(form, "csrf")))
    except NotDone as refused:
        return _refused(visit, refused.told)


async def draft_made(visit: Visit) -> Response:
    """The letter of a decision that is made and not sent."""
    path = f"/cases/{visit.asked('case')}/decision/{visit.asked('decision')}/draft.pdf"
    try:
        return _shown(await visit.api.fetch(path))
    except NotDone as refused:
        return _refused(visit, refused.told)


async def letter(visit: Visit) -> Response:
    """The letter of a decision as it was sent."""
    path = f"/cases/{visit.asked('case')}/decision/{visit.asked('decision')}/letter.pdf"
    return _shown(await visit.api.fetch(path))


def _shown(file: File) -> Response:
    headers = {name.decode(): value.decode() for name, value in SAFE_HEADERS}
    headers |= {"content-security-policy": _WITHIN_OURS, "content-disposition": "inline"}
    return Response(file.content, media_type=PDF, headers=headers)


def _refused(visit: Visit, told: Told) -> Response:
    return visit.page("work-no-letter.html", status=told.status, framed_by=("'self'",), told=told)


_DECISION: Final = "/work/{case}/decision"

ROUTES: Final[Sequence[Route]] = (
    page_route("/work/{case}/documents/{document}", document),
    page_route(_DECISION + "/draft", draft, methods=("POST",)),
    page_route(_DECISION + "/{decision}/draft.pdf", draft_made),
    page_route(_DECISION + "/{decision}/letter.pdf", letter),
)
