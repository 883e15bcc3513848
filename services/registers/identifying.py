"""From what a party typed to the property it stands for: what to ask a register, and what then.

What was typed stays as it was typed. A register that is away leaves everything as it is, to be
asked again; one that answers settles it, also by saying that it cannot tell. Nothing is guessed,
for filing goes by it: an address is only one that has every word of what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from commands.case_property import GiveUpIdentifying, IdentifyProperty
from events.case import CaseOpened
from events.case_property import NotIdentified, Register
from events.ids import CaseId
from events.property import AddressId, BfeNumber, Property
from services.catalogue.form import AddressField, PropertyField, TextField
from services.catalogue.service import EsdhRule, Service
from services.registers.formats import FormatInvalid, bfe_number
from services.registers.ports import AddressLookup, Registers, Suggestion

ADDRESS: Final = "address"
"""What services call the field for the address that a case is about, where they ask for others too.
Before there was a type for addresses it was a line of text; published versions never change."""

ASKED_FOR: Final = 20
"""Suggestions. As many as that are taken for only the beginning of what there is."""

LOOKED_AT: Final = 5
"""Addresses of one house, such as its flats; of more than so many a person must choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """`text` is what was typed or stated; with `bfe` it is a BFE number, else an address, which a
    register has named `address` before. What `is_typed` stays as it was typed.
    """

    case_id: CaseId
    text: str
    bfe: BfeNumber | None
    address: AddressId | None = None
    is_typed: bool = True


def sought(opened: CaseOpened, service: Service) -> Sought | None:
    """What the answers say of a property, None when they say nothing.

    A number goes before an address: somebody has looked it up. An address counts only where the
    service says that its cases are about a property: elsewhere it is where somebody gets letters.
    """
    given = {answer.field: str(answer.value) for answer in opened.answers}
    numbers = [service.esdh.property] + [
        field.id for field in service.form.fields() if isinstance(field, PropertyField)
    ]
    for name in numbers:
        text = given.get(name or "")
        if text is not None and (bfe := _bfe(text)) is not None:
            return Sought(case_id=opened.case_id, text=text, bfe=bfe)
    text = given.get(_address_field(service) or "")
    return None if text is None else Sought(case_id=opened.case_id, text=text, bfe=None)


def _address_field(service: Service) -> str | None:
    if service.esdh.rule is not EsdhRule.PROPERTY_CASE:
        return None
    asked = [field.id for field in service.form.fields() if isinstance(field, AddressField)]
    lines = [field.id for field in service.form.fields() if isinstance(field, TextField)]
    if ADDRESS in (*asked, *lines):
        return ADDRESS
    return asked[0] if len(asked) == 1 else None


async def identify(
    wanted: Sought, registers: Registers, municipality: str | None
) -> IdentifyProperty | GiveUpIdentifying:
    """What a register makes of it; `municipality` is the kommunekode an address must lie in.

    Raises:
        RegisterUnavailable: ask again later.
    """
    if wanted.bfe is not None:
        found = await registers.properties.property(wanted.bfe)
        return _settled(wanted, found or NotIdentified.NONE, registers.properties.register)
    addresses = registers.addresses
    if wanted.address is not None:
        known = await addresses.address(wanted.address)
        return _settled(wanted, known or NotIdentified.NONE, addresses.register)
    at_address = await _at_address(wanted.text, addresses, municipality)
    return _settled(wanted, at_address, addresses.register)


async def _at_address(
    text: str, addresses: AddressLookup, municipality: str | None
) -> Property | NotIdentified:
    suggestions = await addresses.suggest(text, municipality=municipality, at_most=ASKED_FOR)
    typed = _words(text)
    exact = [each for each in suggestions if _words(each.text) == typed]
    if not exact and len(suggestions) == ASKED_FOR:
        return NotIdentified.SEVERAL
    fitting = exact or [each for each in suggestions if _has_all(typed, _words(each.text))]
    match fitting:
        case []:
            return NotIdentified.NONE
        case [only]:
            return await addresses.address(only.address) or NotIdentified.NONE
        case several if len(several) <= LOOKED_AT:
            return await _of_one_house(several, addresses)
        case _:
            return NotIdentified.SEVERAL


async def _of_one_house(
    suggestions: Sequence[Suggestion], addresses: AddressLookup
) -> Property | NotIdentified:
    """The property that they all lie on; which of its addresses was meant stays open."""
    found = [await addresses.address(each.address) for each in suggestions]
    first = found[0]
    if first is None or first.bfe is None:
        return NotIdentified.SEVERAL
    if any(other is None or other.bfe != first.bfe for other in found):
        return NotIdentified.SEVERAL
    return replace(first, address=None)


def _settled(
    wanted: Sought, found: Property | NotIdentified, register: Register
) -> IdentifyProperty | GiveUpIdentifying:
    if isinstance(found, NotIdentified):
        return GiveUpIdentifying(
            case_id=wanted.case_id, text=wanted.text, reason=found, register=register
        )
    return IdentifyProperty(
        case_id=wanted.case_id,
        property=replace(found, text=wanted.text) if wanted.is_typed else found,
        register=register,
        unless_known=True,
    )


def _bfe(text: str) -> BfeNumber | None:
    try:
        return bfe_number(text)
    except FormatInvalid:
        return None


def _has_all(typed: Sequence[str], there: Sequence[str]) -> bool:
    """House number 1 is not 10, and a street of a similar name is another street."""
    return bool(typed) and set(typed) <= set(there)


def _words(text: str) -> list[str]:
    return text.casefold().replace(",", " ").replace(".", " ").split()
