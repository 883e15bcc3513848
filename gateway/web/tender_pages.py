"""Tenders as everybody sees them, and the list of those that one takes part in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.bidding_shapes import TakingPartShape
from gateway.tender_shapes import TenderRowShape, TenderShape, TendersShape
from gateway.web.paging import page_route
from gateway.web.tender_words import days_left, procedures, state_words, told_kinds
from gateway.web.visit import Visit
from services.authorisation import Action
from services.clock import COPENHAGEN

GROUPS: Final = (
    ("open", ("open",)),
    ("judged", ("closed", "opened")),
    ("standstill", ("awarded",)),
    ("over", ("concluded", "cancelled")),
)


async def tenders(visit: Visit) -> Response:
    found = (await visit.api.read("/tenders", TendersShape)).tenders
    groups = [(name, [e for e in found if e.state in states]) for name, states in GROUPS]
    return visit.page(
        "tenders.html",
        groups=[(name, in_order(rows)) for name, rows in groups if rows],
        states={each.tender: state_words(each, visit.language) for each in found},
        may_bid=visit.me is not None and Action.BID in visit.me.may,
    )


async def tender(visit: Visit) -> Response:
    found = await visit.api.read(f"/tenders/{visit.asked('tender')}", TenderShape)
    now = visit.now()
    return visit.page(
        "tender.html",
        tender=found,
        state=state_words(found, visit.language),
        procedure=procedures(visit.language)[found.procedure],
        kinds=told_kinds(visit.language),
        days_left=days_left(found, now),
        now=now,
        today=now.astimezone(COPENHAGEN).date(),
        is_staff=visit.is_staff,
    )


async def own_tenders(visit: Visit) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = (await visit.api.read("/bidding", TakingPartShape)).tenders
    return visit.page(
        "own-tenders.html",
        tenders=in_order(found),
        states={each.tender: state_words(each, visit.language) for each in found},
    )


def in_order(tenders: Sequence[TenderRowShape]) -> list[TenderRowShape]:
    """The next to close first, and those that closed by the last."""
    open_ones = sorted((each for each in tenders if each.state == "open"), key=_closes)
    others = sorted((each for each in tenders if each.state != "open"), key=_closes, reverse=True)
    return [*open_ones, *others]


def _closes(tender: TenderRowShape) -> datetime:
    return tender.closes_at or datetime.max.replace(tzinfo=COPENHAGEN)


ROUTES: Final[Sequence[Route]] = (
    page_route("/tenders", tenders),
    page_route("/tenders/{tender}", tender),
    page_route("/my-tenders", own_tenders),
)
