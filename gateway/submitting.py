"""Who may submit to a service, and for whom."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends

from commands.case_party import Acting
from events.ids import DocumentId, PartyId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.door import admit
from gateway.fields import Id, PartyName
from gateway.offers import service_named
from gateway.problems import Problem
from services.authorisation import Action
from services.catalogue.service import Audience, Service
from services.registers.protection import is_protected


class RepresentedBody(Body):
    """Whose matter it is; `document` is their power of attorney, uploaded before."""

    party: PartyName
    document: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitting:
    """Somebody let in to submit to a service, for `party`."""

    asked: Asked
    service: Service
    party: PartyId
    acting: Acting | None = None


async def let_in(
    asked: Annotated[Asked, Depends(admit(Action.SUBMIT))], service: str
) -> Submitting:
    found = service_named(asked, service)
    party = asked.who.party
    if party is None or not (_is_offered(found, party) or _takes_representatives(found)):
        raise Problem("not-allowed")
    return Submitting(asked=asked, service=found, party=party)


async def for_whom(submitting: Submitting, represented: RepresentedBody | None) -> Submitting:
    """A representative comes as nobody but whom they act for: the service must be offered to
    that party, whatever they are themselves.
    """
    asked, service = submitting.asked, submitting.service
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
        protected=await is_protected(submitting.party, application.known, application.registers),
    )
    asked = replace(asked, acts_for=party)
    return Submitting(asked=asked, service=service, party=party, acting=acting)


def _takes_representatives(service: Service) -> bool:
    return Audience.REPRESENTATIVE in service.who


def _is_offered(service: Service, party: PartyId) -> bool:
    audience = Audience.COMPANY if party.startswith("company:") else Audience.CITIZEN
    return bool({audience, Audience.ANONYMOUS} & set(service.who))
