"""A caseworker says which property a case is about, whether or not a register answers just then."""

from dataclasses import dataclass, replace

from commands.case_property import GiveUpIdentifying, IdentifyProperty, StateProperty
from events.case_property import NotIdentified
from events.ids import CaseId
from events.property import AddressId, BfeNumber, Property
from services.registers.identifying import Sought, identify
from services.registers.ports import Registers, RegisterUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A BFE number, or an address: one that a register has suggested, its words, or both."""

    text: str | None
    bfe: BfeNumber | None
    address: AddressId | None


async def state(
    case_id: CaseId, said: Said, registers: Registers, municipality: str | None
) -> IdentifyProperty | StateProperty | NotIdentified:
    """What the register makes of it; where none answers, what was said, to be verified later.

    Raises:
        RegisterUnavailable: and there are no words for what was said.
    """
    words = f"BFE {said.bfe}" if said.text is None and said.bfe is not None else said.text
    is_by_words = said.bfe is None and said.address is None
    wanted = Sought(
        case_id=case_id,
        text=words or "",
        bfe=said.bfe,
        address=said.address,
        is_typed=is_by_words,
    )
    try:
        found = await identify(wanted, registers, municipality)
    except RegisterUnavailable:
        if words is None:
            raise
        return StateProperty(case_id=case_id, property=_as_said(words, said))
    match found:
        case GiveUpIdentifying():
            return found.reason
        case _:
            return replace(found, unless_known=False)


def _as_said(words: str, said: Said) -> Property:
    return Property(text=words, bfe=said.bfe, parcels=(), address=said.address, municipality=None)
