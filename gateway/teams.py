"""Route for the colleagues of a team: whom a case can be given to, and who is away today."""

from typing import Annotated, Final

from fastapi import Depends
from starlette.responses import Response

from events.ids import ActorId
from gateway.colleagues import AbsentShape, away_today
from gateway.door import InTeam, admit_to_team
from gateway.openapi import problems_of
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from services.authorisation import Action, does_casework

router: Final = router_of("colleagues", "/teams/{team}/colleagues")


class ColleagueShape(Shape):
    """`absence` is null for who is here today."""

    person: ActorId
    name: str
    absence: AbsentShape | None


class ColleaguesShape(Shape):
    """By name."""

    colleagues: list[ColleagueShape]


@router.get(
    "",
    summary="The colleagues of a team, and who is away today",
    response_model=ColleaguesShape,
    responses=problems_of("team-not-found"),
)
async def colleagues_of_team(
    within: Annotated[InTeam, Depends(admit_to_team(Action.SEE_QUEUE, "absences"))],
) -> Response:
    asked = within.asked
    away = await away_today(asked)
    found = [
        person
        for person in asked.people.values()
        if within.team in person.teams and does_casework(person, asked.organisation.name)
    ]
    shapes = []
    for person in sorted(found, key=lambda each: (each.name, each.id)):
        absence = away.get(person.id)
        gone = None
        if absence is not None:
            gone = AbsentShape(
                first_day=absence.first_day,
                last_day=absence.last_day,
                substitute=absence.substitute,
            )
        shapes.append(ColleagueShape(person=person.id, name=person.name, absence=gone))
    return shaped(ColleaguesShape(colleagues=shapes))
