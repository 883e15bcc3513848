"""Routes for outgoing post: what was not delivered or is to be printed, and what is done then."""

import asyncio
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from commands.post import GiveToPaper, PostCommand, RecordPosted, RetryNotification
from events.ids import CaseId, NotificationId, PartyId
from events.journal import Matter, MatterKind
from events.post import PaperReason
from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import OnCase, admit, admit_to_case
from gateway.fields import Id, IdInPath
from gateway.noting import note_list
from gateway.openapi import Responses, problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.post_shapes import EnvelopeShape, NotificationShape, PostListShape, TenderToDoShape
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.saved_letters import saved_letter
from gateway.shapes import shaped
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.documents.kinds import PDF
from services.lookups.lookup import Shown
from services.post import listing
from services.post.contact_points import ContactPoints, known_contact_points
from services.post.listing import PostState, TeamRow
from services.post.office import Unsendable
from services.post.printing import printed

router: Final = router_of("post", "/post")

Looking: TypeAlias = Annotated[OnCase, Depends(admit_to_case(Action.SEND_POST, shows=Shown.LETTER))]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.SEND_POST))]

_OF_CASE: Final = ("case-not-found", "notification-not-found")
_PDF: Final[Responses] = {
    200: {"content": {PDF.media_type: {"schema": {"type": "string", "format": "binary"}}}}
}


class PostQuery(bodies.Query):
    """Without `state`, what a person must see to; of one `case`, all there is."""

    state: PostState | None = None
    case: Id | None = None
    after: Annotated[str | None, Field(max_length=300)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NotificationBody(Body):
    notification: Id


@router.get(
    "",
    summary="What was not delivered to the parties of my teams' cases, or is to be printed",
    response_model=PostListShape,
)
async def post(
    asked: Annotated[Asked, Depends(admit(Action.SEND_POST, "caseload", "tenders"))],
    query: Annotated[PostQuery, Query()],
) -> Response:
    try:
        async with asked.organisation.reads.connection() as db:
            page = await listing.of_teams(
                db,
                asked.teams(),
                state=query.state,
                case=query.case,
                after=query.after,
                limit=query.limit,
            )
            tenders = await listing.tenders_to_do(db, asked.teams())
    except listing.CursorInvalid as error:
        raise invalid("after", "input-bad-cursor") from error
    await note_list(asked, Shown.POST, [CaseId(each.case_id) for each in page.rows], query)
    points = known_contact_points(asked.gateway.application.config, asked.organisation.known)
    rows = await asyncio.to_thread(lambda: [_row(each, points) for each in page.rows])
    to_do = [
        TenderToDoShape(tender=each.tender_id, title=each.title, number=each.number)
        for each in tenders
    ]
    return shaped(PostListShape(rows=rows, after=page.after, tenders=to_do))


@router.get(
    "/{case_id}/letters/{notification}",
    summary="A notification as a letter to be printed",
    response_class=Response,
    responses={**problems_of(*_OF_CASE, "letter-not-found"), **_PDF},
)
async def letter(on: Looking, notification: IdInPath) -> Response:
    asked = on.asked
    async with asked.organisation.reads.connection() as db:
        row = await listing.one(db, NotificationId(notification))
    if row is None or row.matter != Matter(kind=MatterKind.CASE, id=on.case_id):
        raise Problem("notification-not-found")
    try:
        found = await printed(asked.organisation, asked.gateway.application.config, row)
    except Unsendable as strange:
        raise Problem("letter-not-found") from strange
    return saved_letter(found.main.content, found.main.name)


@router.post(
    "/{case_id}/retry",
    status_code=204,
    summary="Have a notification sent again that was not delivered",
    responses=problems_of(*_OF_CASE, "notification-not-failed"),
)
async def retry(on: Working, body: NotificationBody) -> Response:
    return await _carry_out(
        on,
        RetryNotification(matter=_matter(on), notification=NotificationId(body.notification)),
    )


@router.post(
    "/{case_id}/paper",
    status_code=204,
    summary="Have a notification printed that was not delivered",
    responses=problems_of(*_OF_CASE, "notification-not-failed"),
)
async def give_to_paper(on: Working, body: NotificationBody) -> Response:
    return await _carry_out(
        on,
        GiveToPaper(
            matter=_matter(on),
            notification=NotificationId(body.notification),
            reason=PaperReason.CHOSEN,
        ),
    )


@router.post(
    "/{case_id}/posted",
    status_code=204,
    summary="Say that a printed notification has been put in the post",
    responses=problems_of(*_OF_CASE, "notification-not-on-paper"),
)
async def posted(on: Working, body: NotificationBody) -> Response:
    return await _carry_out(
        on,
        RecordPosted(
            matter=_matter(on),
            notification=NotificationId(body.notification),
            posted_on=on.asked.now().astimezone(COPENHAGEN).date(),
        ),
    )


async def _carry_out(on: OrderOnCase, command: PostCommand) -> Response:
    return await carry_out(on.asked, on.order, command)


def _matter(on: OrderOnCase) -> Matter:
    return Matter(kind=MatterKind.CASE, id=on.case_id)


def _row(row: TeamRow, points: ContactPoints) -> NotificationShape:
    return NotificationShape(
        notification=row.notification,
        case=row.case_id,
        reference=row.reference,
        subject=row.subject,
        fact=row.fact,
        channel=row.channel,
        state=row.state,
        since=row.since,
        attempts=row.attempts,
        due_at=row.due_at,
        failing_since=row.failing_since,
        error=row.error,
        recorded_at=row.recorded_at,
        envelope=envelope_of(row.party, points) if row.state == PostState.PAPER else None,
    )


def envelope_of(party: PartyId, points: ContactPoints) -> EnvelopeShape:
    point = points.of(party)
    return EnvelopeShape(
        name="" if point.official is None else point.official.name,
        address=list(point.address),
        is_protected=point.is_protected,
    )
