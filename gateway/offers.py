"""Routes for what an organisation offers."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from events.ids import TeamId
from gateway.asked import Asked
from gateway.door import admit
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import OfferedThingShape, ServiceRowShape, ServiceShape, ServicesShape, shaped
from services.authorisation import Action
from services.catalogue.promises import steps_ahead
from services.catalogue.service import Service
from services.deadlines import local_date

router: Final = router_of("services")

Reading: TypeAlias = Annotated[Asked, Depends(admit(Action.READ_PUBLIC))]


@router.get("/services", summary="What is offered", response_model=ServicesShape)
async def list_services(asked: Reading) -> Response:
    offered = asked.organisation.catalogue.services.values()
    return shaped(ServicesShape(services=[_row(asked, service) for service in offered]))


@router.get(
    "/services/{service}",
    summary="One service, with its form as JSON Schema",
    response_model=ServiceShape,
    responses=problems_of("service-not-found"),
)
async def show_service(asked: Reading, service: str) -> Response:
    offered = service_named(asked, service)
    team = asked.organisation.catalogue.teams[TeamId(offered.team)]
    documents: dict[str, object] = {"at_most": offered.documents.at_most, "text": None}
    if offered.documents.text is not None:
        documents["text"] = offered.documents.text.read_in(asked.language.value)
    shape = ServiceShape(
        **dict(_row(asked, offered)),
        form=dict(offered.form_schema(asked.language.value, local_date(asked.now()))),
        documents=documents,
        bring=[
            OfferedThingShape(
                what=thing.what.read_in(asked.language.value),
                why=thing.why.read_in(asked.language.value),
                depends_on_answers=bool(thing.when),
            )
            for thing in offered.bring
        ],
        next_steps=steps_ahead(offered, team.name, asked.language.value),
    )
    return shaped(shape)


def service_named(asked: Asked, name: str) -> Service:
    """The newest version of a service."""
    service = asked.organisation.catalogue.services.get(name)
    if service is None:
        raise Problem("service-not-found")
    return service


def _row(asked: Asked, service: Service) -> ServiceRowShape:
    return ServiceRowShape(
        id=service.id,
        version=service.version,
        kind=service.kind,
        title=service.title.read_in(asked.language.value),
        description=service.description.read_in(asked.language.value),
        login_level=service.login_level,
    )
