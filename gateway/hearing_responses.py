"""Routes by which a team reads the responses to its hearing, and sorts them under points."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from commands.hearing import SortResponse
from events.case import CaseOpened
from events.ids import ActorId, CaseId, PointId
from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.case_shapes import CaseDocumentShape
from gateway.commanding import carry_out
from gateway.fields import Id, IdInPath
from gateway.hearing_shapes import ResponseShape, ResponsesShape, SaidShape
from gateway.noting import note_list
from gateway.openapi import problems_of
from gateway.ordering import Changing
from gateway.redaction import redaction_of
from gateway.routers import router_of
from gateway.running_hearings import ENDED, OnHearing, Running, admit_to_hearing
from gateway.sentences import name_of
from gateway.shapes import shaped
from projections import documents, responses
from projections.documents import CaseDocument
from projections.responses import Wanted
from services.authorisation import Action
from services.catalogue.form import LongTextField
from services.catalogue.spoken import answer_words
from services.lookups.lookup import Shown
from services.streams import case_stream

router: Final = router_of("hearings", "/hearings/{hearing_id}/responses")


class ResponsesQuery(bodies.Query):
    """Those that raise a `point`, or that are `unsorted` as yet."""

    point: Id | None = None
    unsorted: bool = False
    after: Annotated[int, Field(ge=0, le=10**18)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class SortingBody(Body):
    """All points that the response raises."""

    points: Annotated[tuple[Id, ...], Field(max_length=200, strict=False)]


@router.get(
    "",
    summary="What was answered to a hearing, with attachments and the points raised",
    response_model=ResponsesShape,
    responses=problems_of("hearing-not-found"),
)
async def hearing_responses(
    on: Annotated[
        OnHearing, Depends(admit_to_hearing(Action.RUN_HEARING, "responses", "documents"))
    ],
    query: Annotated[ResponsesQuery, Query()],
) -> Response:
    wanted = Wanted(
        after=query.after,
        limit=query.limit,
        point=None if query.point is None else PointId(query.point),
        unsorted=query.unsorted,
    )
    async with on.asked.organisation.reads.connection() as db:
        found = await responses.of_hearing(db, on.hearing_id, wanted)
        attached = [await documents.of_case(db, each.case_id) for each in found]
    cases = [each.case_id for each in found]
    await note_list(on.asked, Shown.RESPONSES, cases, query, on.team)
    opened = await asyncio.to_thread(_opened, on.asked, cases)
    shown = [_response(on.asked, *each) for each in zip(found, opened, attached, strict=True)]
    after = found[-1].position if len(found) == query.limit else None
    return shaped(ResponsesShape(responses=shown, after=after))


@router.post(
    "/{case_id}/points",
    status_code=204,
    summary="Say which points a response raises",
    responses=problems_of(*ENDED, "point-not-found", "hearing-response-unknown"),
)
async def sort_response(
    on: Running, case_id: IdInPath, order: Changing, body: SortingBody
) -> Response:
    command = SortResponse(
        hearing_id=on.hearing_id,
        case_id=CaseId(case_id),
        points=tuple(PointId(each) for each in body.points),
    )
    return await carry_out(on.asked, order, command)


def _opened(asked: Asked, cases: Sequence[CaseId]) -> list[CaseOpened]:
    """What each was opened with, asked of the log, where the answers are."""
    found = (asked.organisation.store.read(case_stream(each), up_to=1) for each in cases)
    # A case that a view shows was opened, and by nothing else.
    return [next(e for e in stream.events if isinstance(e, CaseOpened)) for stream in found]


def _response(
    asked: Asked,
    row: responses.Response,
    opened: CaseOpened,
    attached: Sequence[CaseDocument],
) -> ResponseShape:
    return ResponseShape(
        case=row.case_id,
        reference=opened.reference,
        sender=name_of(ActorId(row.party), asked.language, asked.names),
        received_on=opened.received_on,
        answered=row.answered,
        points=row.points,
        said=list(_said(asked, opened)),
        documents=[
            CaseDocumentShape(
                id=each.document_id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                redacts=redaction_of(asked, each),
            )
            for each in attached
        ],
    )


def _said(asked: Asked, opened: CaseOpened) -> Iterator[SaidShape]:
    service = asked.organisation.catalogue.version(opened.service, opened.service_version)
    given = {answer.field: answer.value for answer in opened.answers}
    for field in service.form.fields():
        value = given.get(field.id)
        # Files have names of their own, among the documents.
        if value is None or field.type == "documents":
            continue
        yield SaidShape(
            question=field.label.read_in(asked.language.value),
            text=answer_words(field, value, asked.language.value),
            is_long=isinstance(field, LongTextField),
        )
