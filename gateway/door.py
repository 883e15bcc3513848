"""The way in: dependencies that find out who asks, and let in only those who may.

They read the path and the headers themselves, once, on the way of every command: declared as
parameters each would cost the framework as much time as all that is done here. What they read
stands in `reads`, from which the OpenAPI document is made.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Final, cast

from fastapi import Depends
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from events.ids import CaseId, TeamId
from gateway.asked import Asked, Gateway
from gateway.caller import BEARER, SCHEMES, Caller, caller_of
from gateway.fields import uuid_in_path
from gateway.language import language_of
from gateway.limiting import within_budget
from gateway.noting import has_said_why, note_case
from gateway.parameters import CASE_ID, FOR_WHOM, LANGUAGE, ON_BEHALF_OF, ORGANISATION, Parameter
from gateway.positions import position_of
from gateway.problems import Problem
from gateway.refusing import asked_of
from gateway.representing import for_whom
from gateway.seeing import require_concerned, resource_of
from gateway.step_up import require
from services.authorisation import Action, Resource, depends_on_team, is_foreign, may, needs_reason
from services.bootstrap import Organisation
from services.lookups.lookup import Shown
from services.opened_cases import OpenedCase
from services.proving import DEMANDS

WAIT_FOR_VIEW_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase:
    """Someone at a case, once let in; `refusal` is the answer for whoever is not allowed to it."""

    asked: Asked
    case_id: CaseId
    opened: OpenedCase
    resource: Resource

    @property
    def is_allowed(self) -> bool:
        return may(self.asked.actor, self.asked.action, self.resource)

    @property
    def refusal(self) -> Problem:
        """A citizen or company is not to learn that another's case exists."""
        if needs_reason(self.asked.actor, self.asked.action, self.resource):
            return Problem("lookup-reason-missing")
        return Problem("not-allowed" if self.asked.who.party is None else "case-not-found")


@dataclass(frozen=True, slots=True, kw_only=True)
class InTeam:
    """Someone let in to what is a team's."""

    asked: Asked
    team: TeamId


class Door:
    """Lets everyone do `action` in an organisation.

    `views` are what a `Julelys-Position` waits for: all that the answer is made from.
    """

    reads: ClassVar[tuple[Parameter, ...]] = (ORGANISATION, LANGUAGE)

    def __init__(self, action: Action, views: tuple[str, ...] = ()) -> None:
        self.action = action
        self.views = views

    async def __call__(self, request: Request) -> Asked:
        return await self.let_in(request)

    async def let_in(self, request: Request) -> Asked:
        """Whoever asks.

        Raises:
            Problem: who asks may not, or not by this login, or what the request says of itself is
                malformed.
            LoginFailed: the token is not good.
            StoreUnavailable: nobody can say whether the session is.
            ViewBehind: the view is not where it was asked to be in time.
            PositionUnknown: no view will ever be there.
        """
        gateway = gateway_of(request)
        organisation = gateway.application.organisations.get(request.path_params["organisation"])
        if organisation is None:
            raise Problem("organisation-not-found")
        asked_of(request, organisation.name)
        caller = await within_budget(
            gateway.limits, request, self.action, self._caller(gateway, organisation, request)
        )
        if self.views and (position := position_of(request)):
            for view in self.views:
                await gateway.application.views.wait_for(
                    organisation.name, view, position, WAIT_FOR_VIEW_SECONDS
                )
        asked = Asked(
            gateway=gateway,
            organisation=organisation,
            actor=None if caller is None else caller.actor,
            login=None if caller is None else caller.login,
            session=None if caller is None else caller.session,
            language=language_of(request.scope),
            action=self.action,
        )
        if self.action in DEMANDS:
            require(asked, DEMANDS[self.action])
        return asked

    async def _caller(
        self, gateway: Gateway, organisation: Organisation, request: Request
    ) -> Caller | None:
        del gateway, organisation, request
        return None


class LockedDoor(Door, SecurityBase):
    """Lets in those who have logged in here and may do `action` to something.

    When it `is_ajar`, also those who have not logged in; whether that will do, the route says.
    """

    # The framework knows one scheme for each dependency; `gateway.openapi` adds the other.
    scheme_name = BEARER
    model = SCHEMES[BEARER]

    def __init__(
        self, action: Action, views: tuple[str, ...] = (), *, is_ajar: bool = False
    ) -> None:
        super().__init__(action, views)
        self.is_ajar = is_ajar

    async def _caller(
        self, gateway: Gateway, organisation: Organisation, request: Request
    ) -> Caller | None:
        caller = await caller_of(gateway, organisation.name, request)
        if caller is None:
            if self.is_ajar:
                return None
            raise Problem("login-required")
        if is_foreign(caller.actor, organisation.name):
            raise Problem("wrong-organisation")
        if not may(caller.actor, self.action, Resource(organisation=organisation.name)):
            raise Problem("not-allowed")
        return caller


class CaseDoor(SecurityBase):
    """Lets in those who may do something to the case in the path; notes what it `shows` staff."""

    scheme_name = LockedDoor.scheme_name
    model = LockedDoor.model
    reads: ClassVar[tuple[Parameter, ...]] = (*Door.reads, CASE_ID, FOR_WHOM)

    def __init__(self, door: Door, shows: Shown | None) -> None:
        self.door = door
        self.shows = shows

    async def __call__(self, request: Request) -> OnCase:
        return await self.let_in(request)

    async def let_in(self, request: Request) -> OnCase:
        """Whoever asks, and the case.

        Raises:
            Problem: `case-not-found`, also for another's case when a citizen or company asks;
                `not-allowed` or `lookup-reason-missing` for staff; and what `Door` raises.
        """
        on = await self.find(request)
        if not on.is_allowed:
            raise on.refusal
        if self.shows is not None:
            await note_case(on.asked, on.case_id, on.opened, self.shows)
        return on

    async def find(self, request: Request) -> OnCase:
        """The same without a verdict on the case."""
        asked = await self.door.let_in(request)
        case_id = CaseId(uuid_in_path(request.path_params["case_id"], "case-not-found"))
        await require_concerned(asked, case_id)
        known = asked.gateway.opened[asked.organisation.name]
        is_teams = asked.who.party is None and depends_on_team(asked.action)
        opened = await (known.find_with_team(case_id) if is_teams else known.find(case_id))
        if opened is None:
            raise Problem("case-not-found")
        resource = await resource_of(asked, case_id, opened)
        chosen = request.headers.get(ON_BEHALF_OF)
        asked, resource = await for_whom(asked, case_id, opened, resource, chosen)
        if needs_reason(asked.actor, asked.action, resource):
            resource = replace(resource, has_reason=await has_said_why(asked, case_id))
        return OnCase(asked=asked, case_id=case_id, opened=opened, resource=resource)


async def again(on: OnCase) -> OnCase:
    """The same a while later; of parties, whom they see tells whether they may look at all.

    Raises:
        Problem: staff who may not any longer, as another team has the case or their reason to
            look is too old.
    """
    if on.asked.who.party is not None:
        return on
    opened = await on.asked.gateway.opened[on.asked.organisation.name].find_with_team(on.case_id)
    if opened is None:
        raise Problem("case-not-found")
    resource = replace(on.resource, team=opened.team, has_reason=False)
    if needs_reason(on.asked.actor, on.asked.action, resource):
        resource = replace(resource, has_reason=await has_said_why(on.asked, on.case_id))
    now = replace(on, opened=opened, resource=resource)
    if not now.is_allowed:
        raise now.refusal
    return now


def admit(action: Action, *views: str) -> Door:
    """The dependency of a route for `action`, answered from `views`."""
    return Door(action, views) if action is Action.READ_PUBLIC else LockedDoor(action, views)


def admit_to_case(action: Action, *views: str, shows: Shown | None) -> CaseDoor:
    """The dependency of a route for `action` on the case in its path."""
    return CaseDoor(admit(action, *views), shows)


def admit_to_team(action: Action, *views: str) -> Callable[..., Awaitable[InTeam]]:
    """The dependency of a route for `action` in the team in its path."""

    async def in_team(asked: Annotated[Asked, Depends(admit(action, *views))], team: str) -> InTeam:
        return InTeam(asked=asked, team=asked.team(team))

    return in_team


def gateway_of(request: Request) -> Gateway:
    return cast("Gateway", request.app.state.gateway)  # put there when the server started
