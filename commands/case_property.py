"""What can be asked about the property of a case."""

from dataclasses import dataclass
from typing import TypeAlias

from events.case_property import NotIdentified, Register
from events.ids import CaseId
from events.property import Property


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyProperty:
    """With `unless_known` it gives way to what stands there: a machine asks so, a person not."""

    case_id: CaseId
    property: Property
    register: Register
    unless_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpIdentifying:
    """The register has answered that it cannot tell; a caseworker may."""

    case_id: CaseId
    reason: NotIdentified
    register: Register


PropertyCommand: TypeAlias = IdentifyProperty | GiveUpIdentifying
