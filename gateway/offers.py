"""Routes for what an organisation offers."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from events.ids import TeamId
from gateway.asked import Asked
from gateway.door import admit
from gateway.offer_shapes import ServiceRowShape, ServiceShape, ServicesShape
from gateway.offered import appeals, asked_for, deadlines, fees, processing_target, things
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.catalogue.promises import steps_ahead
from services.catalogue.service import Service
from services.catalogue.words import Language
from services.deadlines import local_date

router: Final = router_of("services")

Reading: TypeAlias = Annotated[Asked, Depends(admit(Action.READ_PUBLIC))]


@router.get("/services", summary="What is offered", response_model=ServicesShape)
async def list_services(asked: Reading) -> Response:
    offered = asked.organisation.catalogue.services.values()
    return shaped(ServicesShape(services=[_row(asked, service) for service in offered]))


@router.get(
    "/services/{service}",
    summary="One service, with its form as JSON Schema and all that is known beforehand",
    response_model=ServiceShape,
    responses=problems_of("service-not-found"),
)
async def show_service(asked: Reading, service: str) -> Response:
    offered, catalogue = service_named(asked, service), asked.organisation.catalogue
    language: Language = asked.language.value
    team = catalogue.teams[TeamId(offered.team)]
    shape = ServiceShape(
        **dict(_row(asked, offered)),
        form=dict(offered.form_schema(language, local_date(asked.now()))),
        documents=asked_for(offered, language),
        bring=things(offered, language),
        next_steps=steps_ahead(offered, team.name, language),
        deadlines=deadlines(offered, language),
        processing_target=processing_target(offered, language),
        fees=fees(offered, language),
        appeals=appeals(offered, catalogue.appeals, language),
    )
    return shaped(shape)


def service_named(asked: Asked, name: str) -> Service:
    """The newest version of a service."""
    service = asked.organisation.catalogue.services.get(name)
    if service is None:
        raise Problem("service-not-found")
    return service


def service_title(asked: Asked, name: str, version: int) -> str:
    """What a case's own version of its service is called; its name where nothing describes it."""
    found = asked.organisation.catalogue.versions.get((name, version))
    return name if found is None else found.title.read_in(asked.language.value)


def _row(asked: Asked, service: Service) -> ServiceRowShape:
    return ServiceRowShape(
        id=service.id,
        version=service.version,
        published_on=asked.organisation.catalogue.published_on[service.id, service.version],
        kind=service.kind,
        title=service.title.read_in(asked.language.value),
        description=service.description.read_in(asked.language.value),
        login_level=service.login_level,
        who=[str(audience) for audience in service.who],
    )
