"""The sides of a case, each a page of its own: what it shows, and what it asks for that."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from starlette.responses import Response

from events.case import CaseKind
from gateway.addresses import CasePropertyShape
from gateway.case_shapes import EntryShape, TimelineShape
from gateway.gate_shapes import GatesShape
from gateway.journal_shapes import ChoiceShape, JournalListShape
from gateway.party_shapes import PartiesShape
from gateway.post_shapes import PostListShape
from gateway.procedure_notes import NotesShape
from gateway.submitted import AnswersShape
from gateway.web.asking import NotDone
from gateway.web.desk import Desk
from gateway.web.visit import NoSuchPage

Side: TypeAlias = Callable[[Desk], Awaitable[Response]]

AT_MOST: Final = "200"
QUIET: Final = (
    "deadline-set",
    "deadline-met",
    "difference-settled",
    "esdh-case-",
    "journalis",
    "message-read",
    "next-steps-",
    "notification-",
    "retention-",
    "things-to-bring-",
)
"""Bookkeeping, which stands folded up among what people did."""


async def overview(desk: Desk) -> Response:
    """What has happened, what is missing, and what colleagues say."""
    below = desk.below
    told, notes, gates = await asyncio.gather(
        desk.visit.api.read(f"{below}/timeline", TimelineShape),
        desk.own(f"{below}/notes", NotesShape),
        desk.own(f"{below}/gates", GatesShape),
    )
    unread = {
        each.message for each in desk.case.messages if each.by == "party" and each.read_at is None
    }
    return desk.page(
        "work-overview.html",
        groups=_in_groups(list(reversed(told.entries))),
        unread=unread if desk.is_own else set(),
        notes=None if notes is None else notes.notes,
        closing=None if gates is None else gates.closing,
        deciding=[] if gates is None else gates.deciding,
        teams=desk.visit.organisation.teams.values(),
    )


def _in_groups(entries: Sequence[EntryShape]) -> list[tuple[bool, list[EntryShape]]]:
    """Neighbouring entries together, by whether somebody did or said them."""
    return [
        (kept, list(group)) for kept, group in groupby(entries, lambda each: not _is_quiet(each))
    ]


def _is_quiet(entry: EntryShape) -> bool:
    return entry.kind.startswith(QUIET)


async def documents(desk: Desk) -> Response:
    """What was submitted, and every document with one of them beside it."""
    answers = await desk.visit.api.read(f"{desk.below}/answers", AnswersShape)
    wanted = desk.visit.sought("shown")
    shown = next((each for each in desk.case.documents if str(each.id) == wanted), None)
    return desk.page("work-documents.html", answers=answers.sections, shown=shown)


async def parties(desk: Desk) -> Response:
    found, about = await asyncio.gather(
        desk.visit.api.read(f"{desk.below}/parties", PartiesShape),
        desk.visit.api.read(f"{desk.below}/property", CasePropertyShape),
    )
    papers = [(str(each.id), each.name) for each in desk.case.documents]
    return desk.page("work-parties.html", parties=found.parties, about=about, papers=papers)


async def procedure(desk: Desk) -> Response:
    return desk.page("work-procedure.html")


async def decision(desk: Desk) -> Response:
    if CaseKind(desk.case.kind) is CaseKind.COMPLAINT:
        return desk.page("work-complaint.html")
    if not desk.ends_in_decision:
        raise NoSuchPage
    gates = await desk.own(f"{desk.below}/gates", GatesShape)
    deciding = [] if gates is None else gates.deciding
    lacks = {each.code: each for gate in deciding for each in gate.requirements if not each.is_met}
    return desk.page(
        "work-decision.html",
        deciding=deciding,
        lacks=lacks.values(),
        appeals=desk.visit.organisation.appeals,
        channel=desk.visit.sought("channel"),
    )


async def journal(desk: Desk) -> Response:
    """How it lies in the records system, and what became of what was sent."""
    case = str(desk.case.case)
    entries, post, choice = await asyncio.gather(
        desk.own("/journal", JournalListShape, matter=case, limit=AT_MOST),
        desk.own("/post", PostListShape, case=case, limit=AT_MOST),
        _choice(desk),
    )
    if entries is None or post is None:
        raise NoSuchPage
    return desk.page("work-journal.html", entries=entries.rows, post=post.rows, choice=choice)


async def _choice(desk: Desk) -> ChoiceShape | None:
    if desk.case.journal.state != "choice":
        return None
    try:
        return await desk.own(f"/journal/{desk.case.case}/choice", ChoiceShape)
    except NotDone as refused:
        # A colleague has chosen a moment ago.
        if refused.told.code != "choice-not-found":
            raise
        return None


SIDES: Final[Mapping[str, Side]] = {
    "": overview,
    "/documents": documents,
    "/parties": parties,
    "/procedure": procedure,
    "/decision": decision,
    "/journal": journal,
}
"""By what stands in the path after the case."""
