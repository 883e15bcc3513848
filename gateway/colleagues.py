"""Routes for when a colleague is away; and who a colleague is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from commands.colleague import CancelAbsence, RecordAbsence
from events.ids import AbsenceId, ActorId, TeamId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import admit
from gateway.fields import Day, IdInPath, PersonName
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from projections import absences
from projections.absences import Absence
from services.authorisation import Action, Resource, does_casework, may
from services.clock import COPENHAGEN
from services.identity import Actor
from services.ids import new_id

ME: Final = "me"

router: Final = router_of("colleagues", "/colleagues/{person}/absences")


class AbsenceBody(Body):
    """From `first_day` to `last_day`, both included. Why is nobody's business."""

    first_day: Day
    last_day: Day
    substitute: PersonName | None = None


class NothingAsked(Body):
    """Nothing is asked."""


_NOTHING_ASKED: Final = NothingAsked()


class AbsentShape(Shape):
    """Both days are days away."""

    first_day: date
    last_day: date
    substitute: str | None


class AbsenceShape(AbsentShape):
    absence: UUID


class AbsencesShape(Shape):
    absences: list[AbsenceShape]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCharge:
    """Someone let in to what is a colleague's, who may be themselves."""

    asked: Asked
    colleague: Actor


async def _in_charge(
    asked: Annotated[Asked, Depends(admit(Action.RECORD_ABSENCE, "absences"))], person: str
) -> InCharge:
    return InCharge(asked=asked, colleague=_subordinate(asked, person))


Recording: TypeAlias = Annotated[InCharge, Depends(_in_charge)]


@router.get(
    "",
    summary="When a colleague is away, the next absence first",
    response_model=AbsencesShape,
    responses=problems_of("colleague-not-found"),
)
async def show_absences(by: Recording) -> Response:
    async with by.asked.organisation.reads.connection() as db:
        found = await absences.coming(db, by.colleague.id, today(by.asked))
    return shaped(AbsencesShape(absences=[_shape(each) for each in found]))


@router.post(
    "",
    status_code=201,
    summary="Record that oneself or a colleague of one's team is away",
    response_model=AbsenceShape,
    responses=problems_of(
        "colleague-not-found",
        "absence-backwards",
        "absence-past",
        "absence-overlaps",
        "substitute-oneself",
    ),
)
async def record_absence(by: Recording, order: Making, body: AbsenceBody) -> Response:
    asked, colleague = by.asked, by.colleague
    command = RecordAbsence(
        colleague=colleague.id,
        absence=AbsenceId(new_id()),
        first_day=body.first_day,
        last_day=body.last_day,
        substitute=_substitute(asked, colleague, body.substitute),
        today=today(asked),
    )
    told = AbsenceShape(
        absence=command.absence,
        first_day=command.first_day,
        last_day=command.last_day,
        substitute=command.substitute,
    )
    return await carry_out(
        asked,
        order,
        command,
        location=asked.path(f"/colleagues/{colleague.id}/absences"),
        render=lambda _: told.model_dump_json().encode(),
    )


@router.post(
    "/{absence_id}/cancel",
    status_code=204,
    summary="An absence does not come to pass, or is over early",
    responses=problems_of("colleague-not-found", "absence-not-found"),
)
async def cancel_absence(
    by: Recording, absence_id: IdInPath, order: Making, _: NothingAsked = _NOTHING_ASKED
) -> Response:
    command = CancelAbsence(colleague=by.colleague.id, absence=AbsenceId(absence_id))
    return await carry_out(by.asked, order, command)


def today(asked: Asked) -> date:
    return asked.now().astimezone(COPENHAGEN).date()


async def away_today(asked: Asked) -> Mapping[ActorId, Absence]:
    """Everybody who is away now."""
    async with asked.organisation.reads.connection() as db:
        return await absences.on_day(db, today(asked))


def absent_json(absence: Absence | None) -> dict[str, str | None] | None:
    if absence is None:
        return None
    return {
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
        "substitute": absence.substitute,
    }


def colleague_in(asked: Asked, team: TeamId, name: str, field: str = "to") -> ActorId:
    """A caseworker of the team.

    Raises:
        Problem: `invalid-input`, `field` names nobody who works there.
    """
    colleague = asked.people.get(ActorId(name))
    if colleague is None or not _works_here(asked, colleague) or team not in colleague.teams:
        raise invalid(field, "input-not-a-colleague")
    return colleague.id


def _subordinate(asked: Asked, name: str) -> Actor:
    """Whom the one who asks may record absences of: oneself, or somebody in a team one leads."""
    colleague = asked.people.get(asked.who.id if name == ME else ActorId(name))
    if colleague is None or not _works_here(asked, colleague):
        raise Problem("colleague-not-found")
    about = [
        Resource(organisation=asked.organisation.name, team=team, colleague=colleague.id)
        for team in colleague.teams
    ]
    if not any(may(asked.actor, asked.action, each) for each in about):
        raise Problem("not-allowed")
    return colleague


def _substitute(asked: Asked, colleague: Actor, name: str | None) -> ActorId | None:
    """Somebody with a team in common, for nobody else may work on the cases."""
    if name is None:
        return None
    found = asked.people.get(ActorId(name))
    if found is None or not _works_here(asked, found) or not found.teams & colleague.teams:
        raise invalid("substitute", "input-not-a-colleague")
    return found.id


def _works_here(asked: Asked, person: Actor) -> bool:
    return does_casework(person, asked.organisation.name)


def _shape(absence: Absence) -> AbsenceShape:
    return AbsenceShape(
        absence=absence.absence,
        first_day=absence.first_day,
        last_day=absence.last_day,
        substitute=absence.substitute,
    )
