"""Routes for reading hearings, open to everyone."""

from typing import Annotated, Final, Literal, TypeAlias

from fastapi import Depends, Query
from starlette.responses import Response

from events.ids import DocumentId, HearingId
from gateway import bodies
from gateway.asked import Asked
from gateway.documents import BINARY, Download
from gateway.door import admit
from gateway.fields import IdInPath
from gateway.hearing_shapes import HearingRowShape, HearingShape, HearingsShape, ThemeShape
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import document_shape, shaped
from projections import documents, hearings, responses
from projections.hearings import Hearing
from services.authorisation import Action

router: Final = router_of("hearings", "/hearings")

Reading: TypeAlias = Annotated[Asked, Depends(admit(Action.READ_PUBLIC, "hearings", "responses"))]


class HearingsQuery(bodies.Query):
    state: Literal["open", "closed", "concluded", "cancelled"] | None = None


@router.get("", summary="Public hearings, the last to close first", response_model=HearingsShape)
async def list_hearings(asked: Reading, query: Annotated[HearingsQuery, Query()]) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await hearings.published(db, query.state, asked.now())
        counts = await responses.counts(db)
    rows = [_row(each, counts.get(each.hearing_id, 0)) for each in found]
    return shaped(HearingsShape(hearings=rows))


@router.get(
    "/{hearing_id}",
    summary="One public hearing with its material and conclusion",
    response_model=HearingShape,
    responses=problems_of("hearing-not-found"),
)
async def show_hearing(asked: Reading, hearing_id: IdInPath) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await hearings.one(db, HearingId(hearing_id), asked.now())
        count = await responses.count(db, HearingId(hearing_id))
    if found is None:
        raise Problem("hearing-not-found")
    shape = HearingShape(
        **dict(_row(found, count)),
        material=[document_shape(row) for row in found.material],
        answers=[
            ThemeShape(theme=row["theme"], answer=row["answer"], responses=len(row["responses"]))
            for row in found.answers
        ],
        concluded_at=found.concluded_at,
    )
    return shaped(shape, version=found.version)


@router.get(
    "/{hearing_id}/documents/{document_id}",
    summary="A document of a hearing's material",
    response_class=Response,
    responses=BINARY | problems_of("hearing-not-found", "document-not-found"),
)
async def download_material(
    asked: Annotated[Asked, Depends(admit(Action.READ_PUBLIC, "documents"))],
    hearing_id: IdInPath,
    document_id: IdInPath,
) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await documents.one(db, DocumentId(document_id), HearingId(hearing_id))
    if found is None:
        raise Problem("document-not-found")
    return Download(asked, found)


def _row(hearing: Hearing, count: int) -> HearingRowShape:
    return HearingRowShape(
        hearing=hearing.hearing_id,
        kind=hearing.kind,
        title=hearing.title,
        description=hearing.description,
        team=hearing.team,
        published_at=hearing.published_at,
        closes_at=hearing.closes_at,
        changed_at=hearing.changed_at,
        responses=count,
        state=hearing.state,
        summary=hearing.summary,
        reason=hearing.reason,
    )
