"""Routes for auditors: finding a case, every event with its whole envelope, the case as it was at
any moment, and what differs between two of them.
"""

import asyncio
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from events.envelope import Recorded
from events.ids import CaseId
from events.journal import Matter, MatterKind
from gateway import bodies
from gateway.asked import Asked
from gateway.audit_shapes import (
    CaseAsItWasShape,
    DifferenceShape,
    DifferencesShape,
    FoundCaseShape,
    FoundCasesShape,
    HistoryShape,
    names_in,
    recorded_shape,
)
from gateway.door import admit
from gateway.fields import UUID_FORM, IdInPath, Moment
from gateway.noting import note_audited
from gateway.openapi import problems_of
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.shapes import shaped
from projections import caseload_references
from projections.caseload import CaseloadEntry
from services.authorisation import Action
from services.differences import differences
from services.lookups.lookup import Shown
from services.replay import replay, state_after
from services.streams import case_stream, journal_stream, post_stream

FOUND_AT_MOST: Final = 50

router: Final = router_of("audit")

Auditing: TypeAlias = Annotated[Asked, Depends(admit(Action.AUDIT))]
Position: TypeAlias = Annotated[int, Field(ge=0, le=10**18)]


class CaseSoughtQuery(bodies.Query):
    """A reference or the beginning of one, the number in the records system, or the case's id."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class AsItWasQuery(bodies.Query):
    """One of them; none means the case as it is."""

    version: Annotated[int | None, Field(ge=1, le=10**9)] = None
    position: Annotated[int | None, Field(ge=1, le=10**18)] = None
    as_of: Moment | None = None


class DifferencesQuery(bodies.Query):
    """Two positions of the log; 0 is before the case was opened."""

    earlier: Position
    later: Position


@router.get(
    "/audit/cases",
    summary="Cases by reference, by number in the records system, or by id",
    response_model=FoundCasesShape,
)
async def find_cases(
    asked: Annotated[Asked, Depends(admit(Action.AUDIT, "caseload"))],
    query: Annotated[CaseSoughtQuery, Query()],
) -> Response:
    async with asked.organisation.reads.connection() as db:
        if UUID_FORM.fullmatch(query.q):
            rows = await caseload_references.by_id(db, query.q)
        else:
            rows = await caseload_references.by_reference(db, query.q, FOUND_AT_MOST)
    await note_audited(asked, [each.case_id for each in rows], Shown.QUEUE, query)
    return shaped(FoundCasesShape(cases=[_found(each) for each in rows]))


@router.get(
    "/audit/cases/{case_id}/events",
    summary="Every event of a case with its whole envelope",
    response_model=HistoryShape,
    responses=problems_of("case-not-found"),
)
async def case_events(asked: Auditing, case_id: IdInPath) -> Response:
    """Also what its journal tells, which case in the records system, by whose choice, and when;
    and whom the post told of what.
    """
    told = await audited_history(asked, CaseId(case_id))
    own = case_stream(CaseId(case_id))
    events = [recorded_shape(asked, each) for each in told]
    shape = HistoryShape(events=events, names=names_in(asked, events))
    return shaped(shape, version=[each.version for each in told if each.stream == own][-1])


@router.get(
    "/audit/cases/{case_id}",
    summary="A case as it was at a version, a position of the log or a moment",
    response_model=CaseAsItWasShape,
    responses=problems_of("case-not-found"),
)
async def case_as_it_was(
    asked: Auditing, case_id: IdInPath, query: Annotated[AsItWasQuery, Query()]
) -> Response:
    if sum(each is not None for each in (query.version, query.position, query.as_of)) > 1:
        raise invalid("position" if query.as_of is None else "as_of", "input-one-of-two")
    await note_audited(asked, [CaseId(case_id)], Shown.EVENTS)
    found = await asyncio.to_thread(
        replay,
        asked.organisation.store,
        CaseId(case_id),
        version=query.version,
        as_of=query.as_of,
        position=query.position,
    )
    if found is None:
        raise Problem("case-not-found")
    shape = CaseAsItWasShape(
        version=found.version,
        state=dict(found.state),
        events=[recorded_shape(asked, each) for each in found.history],
    )
    return shaped(shape, version=found.version)


@router.get(
    "/audit/cases/{case_id}/differences",
    summary="What differs in a case between two positions of the log",
    response_model=DifferencesShape,
    responses=problems_of("case-not-found"),
)
async def case_differences(
    asked: Auditing, case_id: IdInPath, query: Annotated[DifferencesQuery, Query()]
) -> Response:
    if query.earlier > query.later:
        raise invalid("earlier", "input-out-of-range", limit=str(query.later))
    await note_audited(asked, [CaseId(case_id)], Shown.EVENTS)
    stream = case_stream(CaseId(case_id))
    history = await asyncio.to_thread(asked.organisation.store.read_recorded, stream)
    later = [each for each in history if each.position <= query.later]
    if not later:
        raise Problem("case-not-found")
    earlier = [each for each in later if each.position <= query.earlier]
    found = differences(state_after(earlier), state_after(later))
    shape = DifferencesShape(
        earlier=query.earlier,
        later=query.later,
        differences=[
            DifferenceShape(place=list(each.place), was=each.was, now=each.now) for each in found
        ],
    )
    return shaped(shape)


async def audited_history(asked: Asked, case_id: CaseId) -> list[Recorded]:
    """All that is recorded of a case, once the look is noted.

    Raises:
        Problem: `case-not-found`.
    """
    await note_audited(asked, [case_id], Shown.EVENTS)
    return await asyncio.to_thread(_recorded, asked, case_id)


def _recorded(asked: Asked, case_id: CaseId) -> list[Recorded]:
    store = asked.organisation.store
    history = store.read_recorded(case_stream(case_id))
    if not history:
        raise Problem("case-not-found")
    matter = Matter(kind=MatterKind.CASE, id=case_id)
    journal = store.read_recorded(journal_stream(matter))
    post = store.read_recorded(post_stream(matter))
    return sorted([*history, *journal, *post], key=lambda recorded: recorded.position)


def _found(entry: CaseloadEntry) -> FoundCaseShape:
    return FoundCaseShape(
        case=entry.case_id,
        reference=entry.reference,
        kind=entry.kind,
        service=entry.service,
        service_version=entry.service_version,
        team=entry.team,
        subject=entry.subject,
        status=entry.status,
        received_on=entry.received_on,
    )
