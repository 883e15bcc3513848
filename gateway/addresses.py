"""Routes for addresses while one types, and for the property that a case is about."""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.case_property import NotIdentified
from events.property import AddressId, BfeNumber
from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out, told_before
from gateway.door import OnCase, admit, admit_to_case
from gateway.fields import Bfe, Id, Line
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.seeing import sight
from gateway.shapes import Shape, shaped
from projections import properties
from services.authorisation import Action
from services.catalogue.judging import ADDRESS_AT_MOST
from services.lookups.lookup import Shown
from services.registers.ports import RegisterUnavailable
from services.registers.stating import Said, state

router: Final = router_of("addresses")

Looking: TypeAlias = Annotated[
    OnCase, Depends(admit_to_case(Action.LOOK_AT_CASE, "properties", shows=Shown.PROPERTY))
]
Working: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))]

SUGGESTED: Final = 10
UNCLEAR: Final[Mapping[NotIdentified, str]] = {
    NotIdentified.NONE: "input-not-in-register",
    NotIdentified.SEVERAL: "input-several-in-register",
}


class AddressQuery(bodies.Query):
    q: Annotated[str, Field(min_length=1, max_length=200)]


class PropertyBody(Body):
    """A BFE number, or an address: one that was suggested, its words, or best of all both, for the
    words are what stands there while the register is away.
    """

    address: Id | None = None
    text: Annotated[Line, Field(max_length=ADDRESS_AT_MOST)] | None = None
    bfe: Bfe | None = None


class SuggestionShape(Shape):
    address: UUID
    text: str


class SuggestionsShape(Shape):
    """`is_answered` is false while the register is away: go on with what was typed."""

    suggestions: list[SuggestionShape]
    is_answered: bool


class ParcelShape(Shape):
    """Matrikel: `district` is the ejerlavskode."""

    district: int
    number: str


class PropertyShape(Shape):
    """`text` as it was typed; `municipality` is the kommunekode."""

    text: str
    bfe: int | None
    parcels: list[ParcelShape]
    address: UUID | None
    municipality: str | None


class CasePropertyShape(Shape):
    """`property` is null until it is known; `unclear` is why a register could not say which.

    `source` is the register that was asked. What a caseworker has stated while none answered is not
    verified, and is looked up when one does.
    """

    property: PropertyShape | None
    source: str | None
    is_verified: bool
    unclear: str | None


@router.get(
    "/addresses",
    summary="Addresses that what was typed may stand for",
    response_model=SuggestionsShape,
)
async def suggest(
    asked: Annotated[Asked, Depends(admit(Action.LOOK_UP_ADDRESS))],
    query: Annotated[AddressQuery, Query()],
) -> Response:
    """Never an error of ours when the register is away: nobody need wait for it to submit."""
    lookup = asked.gateway.application.registers.addresses
    try:
        found = await lookup.suggest(query.q, municipality=None, at_most=SUGGESTED)
    except RegisterUnavailable:
        return shaped(SuggestionsShape(suggestions=[], is_answered=False))
    suggestions = [SuggestionShape(address=each.address, text=each.text) for each in found]
    return shaped(SuggestionsShape(suggestions=suggestions, is_answered=True))


@router.get(
    "/cases/{case_id}/property",
    summary="The property that a case is about",
    response_model=CasePropertyShape,
    responses=problems_of("case-not-found"),
)
async def show_property(on: Looking) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await properties.of_case(db, on.case_id)
    seen = await sight(on.asked, on.case_id, on.opened)
    if found is None or (seen is not None and seen.hides_first):
        # It says where the one whose matter it is may live.
        return shaped(
            CasePropertyShape(property=None, source=None, is_verified=False, unclear=None)
        )
    known = found.property
    shape = CasePropertyShape(
        property=None if known is None else PropertyShape.model_validate(known, strict=False),
        source=found.register,
        is_verified=known is not None and found.register is not None and found.unclear is None,
        unclear=found.unclear,
    )
    return shaped(shape)


@router.post(
    "/cases/{case_id}/property",
    status_code=204,
    summary="Say which property a case is about",
    responses=problems_of("case-not-found", "case-withdrawn", "register-unavailable"),
)
async def identify(on: Working, body: PropertyBody) -> Response:
    """Kept as it was said while the register is away, and verified when it answers."""
    if (body.address is None and body.text is None) == (body.bfe is None):
        raise invalid("address", "input-address-or-bfe")
    told = await told_before(on.asked, on.order)
    if told is not None:
        # What the register says today does not change yesterday's answer.
        return told
    said = Said(
        text=body.text,
        bfe=None if body.bfe is None else BfeNumber(body.bfe),
        address=None if body.address is None else AddressId(body.address),
    )
    organisation = on.asked.organisation.catalogue
    registers = on.asked.gateway.application.registers
    try:
        command = await state(on.case_id, said, registers, organisation.municipality)
    except RegisterUnavailable as away:
        raise Problem("register-unavailable") from away
    if isinstance(command, NotIdentified):
        raise invalid(_asked_by(body), UNCLEAR[command])
    return await carry_out(on.asked, on.order, command)


def _asked_by(body: PropertyBody) -> str:
    if body.bfe is not None:
        return "bfe"
    return "text" if body.address is None else "address"
