"""Who may submit to a service, and for whom."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends

from commands.case_party import Acting
from events.ids import CaseId, DocumentId, PartyId, anonymous_party, is_anonymous
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.door import LockedDoor
from gateway.fields import Id, PartyName
from gateway.offers import service_named
from gateway.problems import Problem
from gateway.step_up import require
from services.authorisation import Action, Resource, may
from services.catalogue.service import Audience, Service
from services.identity import nobody_known
from services.ids import new_id
from services.proving import Demand
from services.registers.protection import is_protected


class RepresentedBody(Body):
    """Whose matter it is; `document` is their power of attorney, uploaded before."""

    party: PartyName
    document: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitting:
    """Somebody let in to submit to a service, for `party`, which opens the case `case_id`."""

    asked: Asked
    service: Service
    case_id: CaseId
    party: PartyId
    acting: Acting | None = None

    @property
    def is_anonymous(self) -> bool:
        return is_anonymous(self.party)


async def let_in(
    asked: Annotated[Asked, Depends(LockedDoor(Action.SUBMIT, (), is_ajar=True))], service: str
) -> Submitting:
    """Raises:
    Problem: `login-required` without a login that the service asks for, `login-not-sure` with
        one that is less; `not-allowed` for those whom it is not for.
    """
    found = service_named(asked, service)
    case_id = CaseId(new_id())
    if asked.actor is None:
        return _without_login(asked, found, case_id)
    party = asked.actor.party
    if party is None or not (_is_offered(found, party) or _takes_representatives(found)):
        raise Problem("not-allowed")
    require(asked, Demand(level=found.login_level))
    return Submitting(asked=asked, service=found, party=party, case_id=case_id)


def _without_login(asked: Asked, service: Service, case_id: CaseId) -> Submitting:
    resource = Resource(
        organisation=asked.organisation.name,
        takes_anonymous=Audience.ANONYMOUS in service.who,
    )
    if not may(None, asked.action, resource):
        raise Problem("login-required")
    asked = replace(asked, actor=nobody_known(case_id))
    return Submitting(asked=asked, service=service, party=anonymous_party(case_id), case_id=case_id)


async def for_whom(submitting: Submitting, represented: RepresentedBody | None) -> Submitting:
    """A representative comes as nobody but whom they act for: the service must be offered to
    that party, whatever they are themselves.
    """
    asked, service = submitting.asked, submitting.service
    if submitting.is_anonymous:
        if represented is not None:
            # A power of attorney is somebody's, and they must be known.
            raise Problem("login-required")
        return submitting
    if represented is not None and not _takes_representatives(service):
        raise Problem("representatives-not-accepted")
    party = submitting.party if represented is None else PartyId(represented.party)
    if not _is_offered(service, party):
        raise Problem("not-allowed")
    if represented is None:
        return submitting
    application = asked.gateway.application
    acting = Acting(
        representative=submitting.party,
        document=None if represented.document is None else DocumentId(represented.document),
        protected=await is_protected(
            submitting.party, asked.organisation.known, application.registers
        ),
    )
    return replace(submitting, asked=replace(asked, acts_for=party), party=party, acting=acting)


def _takes_representatives(service: Service) -> bool:
    return Audience.REPRESENTATIVE in service.who


def _is_offered(service: Service, party: PartyId) -> bool:
    audience = Audience.COMPANY if party.startswith("company:") else Audience.CITIZEN
    return audience in service.who
