"""What a form is about: a hearing, or a case of one's own; chosen before it is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from events.case import DECIDED
from gateway.case_shapes import CaseShape, CasesShape
from gateway.hearing_shapes import HearingShape
from gateway.web.paging import page_route
from gateway.web.visit import NoSuchPage, Visit
from services.catalogue.service import ComplaintOver, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`below` is its page."""

    title: str
    below: str


def needs_matter(service: Service) -> bool:
    """Whether nothing can be submitted that is about nothing."""
    is_response = service.kind == "hearing-response"
    return is_response or service.complaint_over is ComplaintOver.DECISION


async def matter_of(visit: Visit, service: Service, about: str) -> Matter | None:
    """Raises:
    NotDone: there is no such, or it is another's.
    """
    if not about:
        return None
    if service.kind == "hearing-response":
        hearing = await visit.api.read(f"/hearings/{about}", HearingShape)
        return Matter(title=hearing.title, below=f"/hearings/{about}")
    case = await visit.api.read(f"/cases/{about}", CaseShape)
    return Matter(title=f"{case.subject} ({case.reference})", below=f"/cases/{about}")


async def choose(visit: Visit) -> Response:
    """Which of one's cases a complaint is over; hearings have a page of their own."""
    service = visit.organisation.services.get(visit.asked("service"))
    if service is None or not needs_matter(service):
        raise NoSuchPage
    if service.kind == "hearing-response":
        return visit.to("/hearings")
    if visit.me is None:
        return visit.to_login()
    found = (await visit.api.read("/cases", CasesShape)).cases
    return visit.page(
        "about.html", service=service, cases=[each for each in found if each.kind in DECIDED]
    )


ROUTES: Final[Sequence[Route]] = (page_route("/services/{service}/about", choose),)
