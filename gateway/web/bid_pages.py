"""A tender for who wants to bid: questions, asking to be invited, bids with their receipts."""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.routing import Route

from gateway.bidding_shapes import BiddingShape, OwnBidShape
from gateway.web.asking import Done, NotDone, Told, status_after
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.paging import page_route
from gateway.web.tender_words import bid_states, days_left, state_words
from gateway.web.visit import NoSuchPage, Visit
from services.bidding.contents import LARGEST
from services.ids import new_id


async def bid(visit: Visit) -> Response:
    return await _page(visit)


async def act(visit: Visit) -> Response:
    """What a form of the page asks for."""
    data = await visit.form(files=FILES_AT_MOST)
    try:
        done = await _done(visit, data)
    except NotDone as refused:
        return await _page(visit, refused.told, data)
    return visit.on(f"/tenders/{visit.asked('tender')}/bid", done)


async def _done(visit: Visit, data: FormData) -> Done:
    below = f"/tenders/{visit.asked('tender')}"
    match visit.asked("act"):
        case "ask":
            return await visit.send(f"{below}/questions", data, {"text": text(data, "text")})
        case "participate":
            documents = await visit.uploads(data)
            return await visit.send(f"{below}/participation", data, {"documents": documents})
        case "withdraw":
            return await visit.send(f"{below}/bids/withdraw", data, {"lot": text(data, "lot")})
        case "send":
            return await _send(visit, data, f"{below}/bids")
        case _:
            raise NoSuchPage


async def _send(visit: Visit, data: FormData, path: str) -> Done:
    """A file that was sealed elsewhere: by the command line, or by this page before."""
    file = next((each for each in data.getlist("file") if isinstance(each, UploadFile)), None)
    content = b"" if file is None else await file.read()
    try:
        key = UUID(text(data, "key"))
    except ValueError:
        key = new_id()
    return await visit.api.send_file(path, content, key=key, csrf=text(data, "csrf"))


async def _page(
    visit: Visit, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = await visit.api.read(f"/bidding/{visit.asked('tender')}", BiddingShape)
    lots: Mapping[str, str] = {each.lot: each.title for each in found.lots}
    return visit.page(
        "bid.html",
        status=status_after(refused),
        found=found,
        tender=found.tender,
        state=state_words(found.tender, visit.language),
        days_left=days_left(found.tender, visit.now()),
        now=visit.now(),
        receipts={each.bid: receipt_file(found.tender.tender, each) for each in found.bids},
        states=bid_states(visit.language),
        lots=lots,
        # What a browser needs to seal, as the API tells it.
        sealing=found.model_dump(mode="json", include={"bidder", "committee", "lots"}),
        at_most=LARGEST,
        told=refused,
        typed=typed or FormData(),
    )


def receipt_file(tender: UUID, bid: OwnBidShape) -> str:
    """The receipt as the address of a file, which browsers save without asking anybody; the command
    line holds it against the file that was sent.
    """
    told = bid.model_dump(mode="json", exclude={"state"}) | {"tender": str(tender)}
    return "data:application/json;charset=utf-8," + quote(json.dumps(told, indent=2))


ROUTES: Final[Sequence[Route]] = (
    page_route("/tenders/{tender}/bid", bid),
    page_route("/tenders/{tender}/{act}", act, methods=("POST",)),
)
