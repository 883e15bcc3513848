"""Public lists for other sites and programs: feeds, and a small page to show in a frame."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.door import gateway_of
from gateway.language import Language
from gateway.web.asking import Api, NotDone
from gateway.web.caching import KEPT, OPEN_TO_ALL, answered
from gateway.web.feed_formats import FORMATS
from gateway.web.feeds import (
    HEARINGS,
    SERVICES,
    TENDERS,
    Entry,
    Feed,
    feed_of,
)
from gateway.web.paging import nowhere, page_route
from gateway.web.visit import NoSuchPage, Visit
from services.catalogue.organisation import Organisation

PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
LANGUAGES: Final = frozenset(Language)
LISTS: Final = (HEARINGS, TENDERS, SERVICES)
WRITTEN: Final = frozenset(
    {f"{noun}.{ending}" for noun in (HEARINGS, TENDERS) for ending in ("atom", "ics", "json")}
    | {f"{SERVICES}.atom", f"{SERVICES}.json"}
)
"""Services have no day of their own, and so no place in a calendar."""


async def feed(request: Request) -> Response:
    """`hearings` and `tenders`: `.atom`, `.ics`, `.json`; `services.atom`, `.json`: for everybody,
    from any site.
    """
    name, known = request.path_params["name"], _organisation(request)
    language = request.path_params["language"]
    if known is None or name not in WRITTEN or language not in LANGUAGES:
        return nowhere(request)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=PREFLIGHT)
    noun, _, ending = name.partition(".")
    wanted = FORMATS[ending]
    try:
        found = await _feed(request, known, Language(language), noun)
    except NotDone as refused:
        return _refused(refused)
    headers = {**OPEN_TO_ALL, "Content-Type": wanted.media_type, "Content-Language": language}
    return answered(request, wanted.write(found), found.changed_at, headers)


async def embedded(visit: Visit) -> Response:
    """A list for a frame on a site that the organisation names; it runs nothing and asks nobody."""
    noun, language = visit.asked("name"), visit.asked("language")
    if noun not in LISTS or language not in LANGUAGES:
        raise NoSuchPage
    organisation, told = visit.organisation, Language(language)
    found = await _feed(visit.request, organisation, told, noun)
    # The same for everybody, so that it may be kept.
    nobody = replace(visit, me=None, language=told)
    page = nobody.page(
        "embedded.html", framed_by=organisation.embedded_by, feed=found, entries=_listed(found)
    )
    page.headers.update(
        {
            "Cache-Control": KEPT,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept-Encoding",
        }
    )
    return page


async def embedding(visit: Visit) -> Response:
    """How to follow the lists, and show them elsewhere."""
    return visit.page(
        "embedding.html", site=site_of(visit.request, visit.organisation.id), lists=LISTS
    )


def site_of(request: Request, organisation: str) -> str:
    """Our own address as people know it; where `login.yaml` does not say, as this one came."""
    office = gateway_of(request).logins.get(organisation)
    if office is not None:
        return office.site
    return f"{request.url.scheme}://{request.url.netloc}"


async def _feed(
    request: Request, organisation: Organisation, language: Language, noun: str
) -> Feed:
    api = Api(request, organisation.id, language)
    site = site_of(request, organisation.id)
    now = gateway_of(request).application.clock.now()
    return await feed_of(noun, api, organisation, site, now)


def _listed(feed: Feed) -> Sequence[Entry]:
    """What is open now, the next to close first."""
    shown = [each for each in feed.entries if each.is_open]
    return sorted(shown, key=lambda each: (each.last_day or date.max, each.title))


def _organisation(request: Request) -> Organisation | None:
    known = gateway_of(request).application.organisations.get(request.path_params["organisation"])
    return None if known is None else known.catalogue


def _refused(refused: NotDone) -> Response:
    """What kept it, as the API tells it: a program asked."""
    told = refused.told
    return Response(
        told.model_dump_json(),
        told.status,
        headers=dict(OPEN_TO_ALL),
        media_type="application/problem+json",
    )


FEED: Final = Route("/{organisation}/feeds/{language}/{name}", feed, methods=["GET", "OPTIONS"])
ROUTES: Final[Sequence[Route]] = (
    page_route("/embed/{language}/{name}", embedded),
    page_route("/embedding", embedding),
)
