"""The route for administrators that tells how the organisation is set up; of people only names."""

from datetime import timedelta
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from gateway.administration_shapes import ContactShape, LookShape, OrganisationShape, TeamShape
from gateway.asked import Asked
from gateway.door import admit
from gateway.language import in_language
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.catalogue.organisation import Team
from services.deadlines import local_date

A_YEAR: Final = 365

router: Final = router_of("administration", "/administration")

Describing: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_CATALOGUE))]


@router.get(
    "/organisation",
    summary="Contact, closing days, look and teams",
    response_model=OrganisationShape,
)
async def organisation(asked: Describing) -> Response:
    described, today = asked.organisation.catalogue, local_date(asked.now())
    days = (today + timedelta(days=ahead) for ahead in range(A_YEAR))
    contact, look = described.contact, described.look
    shape = OrganisationShape(
        id=described.id,
        name=in_language(described.name, asked.language),
        reference_prefix=described.reference_prefix,
        municipality=described.municipality,
        contact=ContactShape(email=contact.email, phone=contact.phone, website=contact.website),
        look=None
        if look is None
        else LookShape(colour=look.colour, has_logo=look.logo is not None),
        closing_days=sorted(described.calendar.closing_days),
        days_off=[day for day in days if day in described.calendar],
        lookup_months=described.lookup_months,
        teams=[_team(asked, each) for each in described.teams.values()],
    )
    return shaped(shape)


def _team(asked: Asked, team: Team) -> TeamShape:
    people = (person.name for person in asked.people.values() if team.id in person.teams)
    offered = asked.organisation.catalogue.services.values()
    return TeamShape(
        id=team.id,
        name=in_language(team.name, asked.language),
        opening_days=[each.value for each in team.opening_days],
        meeting_place=team.meeting_place,
        people=sorted(people),
        services=[each.id for each in offered if each.team == team.id],
    )
