"""Routes for the letters of a tender that were not delivered, or are to be printed."""

import asyncio
from typing import Final

from starlette.responses import Response

from commands.post import GiveToPaper, RecordPosted, RetryNotification
from events.ids import NotificationId
from events.post import PaperReason
from events.tender import TenderEvent
from gateway.commanding import carry_out
from gateway.documents import BINARY
from gateway.fields import IdInPath
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.post import NotificationBody, envelope_of
from gateway.post_shapes import TenderNotificationShape
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.saved_letters import saved_letter
from gateway.tender_door import OnTender, Running, matter_of
from services.clock import COPENHAGEN
from services.post import listing
from services.post.contact_points import ContactPoints, known_contact_points
from services.post.listing import PostRow, PostState
from services.post.office import Unsendable
from services.post.printing import printed

router: Final = router_of("tenders", "/tenders/{tender_id}/post")

_OF_TENDER: Final = ("tender-not-found", "notification-not-found")


@router.get(
    "/{notification}/letter.pdf",
    summary="What a bidder is told, as a letter to be printed",
    response_class=Response,
    responses=BINARY | problems_of(*_OF_TENDER, "letter-not-found"),
)
async def tender_letter(on: Running, notification: IdInPath) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        row = await listing.one(db, NotificationId(notification))
    if row is None or row.is_secret or row.matter != matter_of(on):
        raise Problem("notification-not-found")
    try:
        found = await printed(on.asked.organisation, on.asked.gateway.application.config, row)
    except Unsendable as strange:
        raise Problem("letter-not-found") from strange
    return saved_letter(found.main.content, found.main.name)


@router.post(
    "/retry",
    status_code=204,
    summary="Have a bidder told again who was not reached",
    responses=problems_of(*_OF_TENDER, "notification-not-failed"),
)
async def retry_of_tender(on: Running, order: Making, body: NotificationBody) -> Response:
    notification = NotificationId(body.notification)
    command = RetryNotification(matter=matter_of(on), notification=notification)
    return await carry_out(on.asked, order, command)


@router.post(
    "/paper",
    status_code=204,
    summary="Have a letter to a bidder printed who was not reached",
    responses=problems_of(*_OF_TENDER, "notification-not-failed"),
)
async def print_of_tender(on: Running, order: Making, body: NotificationBody) -> Response:
    command = GiveToPaper(
        matter=matter_of(on),
        notification=NotificationId(body.notification),
        reason=PaperReason.CHOSEN,
    )
    return await carry_out(on.asked, order, command)


@router.post(
    "/posted",
    status_code=204,
    summary="Say that a printed letter to a bidder has been put in the post",
    responses=problems_of(*_OF_TENDER, "notification-not-on-paper"),
)
async def posted_of_tender(on: Running, order: Making, body: NotificationBody) -> Response:
    command = RecordPosted(
        matter=matter_of(on),
        notification=NotificationId(body.notification),
        posted_on=on.asked.now().astimezone(COPENHAGEN).date(),
    )
    return await carry_out(on.asked, order, command)


async def told_outside(on: OnTender) -> list[TenderNotificationShape]:
    """Who was told of what by post, and whether it arrived; of what is secret nothing."""
    async with on.asked.organisation.reads.connection() as db:
        rows = await listing.of_matter(db, matter_of(on))
    points = known_contact_points(on.asked.gateway.application.config, on.asked.organisation.known)
    # What has come since the tender was read is for the next who asks.
    known = sorted(
        (each for each in rows if each.version <= len(on.facts)),
        key=lambda each: (each.position, each.party),
    )
    return await asyncio.to_thread(lambda: [_row(on, each, points) for each in known])


def _row(on: OnTender, row: PostRow, points: ContactPoints) -> TenderNotificationShape:
    is_printed = row.stands is PostState.PAPER
    return TenderNotificationShape(
        notification=row.notification,
        name=on.name(row.party),
        fact=row.fact,
        lot=_lot(on, on.facts[row.version - 1]),
        channel=row.channel,
        state=row.stands,
        since=row.since,
        error=row.error,
        envelope=envelope_of(row.party, points) if is_printed else None,
    )


def _lot(on: OnTender, told: TenderEvent) -> str | None:
    lot = getattr(told, "lot", None)
    return next((each.title for each in on.drafted.lots if each.lot == lot), None)
