"""Routes for tenders as open data (OCDS 1.1)."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias, cast

from fastapi import Depends, Request
from pydantic import JsonValue, RootModel
from starlette.responses import JSONResponse, Response

from events.ids import TenderId
from events.tender import TenderEvent
from gateway.asked import Asked
from gateway.door import admit
from gateway.fields import IdInPath
from gateway.language import Language, in_language
from gateway.open_contracting import Publisher, package, record_package, releases
from gateway.open_contracting_parts import Json
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.tenders import public_tender
from projections import tenders
from services.authorisation import Action
from services.streams import tender_stream

router: Final = router_of("tenders")

PACKAGE_AT_MOST: Final = 50
"""Tenders in one package, those that closed last."""

Reading: TypeAlias = Annotated[Asked, Depends(admit(Action.READ_PUBLIC, "tenders"))]


class OcdsPackage(RootModel[dict[str, JsonValue]]):
    """As https://standard.open-contracting.org/1.1/ has it."""


@router.get(
    "/tenders/{tender_id}/ocds",
    summary="The record of a tender: all its releases, and what they come to (OCDS 1.1)",
    response_model=OcdsPackage,
    responses=problems_of("tender-not-found"),
)
async def tender_record(asked: Reading, tender_id: IdInPath, request: Request) -> Response:
    await public_tender(asked, TenderId(tender_id))
    found = await _releases(asked, TenderId(tender_id), request)
    if not found:
        raise Problem("tender-not-found")
    now = await asked.organisation.bid_clock.now()
    publisher = _publisher(asked, request)
    return _answered(record_package(publisher, found, str(request.url), now))


@router.get(
    "/ocds/releases",
    summary="The releases of all tenders, those that closed last (OCDS 1.1)",
    response_model=OcdsPackage,
)
async def tender_releases(asked: Reading, request: Request) -> Response:
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        listed = await tenders.published(db, None, now)
    found: list[Json] = []
    for each in listed[:PACKAGE_AT_MOST]:
        found += await _releases(asked, each.tender_id, request)
    return _answered(package(_publisher(asked, request), found, str(request.url), now))


async def _releases(asked: Asked, tender: TenderId, request: Request) -> Sequence[Json]:
    store = asked.organisation.store
    found = await asyncio.to_thread(store.read, tender_stream(tender))
    # Nothing else is ever written to the stream.
    facts = cast("Sequence[TenderEvent]", found.events)
    names = {who: in_language(text, Language.DANISH) for who, text in asked.names.items()}
    return list(releases(_publisher(asked, request), facts, names))


def _publisher(asked: Asked, request: Request) -> Publisher:
    office = asked.gateway.logins.get(asked.organisation.name)
    url = request.url
    catalogue = asked.organisation.catalogue
    return Publisher(
        organisation=asked.organisation.name,
        name=in_language(catalogue.name, Language.DANISH),
        prefix=catalogue.ocds_prefix,
        site=f"{url.scheme}://{url.netloc}" if office is None else office.site,
    )


def _answered(told: Json) -> Response:
    return JSONResponse(told)
