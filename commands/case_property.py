"""What can be asked about the property of a case."""

from dataclasses import dataclass
from typing import TypeAlias

from events.case_property import NotIdentified, Register
from events.ids import CaseId
from events.property import Property


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyProperty:
    """With `unless_known` it gives way to what a register has said, and to what a caseworker has
    stated unless it is the answer to just that: a machine asks so, a person not.
    """

    case_id: CaseId
    property: Property
    register: Register
    unless_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpIdentifying:
    """The register has answered that it cannot tell what is meant by `text`; a caseworker may."""

    case_id: CaseId
    text: str
    reason: NotIdentified
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class StateProperty:
    """A caseworker says which property it is, and no register answers to confirm it."""

    case_id: CaseId
    property: Property


PropertyCommand: TypeAlias = IdentifyProperty | GiveUpIdentifying | StateProperty
