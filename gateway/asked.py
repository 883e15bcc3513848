"""Who asks for something, in which organisation, and what this process has to answer with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from events.ids import ActorId, PartyId, TeamId
from gateway.language import Language
from gateway.limits import Limiter
from gateway.live import Hub
from gateway.live_queues import QueueHub
from gateway.meters import Meters
from gateway.press import Press
from gateway.problems import Problem
from gateway.sentences import Names
from services.authorisation import Action, Resource, may
from services.bootstrap import Application, Organisation
from services.case_parties import CaseParties
from services.identity import Actor, Login
from services.login.office import LoginOffice
from services.login.sessions import Session
from services.opened_cases import OpenedCases

ROOT: Final = "/api/v1"
PREFIX: Final = ROOT + "/{organisation}"
"""Where everything of an organisation stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What one process of the gateway holds.

    `hubs`, `queue_hubs`, `opened`, `parties`, `people` and `names` are by organisation, and grow
    with them.

    `people` are those whose names and teams are known there. `press` typesets receipts that
    come with an answer.
    """

    application: Application
    meters: Meters
    limits: Limiter
    hubs: dict[str, Hub] = field(default_factory=dict)
    queue_hubs: dict[str, QueueHub] = field(default_factory=dict)
    opened: dict[str, OpenedCases] = field(default_factory=dict)
    parties: dict[str, CaseParties] = field(default_factory=dict)
    people: dict[str, Mapping[ActorId, Actor]] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)
    press: Press = field(default_factory=Press)
    logins: dict[str, LoginOffice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Someone let in to do `action`; `actor` is None where everyone is welcome.

    `login` is how surely they have shown who they are, and `session` by which browser session,
    if by one. `acts_for` is the party that a representative was let in for, or submits for.
    """

    gateway: Gateway
    organisation: Organisation
    actor: Actor | None
    language: Language
    action: Action
    login: Login | None = None
    session: Session | None = None
    acts_for: PartyId | None = None

    @property
    def who(self) -> Actor:
        """Whoever asks.

        Raises:
            Problem: `login-required`.
        """
        if self.actor is None:
            raise Problem("login-required")
        return self.actor

    @property
    def proof(self) -> Login:
        """How surely whoever asks has shown who they are.

        Raises:
            Problem: `login-required`.
        """
        if self.login is None:
            raise Problem("login-required")
        return self.login

    @property
    def party(self) -> PartyId:
        """Whose matters whoever asks comes for.

        Raises:
            Problem: `not-allowed`, for they come for the authority.
        """
        if self.who.party is None:
            raise Problem("not-allowed")
        return self.who.party

    @property
    def owner(self) -> str:
        """Whose uploads the actor's are: all who act for a company share them."""
        return self.who.party or self.who.id

    @property
    def people(self) -> Mapping[ActorId, Actor]:
        return self.gateway.people[self.organisation.name]

    @property
    def names(self) -> Names:
        return self.gateway.names[self.organisation.name]

    def now(self) -> datetime:
        return self.gateway.application.clock.now()

    def path(self, below: str) -> str:
        """A path in this organisation, as `Location` gives it."""
        return f"{ROOT}/{self.organisation.name}{below}"

    def team(self, name: str) -> TeamId:
        """A team of this organisation, if the call may be made for it."""
        team = TeamId(name)
        if team not in self.organisation.catalogue.teams:
            raise Problem("team-not-found")
        self.allow(team=team)
        return team

    def teams(self) -> list[TeamId]:
        """Those for which the call may be made, also such as are no more."""
        known = {*self.organisation.catalogue.teams, *self.who.teams}
        return [team for team in sorted(known) if self._may(team)]

    def allow(self, *, team: TeamId) -> None:
        """Go on only if the call may be made for this team."""
        if not self._may(team):
            raise Problem("not-allowed")

    def _may(self, team: TeamId) -> bool:
        resource = Resource(organisation=self.organisation.name, team=team)
        return may(self.actor, self.action, resource)
