"""Routes for what goes to the records system (ESDH): how far it is, and what a person must do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from commands.journal import ChooseEsdhCase, RetryJournalising
from events.ids import CaseId, EntryId
from events.journal import Matter, MatterKind
from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import OnCase, admit, admit_to_case
from gateway.fields import Id, Line
from gateway.journal_shapes import (
    CandidateShape,
    ChoiceShape,
    JournalEntryShape,
    JournalListShape,
)
from gateway.noting import note_list
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.ordering import Changing
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.running_hearings import OnHearing, admit_to_hearing
from gateway.shapes import shaped
from gateway.tender_door import OnTender, admit_to_tender, matter_of
from services.authorisation import Action
from services.journal import team_listing
from services.journal.ports import EntryState
from services.journal.references import reference_of
from services.journal.team_listing import TeamEntry
from services.journal.waiting_choice import waiting_choice
from services.lookups.lookup import Shown

router: Final = router_of("journal", "/journal")

Looking: TypeAlias = Annotated[
    OnCase, Depends(admit_to_case(Action.JOURNAL, shows=Shown.ESDH_CASES))
]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.JOURNAL))]

_OF_CASE: Final = ("case-not-found",)
_OF_CHOOSING: Final = ("esdh-choice-not-asked", "esdh-choice-made", "esdh-case-no-candidate")


class JournalQuery(bodies.Query):
    """Without `state`, all that is not done yet; of one `matter`, all there is.

    `matter` is the id of a case, a hearing or a tender.
    """

    state: EntryState | None = None
    matter: Id | None = None
    after: Annotated[str | None, Field(max_length=300)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ChoiceBody(Body):
    """`number` is that of a candidate, or null for a new case."""

    number: Line | None


class RetryBody(Body):
    entry: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMatter:
    """Someone let in to the journal of a hearing or a tender of their own team."""

    asked: Asked
    matter: Matter


@router.get(
    "",
    summary="What my teams' cases, hearings and tenders have on its way to the records system",
    response_model=JournalListShape,
)
async def journal(
    asked: Annotated[Asked, Depends(admit(Action.JOURNAL, "caseload", "hearings", "tenders"))],
    query: Annotated[JournalQuery, Query()],
) -> Response:
    try:
        async with asked.organisation.reads.connection() as db:
            page = await team_listing.of_teams(
                db,
                asked.teams(),
                state=query.state,
                matter=query.matter,
                after=query.after,
                limit=query.limit,
            )
    except team_listing.CursorInvalid as error:
        raise invalid("after", "input-bad-cursor") from error
    cases = [CaseId(each.matter) for each in page.entries if each.matter_kind == MatterKind.CASE]
    await note_list(asked, Shown.JOURNAL, cases, query)
    return shaped(JournalListShape(rows=[_row(each) for each in page.entries], after=page.after))


@router.get(
    "/{case_id}/choice",
    summary="Which case in the records system is the right one for a case",
    response_model=ChoiceShape,
    responses=problems_of(*_OF_CASE, "choice-not-found"),
)
async def show_choice(on: Looking) -> Response:
    return await _choice(on.asked, _case(on.case_id))


@router.post(
    "/{case_id}/choose-case",
    status_code=204,
    summary="Say which case in the records system a case is journalised on",
    responses=problems_of(*_OF_CASE, *_OF_CHOOSING),
)
async def choose_case(on: Working, body: ChoiceBody) -> Response:
    command = ChooseEsdhCase(matter=_case(on.case_id), number=body.number)
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/{case_id}/retry",
    status_code=204,
    summary="Have an entry of a case tried again that the records system refused",
    responses=problems_of(*_OF_CASE, "journalising-not-refused"),
)
async def retry(on: Working, body: RetryBody) -> Response:
    command = RetryJournalising(matter=_case(on.case_id), entry=EntryId(body.entry))
    return await carry_out(on.asked, on.order, command)


def _answer_for(name: str, path: str, admitted: Callable[..., Awaitable[OnMatter]]) -> None:
    """The routes of a kind of matter that is a team's for good, as a case is not."""
    unknown = f"{name}-not-found"

    @router.get(
        f"{path}/choice",
        summary=f"Which case in the records system is the right one for a {name}",
        response_model=ChoiceShape,
        responses=problems_of(unknown, "choice-not-found"),
    )
    async def show_choice(on: Annotated[OnMatter, Depends(admitted)]) -> Response:
        return await _choice(on.asked, on.matter)

    @router.post(
        f"{path}/choose-case",
        status_code=204,
        summary=f"Say which case in the records system a {name} is journalised on",
        responses=problems_of(unknown, *_OF_CHOOSING),
    )
    async def choose_case(
        on: Annotated[OnMatter, Depends(admitted)], order: Changing, body: ChoiceBody
    ) -> Response:
        command = ChooseEsdhCase(matter=on.matter, number=body.number)
        return await carry_out(on.asked, order, command)

    @router.post(
        f"{path}/retry",
        status_code=204,
        summary=f"Have an entry of a {name} tried again that the records system refused",
        responses=problems_of(unknown, "journalising-not-refused"),
    )
    async def retry(
        on: Annotated[OnMatter, Depends(admitted)], order: Changing, body: RetryBody
    ) -> Response:
        command = RetryJournalising(matter=on.matter, entry=EntryId(body.entry))
        return await carry_out(on.asked, order, command)


async def _of_hearing(
    on: Annotated[OnHearing, Depends(admit_to_hearing(Action.JOURNAL))],
) -> OnMatter:
    return OnMatter(asked=on.asked, matter=Matter(kind=MatterKind.HEARING, id=on.hearing_id))


async def _of_tender(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.JOURNAL))],
) -> OnMatter:
    return OnMatter(asked=on.asked, matter=matter_of(on))


_answer_for("hearing", "/hearings/{hearing_id}", _of_hearing)
_answer_for("tender", "/tenders/{tender_id}", _of_tender)


async def _choice(asked: Asked, matter: Matter) -> Response:
    found = await asyncio.to_thread(waiting_choice, asked.organisation.store, matter)
    if found is None:
        raise Problem("choice-not-found")
    candidates = [
        CandidateShape(number=each.esdh_case.number, title=each.title, status=each.status)
        for each in found.candidates
    ]
    shape = ChoiceShape(reason=found.reason, candidates=candidates)
    return shaped(shape, version=found.version)


def _case(case_id: UUID) -> Matter:
    return Matter(kind=MatterKind.CASE, id=case_id)


def _row(entry: TeamEntry) -> JournalEntryShape:
    whose = {entry.matter_kind: entry.matter}
    return JournalEntryShape(
        entry=entry.entry,
        case=whose.get(MatterKind.CASE),
        hearing=whose.get(MatterKind.HEARING),
        tender=whose.get(MatterKind.TENDER),
        reference=entry.reference,
        title=entry.title,
        kind=entry.kind,
        recorded_at=entry.recorded_at,
        state=entry.state,
        since=entry.since,
        attempts=entry.attempts,
        due_at=entry.due_at,
        failing_since=entry.failing_since,
        error=entry.error,
        receipt=entry.receipt,
        esdh_reference=reference_of(entry.entry),
        esdh_number=entry.esdh_number,
    )
