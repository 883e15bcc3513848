"""What everybody sees: the services, what each takes, and the hearings."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.hearing_shapes import HearingRowShape, HearingShape, HearingsShape
from gateway.offer_shapes import ServiceRowShape, ServiceShape, ServicesShape
from gateway.tender_shapes import TendersShape
from gateway.web.paging import page_route
from gateway.web.searching import matches
from gateway.web.tender_pages import in_order
from gateway.web.visit import NoSuchPage, Visit
from services.catalogue.service import Audience
from services.catalogue.situations import Situation

LOGO_KEPT_SECONDS: Final = 24 * 60 * 60


async def front(visit: Visit) -> Response:
    """Services by life situation; `q` looks for words in them."""
    offered = (await visit.api.read("/services", ServicesShape)).services
    sought = visit.request.query_params.get("q", "").strip()
    found = [each for each in offered if matches(sought, each.title, each.description)]
    hearings = (await visit.api.read("/hearings", HearingsShape, state="open")).hearings
    tenders = (await visit.api.read("/tenders", TendersShape, state="open")).tenders
    return visit.page(
        "front.html",
        sought=sought,
        found=found,
        groups=_grouped(offered, visit.organisation.situations),
        hearings=_soonest(hearings),
        tenders=in_order(tenders),
    )


async def service(visit: Visit) -> Response:
    """What one needs, how long it takes, and what it costs."""
    name = visit.request.path_params["service"]
    offered = await visit.api.read(f"/services/{name}", ServiceShape)
    return visit.page("service.html", service=offered)


async def logo(visit: Visit) -> Response:
    """The organisation's mark: shapes only, as its folder has it (`services.catalogue.look`)."""
    look = visit.organisation.look
    if look is None or look.logo is None:
        raise NoSuchPage
    headers = {"Cache-Control": f"public, max-age={LOGO_KEPT_SECONDS}"}
    return Response(look.logo, media_type="image/svg+xml", headers=headers)


async def hearings(visit: Visit) -> Response:
    found = (await visit.api.read("/hearings", HearingsShape)).hearings
    return visit.page(
        "hearings.html",
        is_anonymous=any(
            each.kind == "hearing-response" and Audience.ANONYMOUS in each.who
            for each in visit.organisation.services.values()
        ),
        open=_soonest([each for each in found if each.state == "open"]),
        closed=_latest([each for each in found if each.state in {"closed", "cancelled"}]),
        concluded=_latest([each for each in found if each.state == "concluded"]),
    )


async def hearing(visit: Visit) -> Response:
    hearing_id = visit.request.path_params["hearing"]
    found = await visit.api.read(f"/hearings/{hearing_id}", HearingShape)
    return visit.page(
        "hearing.html",
        hearing=found,
        answering=_answering(visit),
        days_left=max(0, (found.closes_at - visit.now()).days),
    )


def _answering(visit: Visit) -> str | None:
    """The service by which a hearing is answered, if there is one."""
    services = visit.organisation.services.values()
    return next((each.id for each in services if each.kind == "hearing-response"), None)


def _soonest(hearings: Sequence[HearingRowShape]) -> list[HearingRowShape]:
    return sorted(hearings, key=lambda each: each.closes_at)


def _latest(hearings: Sequence[HearingRowShape]) -> list[HearingRowShape]:
    return sorted(hearings, key=lambda each: each.closes_at, reverse=True)


def _grouped(
    offered: Sequence[ServiceRowShape], situations: Sequence[Situation]
) -> list[tuple[Situation | None, list[ServiceRowShape]]]:
    """Each service under the situation that names it; None for those that none does."""
    by_id = {each.id: each for each in offered}
    groups: list[tuple[Situation | None, list[ServiceRowShape]]] = [
        (situation, [by_id.pop(name) for name in situation.services if name in by_id])
        for situation in situations
    ]
    return [group for group in (*groups, (None, list(by_id.values()))) if group[1]]


LOGO: Final = page_route("/logo.svg", logo)
ROUTES: Final[Sequence[Route]] = (
    page_route("", front),
    page_route("/services/{service}", service),
    page_route("/hearings", hearings),
    page_route("/hearings/{hearing}", hearing),
)
