"""What becomes known of the property that a case is about."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from events.ids import CaseId
from events.property import Property


class Register(StrEnum):
    """Who was asked; `demo` is invented data that stands in for all of them."""

    ADRESSEVAELGER = "adressevaelger"
    DATAFORDELER = "datafordeler"
    DEMO = "demo"


class NotIdentified(StrEnum):
    """Why a register could not say which property was meant."""

    NONE = "none"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyIdentified:
    """`register` is the one that was asked. A later identification replaces an earlier one."""

    case_id: CaseId
    property: Property
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyNotIdentified:
    """The register answered, but what was typed fits no property, or more than one."""

    case_id: CaseId
    reason: NotIdentified
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyStated:
    """A caseworker has said which it is while no register answered; one is still to be asked.

    It replaces what stood there. `property` has what was said: a BFE number, an address that a
    register had suggested, or the words of one.
    """

    case_id: CaseId
    property: Property


PropertyEvent: TypeAlias = PropertyIdentified | PropertyNotIdentified | PropertyStated
