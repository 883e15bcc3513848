"""What a team's matters have on its way to the records system, and which case is right there."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.journal_shapes import ChoiceShape, JournalListShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit

BELOW: Final[Mapping[str, str]] = {
    "case": "/journal",
    "hearing": "/journal/hearings",
    "tender": "/journal/tenders",
}
"""Where the API has the journals of each kind of matter."""


async def journal(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    return await _journal(visit)


async def retry(visit: Visit) -> Response:
    """Have an entry tried again that the records system refused."""
    form = await visit.form()
    kind = next((each for each in BELOW if text(form, each)), None)
    if kind is None:
        raise NoSuchPage
    path = f"{BELOW[kind]}/{text(form, kind)}/retry"
    try:
        done = await visit.send(path, form, {"entry": text(form, "entry")})
    except NotDone as refused:
        return await _journal(visit, refused.told)
    return visit.on("/journal", done)


async def choice(visit: Visit) -> Response:
    """Which case in the records system is the right one for a hearing or a tender."""
    return await _choice(visit)


async def choose(visit: Visit) -> Response:
    form, number = await visit.form(), None
    if text(form, "number") != "new":
        number = text(form, "number")
    try:
        done = await visit.send(f"{_matter(visit)}/choose-case", form, {"number": number})
    except NotDone as refused:
        return await _choice(visit, refused.told)
    return visit.on("/journal", done)


async def _journal(visit: Visit, told: Told | None = None) -> Response:
    state, matter, after = (visit.sought(name) for name in ("state", "matter", "after"))
    found = await visit.api.read(
        "/journal", JournalListShape, state=state, matter=matter, after=after
    )
    return visit.page(
        "journal.html",
        status=status_after(told),
        rows=found.rows,
        after=found.after,
        state=state,
        matter=matter,
        told=told,
    )


async def _choice(visit: Visit, told: Told | None = None) -> Response:
    found = await visit.api.read(f"{_matter(visit)}/choice", ChoiceShape)
    return visit.page("journal-choice.html", status=status_after(told), choice=found, told=told)


def _matter(visit: Visit) -> str:
    """Where the API has the journal of the matter that the page is about."""
    return f"/journal/{visit.asked('kind')}/{visit.asked('matter')}"


ROUTES: Final[Sequence[Route]] = (
    page_route("/journal", journal),
    page_route("/journal", retry, methods=("POST",)),
    page_route("/journal/{kind}/{matter}", choice),
    page_route("/journal/{kind}/{matter}", choose, methods=("POST",)),
)
