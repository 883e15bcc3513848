"""Routes for who else is a party to a case, and who acts for a party."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case_party import (
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from events.case_party import Basis, PartyRole
from events.ids import DocumentId, PartyId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.documents import referred
from gateway.door import OnCase, admit_to_case
from gateway.fields import Id, PartyName, Reason
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.party_shapes import PartiesShape, parties_shape
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.seeing import parties_of, sight
from gateway.shapes import shaped
from services.authorisation import Action, Resource, may
from services.deadlines import local_date
from services.lookups.lookup import Shown
from services.registers.protection import is_protected

router: Final = router_of("parties", "/cases/{case_id}")

Looking: TypeAlias = Annotated[
    OnCase, Depends(admit_to_case(Action.LOOK_AT_CASE, shows=Shown.PARTIES))
]
Naming: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.NAME_REPRESENTATIVE))]
Ending: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WRITE_ON_CASE))]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]


class JoiningBody(Body):
    party: PartyName
    role: Annotated[PartyRole, Field(strict=False)]


class PartyBody(Body):
    party: PartyName


class ProtectionBody(Body):
    party: PartyName
    protected: bool


class ProposalBody(Body):
    """`document` is the power of attorney, uploaded before."""

    representative: PartyName
    basis: Annotated[Basis, Field(strict=False)]
    document: Id | None = None


class AppointmentBody(Body):
    """`document` is one of the case's; without it, the one that came with the proposal."""

    party: PartyName
    representative: PartyName
    basis: Annotated[Basis, Field(strict=False)]
    document: Id | None = None


class RepresentationBody(Body):
    party: PartyName
    representative: PartyName


class DecliningBody(RepresentationBody):
    reason: Reason


_ALWAYS: Final = ("case-not-found",)


@router.get(
    "/parties",
    summary="The parties of a case, and who acts for them",
    response_model=PartiesShape,
    responses=problems_of(*_ALWAYS),
)
async def show_parties(on: Looking) -> Response:
    seen = await sight(on.asked, on.case_id, on.opened)
    parties = await parties_of(on.asked, on.case_id)
    names = on.asked.names
    return shaped(parties_shape(parties, seen, names, on.asked.language))


@router.post(
    "/parties",
    status_code=204,
    summary="Make somebody a party to the case",
    responses=problems_of(*_ALWAYS, "case-not-open", "party-already-joined"),
)
async def join(on: Working, body: JoiningBody) -> Response:
    party = PartyId(body.party)
    command = JoinParty(
        case_id=on.case_id,
        party=party,
        role=body.role,
        protected=await _is_protected(on.asked, party),
        first_protected=await _is_protected(on.asked, on.opened.party),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/parties/remove",
    status_code=204,
    summary="Somebody is no longer a party to the case",
    responses=problems_of(*_ALWAYS, "party-is-first"),
)
async def remove(on: Working, body: PartyBody) -> Response:
    command = RemoveParty(
        case_id=on.case_id,
        party=PartyId(body.party),
        removed_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/parties/protection",
    status_code=204,
    summary="Say whether a party's name and address are protected",
    responses=problems_of(*_ALWAYS, "party-not-found"),
)
async def record_protection(on: Working, body: ProtectionBody) -> Response:
    command = RecordProtection(
        case_id=on.case_id, party=PartyId(body.party), protected=body.protected
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/representatives",
    status_code=204,
    summary="Ask that somebody may see the case and act for me",
    responses=problems_of(
        *_ALWAYS,
        "case-not-open",
        "document-unknown",
        "document-already-added",
        "power-of-attorney-missing",
        "representative-is-party",
        "party-not-found",
    ),
)
async def propose(on: Naming, body: ProposalBody) -> Response:
    given = () if body.document is None else await referred(on.asked, [body.document])
    command = ProposeRepresentative(
        case_id=on.case_id,
        party=on.asked.party,
        representative=PartyId(body.representative),
        basis=body.basis,
        document=given[0] if given else None,
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/representatives/appoint",
    status_code=204,
    summary="Confirm that somebody acts for a party",
    responses=problems_of(
        *_ALWAYS,
        "case-withdrawn",
        "document-not-found",
        "party-anonymous",
        "party-not-found",
        "power-of-attorney-missing",
        "representative-is-party",
    ),
)
async def appoint(on: Working, body: AppointmentBody) -> Response:
    representative = PartyId(body.representative)
    command = AppointRepresentative(
        case_id=on.case_id,
        party=PartyId(body.party),
        representative=representative,
        basis=body.basis,
        document=None if body.document is None else DocumentId(body.document),
        protected=await _is_protected(on.asked, representative),
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/representatives/decline",
    status_code=204,
    summary="Say no to a representative who was proposed, and why",
    responses=problems_of(*_ALWAYS, "representation-not-proposed", "reason-missing"),
)
async def decline(on: Working, body: DecliningBody) -> Response:
    command = DeclineRepresentative(
        case_id=on.case_id,
        party=PartyId(body.party),
        representative=PartyId(body.representative),
        reason=body.reason,
    )
    return await carry_out(on.asked, on.order, command)


@router.post(
    "/representatives/end",
    status_code=204,
    summary="Somebody no longer acts for a party",
    responses=problems_of(*_ALWAYS),
)
async def end(on: Ending, body: RepresentationBody) -> Response:
    party, representative = PartyId(body.party), PartyId(body.representative)
    who = on.asked.who
    # The representation is theirs whom it is for, and theirs who bear it.
    resource = Resource(
        organisation=on.asked.organisation.name,
        team=on.opened.team,
        party=party,
        represented=frozenset((party,)) if who.party == representative else frozenset(),
    )
    if not may(who, Action.END_REPRESENTATION, resource):
        raise Problem("not-allowed")
    command = EndRepresentation(case_id=on.case_id, party=party, representative=representative)
    return await carry_out(on.asked, on.order, command)


async def _is_protected(asked: Asked, party: PartyId) -> bool:
    application = asked.gateway.application
    return await is_protected(party, asked.organisation.known, application.registers)
